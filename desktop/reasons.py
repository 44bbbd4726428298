"""What the stable reasons of failures are called in the language of the window: why a picture did not come, what to do.

As in `desktop.troubles`, whose codes can be reasons as well: the engine says in English what exactly is wrong.
"""

from __future__ import annotations

import re
from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop import troubles

translate = QCoreApplication.translate
CONTEXT = "Reasons"

_REWORD = QT_TRANSLATE_NOOP("Reasons", "Change the wording or the references, then ask again.")
BLOCKED = "blocked"
"""Begins the reason of every refusal of a prompt; what it is blocked for follows."""

KNOWN: dict[str, tuple[Any, Any]] = {
    "unreachable": (
        QT_TRANSLATE_NOOP("Reasons", "The service cannot be reached."),
        QT_TRANSLATE_NOOP("Reasons", "Check the internet connection and the proxy."),
    ),
    "timed_out": (
        QT_TRANSLATE_NOOP("Reasons", "No answer came in time. The picture may have been made and billed all the same."),
        QT_TRANSLATE_NOOP("Reasons", "Ask for it again, or allow more time in the settings."),
    ),
    "cut_off": (
        QT_TRANSLATE_NOOP(
            "Reasons", "The connection was cut before the answer was complete. It may be billed all the same."
        ),
        QT_TRANSLATE_NOOP("Reasons", "Ask for it again; if it happens often, look at the network and the proxy."),
    ),
    "unreadable_answer": (
        QT_TRANSLATE_NOOP(
            "Reasons",
            "Something else came instead of a picture. The picture may have been made and billed all the same.",
        ),
        QT_TRANSLATE_NOOP("Reasons", "Ask for it again; a proxy or a sign-in page of the network can be the reason."),
    ),
    "empty_answer": (
        QT_TRANSLATE_NOOP("Reasons", "The answer holds neither a picture nor a word."),
        QT_TRANSLATE_NOOP("Reasons", "Ask for it again."),
    ),
    "rate_limited": (
        QT_TRANSLATE_NOOP("Reasons", "The service takes no more requests this minute."),
        QT_TRANSLATE_NOOP("Reasons", "It is tried again by itself; a lower limit per minute avoids this."),
    ),
    "quota_used_up": (
        QT_TRANSLATE_NOOP("Reasons", "Your account's allowance is used up, or its plan has none for this model."),
        QT_TRANSLATE_NOOP(
            "Reasons", "Wait until tomorrow, look at billing in the service's console, or choose another model."
        ),
    ),
    "missing_key": (
        QT_TRANSLATE_NOOP("Reasons", "There is no key for the service."),
        QT_TRANSLATE_NOOP("Reasons", "Enter one in the settings."),
    ),
    "bad_key": (
        QT_TRANSLATE_NOOP("Reasons", "The service does not accept the key."),
        QT_TRANSLATE_NOOP(
            "Reasons", "Copy the key again from the service's console; it may be mistyped, expired or deleted."
        ),
    ),
    "access_refused": (
        QT_TRANSLATE_NOOP("Reasons", "The service refuses access."),
        QT_TRANSLATE_NOOP(
            "Reasons",
            "Check in its console that account and model are enabled; a program of your own must need no password.",
        ),
    ),
    "model_gone": (
        QT_TRANSLATE_NOOP("Reasons", "The service does not offer this model any more, or not to this key."),
        QT_TRANSLATE_NOOP("Reasons", "Choose another model."),
    ),
    "location": (
        QT_TRANSLATE_NOOP("Reasons", "The service is not offered in the place that the request comes from."),
        QT_TRANSLATE_NOOP("Reasons", "Set a proxy in a country where it is, or choose another generator."),
    ),
    "too_large": (
        QT_TRANSLATE_NOOP("Reasons", "The references are too large for one request."),
        QT_TRANSLATE_NOOP("Reasons", "Send fewer, or make them smaller."),
    ),
    "bad_request": (
        QT_TRANSLATE_NOOP("Reasons", "The service does not accept the request."),
        QT_TRANSLATE_NOOP("Reasons", "Change model, size, ratio or references; if it stays so, please report it."),
    ),
    "redirected": (
        QT_TRANSLATE_NOOP(
            "Reasons", "The service sends the request on to another address, where your key does not follow."
        ),
        QT_TRANSLATE_NOOP(
            "Reasons", "Check the address in the settings, and whether the network wants you to sign in."
        ),
    ),
    "server_fault": (
        QT_TRANSLATE_NOOP("Reasons", "The service has a fault of its own."),
        QT_TRANSLATE_NOOP("Reasons", "It is tried again by itself; if it stays so, look at the service's status page."),
    ),
    "bad_proxy": (
        QT_TRANSLATE_NOOP("Reasons", "The address of the proxy cannot be used."),
        QT_TRANSLATE_NOOP("Reasons", "Write it as http://host:port, in the settings or in HTTPS_PROXY."),
    ),
    "bad_address": (
        QT_TRANSLATE_NOOP("Reasons", "The address of the service cannot be used."),
        QT_TRANSLATE_NOOP("Reasons", "Write it as https://host, in the settings."),
    ),
    "blank_picture": (
        QT_TRANSLATE_NOOP("Reasons", "A blank picture came: one flat colour."),
        QT_TRANSLATE_NOOP(
            "Reasons", "Services send such pictures in place of a refusal; change the wording or the references."
        ),
    ),
    "undecodable": (
        QT_TRANSLATE_NOOP("Reasons", "A damaged picture came."),
        QT_TRANSLATE_NOOP("Reasons", "Ask for it again."),
    ),
    "text_only": (
        QT_TRANSLATE_NOOP("Reasons", "The model answered in words instead of a picture."),
        _REWORD,
    ),
    "no_credentials": (
        QT_TRANSLATE_NOOP("Reasons", "There are no usable Google Cloud credentials for Vertex."),
        QT_TRANSLATE_NOOP("Reasons", "Sign in with “gcloud auth application-default login”, or use a key instead."),
    ),
    "blocked": (
        QT_TRANSLATE_NOOP("Reasons", "The service refuses prompt or references."),
        _REWORD,
    ),
    "refused": (
        QT_TRANSLATE_NOOP("Reasons", "The service refuses this picture or text."),
        _REWORD,
    ),
    "safety": (
        QT_TRANSLATE_NOOP("Reasons", "The safety check objects."),
        _REWORD,
    ),
    "image_safety": (
        QT_TRANSLATE_NOOP("Reasons", "The safety check of pictures objects."),
        _REWORD,
    ),
    "prohibited_content": (
        QT_TRANSLATE_NOOP("Reasons", "It may show what the terms of service forbid."),
        _REWORD,
    ),
    "image_prohibited_content": (
        QT_TRANSLATE_NOOP("Reasons", "The picture may show what the terms of service forbid."),
        _REWORD,
    ),
    "recitation": (
        QT_TRANSLATE_NOOP("Reasons", "It would repeat a protected work too closely."),
        _REWORD,
    ),
    "image_recitation": (
        QT_TRANSLATE_NOOP("Reasons", "The picture would repeat a protected work too closely."),
        _REWORD,
    ),
    "blocklist": (
        QT_TRANSLATE_NOOP("Reasons", "A word of the prompt is on the service's blocklist."),
        _REWORD,
    ),
    "spii": (
        QT_TRANSLATE_NOOP("Reasons", "It may hold personal data."),
        _REWORD,
    ),
    "language": (
        QT_TRANSLATE_NOOP("Reasons", "The service does not work in this language."),
        _REWORD,
    ),
    "escalation": (
        QT_TRANSLATE_NOOP("Reasons", "A rule of the service filters it."),
        _REWORD,
    ),
    "jailbreak": (
        QT_TRANSLATE_NOOP("Reasons", "It looks like an attempt to get around the rules."),
        _REWORD,
    ),
    "model_armor": (
        QT_TRANSLATE_NOOP("Reasons", "A filter of your organisation objects."),
        _REWORD,
    ),
    "other": (
        QT_TRANSLATE_NOOP("Reasons", "The service gives no picture and does not say why."),
        _REWORD,
    ),
    "image_other": (
        QT_TRANSLATE_NOOP("Reasons", "The model gave up on the picture without a reason."),
        QT_TRANSLATE_NOOP("Reasons", "Ask for it again."),
    ),
    "malformed_response": (
        QT_TRANSLATE_NOOP("Reasons", "The model garbled its own answer."),
        QT_TRANSLATE_NOOP("Reasons", "Ask for it again."),
    ),
    "max_tokens": (
        QT_TRANSLATE_NOOP("Reasons", "The model stopped at the limit of tokens before the picture was complete."),
        QT_TRANSLATE_NOOP("Reasons", "Ask for it again."),
    ),
    "moderation_blocked": (
        QT_TRANSLATE_NOOP("Reasons", "The moderation of the service objects."),
        _REWORD,
    ),
    "too_many_references": (
        QT_TRANSLATE_NOOP("Reasons", "These are more references than one request may hold."),
        QT_TRANSLATE_NOOP("Reasons", "Send fewer."),
    ),
    "extra_missing": (
        QT_TRANSLATE_NOOP("Reasons", "The package for this generator is not installed."),
        QT_TRANSLATE_NOOP("Reasons", "Install it: pip install 'propmaster[openai]'"),
    ),
    "dashscope_missing": (
        QT_TRANSLATE_NOOP("Reasons", "DashScope's package is not installed."),
        QT_TRANSLATE_NOOP("Reasons", "Install it: pip install 'propmaster[dashscope]'"),
    ),
    "out_of_memory": (
        QT_TRANSLATE_NOOP("Reasons", "There is not enough memory for this picture."),
        QT_TRANSLATE_NOOP("Reasons", "Choose a smaller size, or end other programs that use the graphics card."),
    ),
    "no_interface": (
        QT_TRANSLATE_NOOP("Reasons", "What answers at this address does not offer the interface that is needed."),
        QT_TRANSLATE_NOOP("Reasons", "Check the address, and that the program was started with its interface (--api)."),
    ),
    "workflow_missing": (
        QT_TRANSLATE_NOOP("Reasons", "ComfyUI needs a workflow to run."),
        QT_TRANSLATE_NOOP("Reasons", "Export one with “Export (API)” and choose its file in the settings."),
    ),
    "workflow_unusable": (
        QT_TRANSLATE_NOOP("Reasons", "The workflow cannot be used."),
        QT_TRANSLATE_NOOP(
            "Reasons", "Choose the file that ComfyUI exported with “Export (API)”, its nodes titled as the guide says."
        ),
    ),
    "workflow_slot_empty": (
        QT_TRANSLATE_NOOP("Reasons", "The workflow shows a picture for which the composition has none."),
        QT_TRANSLATE_NOOP("Reasons", "Add such a reference, or choose another workflow."),
    ),
    "workflow_failed": (
        QT_TRANSLATE_NOOP("Reasons", "The workflow failed in ComfyUI."),
        QT_TRANSLATE_NOOP("Reasons", "Run it once in ComfyUI itself and mend it there."),
    ),
    "workflow_without_picture": (
        QT_TRANSLATE_NOOP("Reasons", "The workflow ended without a picture."),
        QT_TRANSLATE_NOOP("Reasons", "It needs a node that saves or previews one."),
    ),
    "reference_undecodable": (
        QT_TRANSLATE_NOOP("Reasons", "A reference cannot be read."),
        QT_TRANSLATE_NOOP("Reasons", "Choose another picture."),
    ),
    "unknown_generator": (
        QT_TRANSLATE_NOOP("Reasons", "There is no such generator."),
        QT_TRANSLATE_NOOP("Reasons", "Choose a model of another one."),
    ),
    "interrupted": (
        QT_TRANSLATE_NOOP("Reasons", "Propmaster ended while the picture was made. It may have been billed."),
        QT_TRANSLATE_NOOP("Reasons", "Resume the batch, or ask for the picture again."),
    ),
    "stopped": (
        QT_TRANSLATE_NOOP(
            "Reasons", "It was stopped on its way. The picture may have been made and billed all the same."
        ),
        QT_TRANSLATE_NOOP("Reasons", "Ask for it again."),
    ),
    "cancelled": (
        QT_TRANSLATE_NOOP("Reasons", "It was cancelled before it was sent."),
        QT_TRANSLATE_NOOP("Reasons", "Ask for it again if you still want it."),
    ),
    "paused": (
        QT_TRANSLATE_NOOP("Reasons", "Paused."),
        QT_TRANSLATE_NOOP("Reasons", "Resume the batch to go on."),
    ),
    "internal_error": (
        QT_TRANSLATE_NOOP("Reasons", "Something went wrong inside Propmaster."),
        QT_TRANSLATE_NOOP("Reasons", "Please report it."),
    ),
}
"""Why and what to do next, to be translated when shown, by reason."""

_SAID = re.compile(r"“.+”$", re.DOTALL)


def told_reason(reason: str, words: str, hint: str) -> tuple[str, str]:
    """Return why there is no picture and what to do next, with what the service itself says."""
    known = KNOWN.get(reason) or KNOWN.get(reason.removeprefix(f"{BLOCKED}_"))
    if known is None and reason.startswith(BLOCKED):
        known = KNOWN[BLOCKED]
    if known is None:
        return troubles.told(reason, words, hint)
    why, remedy = known
    translated = translate(CONTEXT, why)
    # An untranslated text is English, and then the engine's own words say more.
    if translated == why:
        return words, hint
    said = _SAID.search(words)
    quoted = "" if said is None else translate("Reasons", "It says: {0}").format(said[0])
    return " ".join(filter(None, (translated, quoted))), translate(CONTEXT, remedy)
