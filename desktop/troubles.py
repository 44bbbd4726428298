"""What the engine's errors are called in the language of the window.

The engine speaks English and says what exactly is wrong; in another language its codes are told in words of ours.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from engine.protocol import AssetRow

translate = QCoreApplication.translate
CONTEXT = "Troubles"

KNOWN: dict[str, tuple[Any, Any]] = {
    "folder_not_found": (
        QT_TRANSLATE_NOOP("Troubles", "The folder is not there."),
        QT_TRANSLATE_NOOP("Troubles", "Check the spelling, and that the drive is connected."),
    ),
    "folder_overlaps": (QT_TRANSLATE_NOOP("Troubles", "The folder is part of one that is watched already."), ""),
    "folder_unknown": (
        QT_TRANSLATE_NOOP("Troubles", "The folder is not in the library."),
        QT_TRANSLATE_NOOP("Troubles", "Add it first."),
    ),
    "access_denied": (
        QT_TRANSLATE_NOOP("Troubles", "The system refuses access to a file or folder."),
        QT_TRANSLATE_NOOP("Troubles", "Check its permissions, then press F5."),
    ),
    "data_directory_unusable": (
        QT_TRANSLATE_NOOP("Troubles", "The data directory cannot be written."),
        QT_TRANSLATE_NOOP("Troubles", "Check its permissions, or choose another one in the settings."),
    ),
    "disk_full": (
        QT_TRANSLATE_NOOP("Troubles", "The disk with Propmaster's data is full."),
        QT_TRANSLATE_NOOP("Troubles", "Free some space; indexing goes on by itself."),
    ),
    "library_busy": (
        QT_TRANSLATE_NOOP("Troubles", "Another Propmaster uses this library."),
        QT_TRANSLATE_NOOP("Troubles", "Close it, then try again."),
    ),
    "catalogue_corrupt": (
        QT_TRANSLATE_NOOP("Troubles", "The catalogue cannot be read."),
        QT_TRANSLATE_NOOP("Troubles", "Run “propmaster doctor” to restore a backup."),
    ),
    "catalogue_too_new": (
        QT_TRANSLATE_NOOP("Troubles", "The library was written by a newer Propmaster."),
        QT_TRANSLATE_NOOP("Troubles", "Update Propmaster."),
    ),
    "vector_store_failed": (
        QT_TRANSLATE_NOOP("Troubles", "The vector database does not answer."),
        QT_TRANSLATE_NOOP("Troubles", "Start Propmaster again; nothing is lost."),
    ),
    "encoder_unavailable": (
        QT_TRANSLATE_NOOP("Troubles", "The encoder cannot be loaded."),
        QT_TRANSLATE_NOOP("Troubles", "Choose another one in the settings."),
    ),
    "encoder_in_use": (
        QT_TRANSLATE_NOOP("Troubles", "The index of this model is needed: it answers searches, or is being built."),
        QT_TRANSLATE_NOOP("Troubles", "Choose another model, and wait until that one answers searches."),
    ),
    "consent_missing": (
        QT_TRANSLATE_NOOP("Troubles", "This encoder would send pictures or words away, and you have not allowed it."),
        QT_TRANSLATE_NOOP("Troubles", "Look at what it would send and cost, and agree to it first."),
    ),
    "encoder_unknown": (QT_TRANSLATE_NOOP("Troubles", "This model has no index here."), ""),
    "hub_unreachable": (
        QT_TRANSLATE_NOOP("Troubles", "No hub of models answers."),
        QT_TRANSLATE_NOOP(
            "Troubles",
            "Check the network and the proxy, name a mirror, or import the files from a disk. What arrived is kept.",
        ),
    ),
    "hub_refused": (
        QT_TRANSLATE_NOOP("Troubles", "The hub does not hand out this model to everyone."),
        QT_TRANSLATE_NOOP("Troubles", "Accept its terms on the hub's page and set HF_TOKEN, or import the files."),
    ),
    "hub_lacks_file": (
        QT_TRANSLATE_NOOP("Troubles", "The hub does not have this model."),
        QT_TRANSLATE_NOOP("Troubles", "Name another hub, or import the files."),
    ),
    "hub_failed": (
        QT_TRANSLATE_NOOP("Troubles", "The hub answered with an error, or is no hub."),
        QT_TRANSLATE_NOOP("Troubles", "Try again later, or name another hub."),
    ),
    "weights_damaged": (
        QT_TRANSLATE_NOOP("Troubles", "What arrived is not the file that was announced."),
        QT_TRANSLATE_NOOP("Troubles", "Try again; if it happens again, the hub holds another file."),
    ),
    "weights_missing": (
        QT_TRANSLATE_NOOP("Troubles", "The files of this model are not there."),
        QT_TRANSLATE_NOOP("Troubles", "Choose the folder that holds them, and check that the drive is connected."),
    ),
    "weights_not_offered": (QT_TRANSLATE_NOOP("Troubles", "This model needs no files, or is not in the list."), ""),
    "model_busy": (
        QT_TRANSLATE_NOOP("Troubles", "This model is here already, on its way, or in use."),
        QT_TRANSLATE_NOOP("Troubles", "Wait for it, or choose another model first."),
    ),
    "second_space_silent": (
        QT_TRANSLATE_NOOP("Troubles", "The quality model did not answer in time; the fast one did."),
        QT_TRANSLATE_NOOP("Troubles", "Search again in a moment."),
    ),
    "invalid_query": (
        QT_TRANSLATE_NOOP("Troubles", "This search cannot be understood."),
        QT_TRANSLATE_NOOP("Troubles", "Change its words or filters."),
    ),
    "invalid_setting": (
        QT_TRANSLATE_NOOP("Troubles", "A setting holds a value that cannot be used."),
        QT_TRANSLATE_NOOP("Troubles", "Correct it in the settings."),
    ),
    "asset_unknown": (
        QT_TRANSLATE_NOOP("Troubles", "This picture is not in the library any more, or not read yet."),
        QT_TRANSLATE_NOOP("Troubles", "Refresh the list, or wait until it is indexed."),
    ),
    "batch_unknown": (QT_TRANSLATE_NOOP("Troubles", "This batch is not there any more."), ""),
    "job_unknown": (QT_TRANSLATE_NOOP("Troubles", "This cannot be done with the job as it stands."), ""),
    "budget_exceeded": (
        QT_TRANSLATE_NOOP("Troubles", "The next picture could cost more than is left of the budget."),
        QT_TRANSLATE_NOOP("Troubles", "Raise the budget, or go on tomorrow."),
    ),
    "results_folder_unusable": (
        QT_TRANSLATE_NOOP("Troubles", "The folder for new pictures is not there, is full or cannot be written."),
        QT_TRANSLATE_NOOP("Troubles", "Connect its drive, or free some space."),
    ),
    "file_unwritable": (
        QT_TRANSLATE_NOOP("Troubles", "The file cannot be written there."),
        QT_TRANSLATE_NOOP("Troubles", "Choose another place or name."),
    ),
    "plan_unknown": (
        QT_TRANSLATE_NOOP("Troubles", "The plan is not kept any more."),
        QT_TRANSLATE_NOOP("Troubles", "Plan it again."),
    ),
    "never_sent": (
        QT_TRANSLATE_NOOP("Troubles", "A chosen picture is marked “never send”, or its folder is."),
        QT_TRANSLATE_NOOP("Troubles", "Choose another picture, or take the mark off."),
    ),
    "invalid_brief": (
        QT_TRANSLATE_NOOP("Troubles", "This cannot be composed as it stands."),
        QT_TRANSLATE_NOOP("Troubles", "Check the references, the words, the size and the model."),
    ),
    "model_unknown": (
        QT_TRANSLATE_NOOP("Troubles", "There is no such model."),
        QT_TRANSLATE_NOOP("Troubles", "Choose another one."),
    ),
    "model_retired": (
        QT_TRANSLATE_NOOP("Troubles", "This model is not offered any more."),
        QT_TRANSLATE_NOOP("Troubles", "Choose its successor."),
    ),
    "model_table_damaged": (
        QT_TRANSLATE_NOOP("Troubles", "The table of models cannot be read."),
        QT_TRANSLATE_NOOP("Troubles", "Mend the file generators.toml in the data directory, or delete it."),
    ),
    "prompts_damaged": (
        QT_TRANSLATE_NOOP("Troubles", "The templates of prompts cannot be read."),
        QT_TRANSLATE_NOOP("Troubles", "Mend the file prompts.toml in the data directory, or delete it."),
    ),
    "no_update_source": (
        QT_TRANSLATE_NOOP("Troubles", "This build of Propmaster names no publisher to ask."),
        QT_TRANSLATE_NOOP("Troubles", "Look for a newer version where you got this one."),
    ),
    "update_unreachable": (
        QT_TRANSLATE_NOOP("Troubles", "The place for updates cannot be reached."),
        QT_TRANSLATE_NOOP("Troubles", "Check the internet connection and the proxy. Propmaster works without it."),
    ),
    "update_damaged": (
        QT_TRANSLATE_NOOP("Troubles", "The answer about updates is damaged; nothing was taken over."),
        QT_TRANSLATE_NOOP("Troubles", "Try again later, or look where you got Propmaster."),
    ),
    "update_forged": (
        QT_TRANSLATE_NOOP(
            "Troubles", "The answer about updates is not signed by Propmaster's publisher; nothing was taken over."
        ),
        QT_TRANSLATE_NOOP("Troubles", "Something in between may have changed it. Ask who runs the network."),
    ),
    "update_stale": (
        QT_TRANSLATE_NOOP("Troubles", "The answer about updates is older than what is here; nothing was taken over."),
        QT_TRANSLATE_NOOP("Troubles", "Try again later. If it stays so, ask who runs the network."),
    ),
    "key_unusable": (
        QT_TRANSLATE_NOOP("Troubles", "This cannot be a key."),
        QT_TRANSLATE_NOOP("Troubles", "Copy it again from the page of the service."),
    ),
    "engine_gone": (
        QT_TRANSLATE_NOOP("Troubles", "The search engine has gone."),
        QT_TRANSLATE_NOOP("Troubles", "It starts again by itself."),
    ),
    "protocol_mismatch": (
        QT_TRANSLATE_NOOP("Troubles", "Window and search engine are of different versions."),
        QT_TRANSLATE_NOOP("Troubles", "Close every Propmaster and start it again."),
    ),
    "bug": (
        QT_TRANSLATE_NOOP("Troubles", "Something went wrong in the search engine."),
        QT_TRANSLATE_NOOP("Troubles", "The log says more."),
    ),
    "empty": (
        QT_TRANSLATE_NOOP("Troubles", "The file is empty."),
        QT_TRANSLATE_NOOP("Troubles", "Copy or export it again."),
    ),
    "truncated": (
        QT_TRANSLATE_NOOP("Troubles", "The file ends too early."),
        QT_TRANSLATE_NOOP("Troubles", "Copy or export it again."),
    ),
    "unrecognised": (QT_TRANSLATE_NOOP("Troubles", "This is not a picture in a format that is known."), ""),
    "corrupt": (
        QT_TRANSLATE_NOOP("Troubles", "The file is damaged."),
        QT_TRANSLATE_NOOP("Troubles", "Open it in its program and save it again."),
    ),
    "no_preview": (
        QT_TRANSLATE_NOOP("Troubles", "The file holds no picture of its content."),
        QT_TRANSLATE_NOOP("Troubles", "Save it with a preview in its program."),
    ),
    "too_many_pixels": (
        QT_TRANSLATE_NOOP("Troubles", "The picture has more pixels than are read."),
        QT_TRANSLATE_NOOP("Troubles", "Raise the limit in the settings file."),
    ),
    "too_many_bytes": (
        QT_TRANSLATE_NOOP("Troubles", "The file is larger than is read."),
        QT_TRANSLATE_NOOP("Troubles", "Raise the limit in the settings file."),
    ),
    "timed_out": (
        QT_TRANSLATE_NOOP("Troubles", "Reading the file took too long."),
        QT_TRANSLATE_NOOP("Troubles", "Press F5 to try again."),
    ),
    "crashed": (
        QT_TRANSLATE_NOOP("Troubles", "Reading the file brought its reader down; it is left alone now."),
        QT_TRANSLATE_NOOP("Troubles", "Open it in its program and save it again."),
    ),
    "missing_decoder": (
        QT_TRANSLATE_NOOP("Troubles", "The reader of this format is not installed."),
        QT_TRANSLATE_NOOP("Troubles", "Install Propmaster with it, then press F5."),
    ),
    "vanished": (QT_TRANSLATE_NOOP("Troubles", "The file is gone."), ""),
    "changing": (
        QT_TRANSLATE_NOOP("Troubles", "The file is still being written."),
        QT_TRANSLATE_NOOP("Troubles", "It is read once it rests."),
    ),
    "unreadable": (
        QT_TRANSLATE_NOOP("Troubles", "The file cannot be read from its drive."),
        QT_TRANSLATE_NOOP("Troubles", "Check the drive, then press F5."),
    ),
    "not_embeddable": (
        QT_TRANSLATE_NOOP("Troubles", "The encoder can make nothing of this picture."),
        QT_TRANSLATE_NOOP("Troubles", "Press F5 to try again."),
    ),
}
"""What is wrong and what to do next, to be translated when shown, by code of an error or fault of a file."""


def told(code: str, message: str, hint: str) -> tuple[str, str]:
    """Return what is wrong and what to do next, by the code of an error or of a file's fault."""
    known = KNOWN.get(code)
    if known is None:
        return message, hint
    words, remedy = known
    translated = translate(CONTEXT, words)
    # An untranslated text is English, and then the engine's own words say more.
    return (message, hint) if translated == words else (translated, translate(CONTEXT, remedy) if remedy else "")


def told_of(row: AssetRow) -> tuple[str, str]:
    """Return why a file gave no picture and what to do next."""
    return told(row.fault, row.reason, row.hint)
