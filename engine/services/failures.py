"""The words for what any service can do to a request, and what each case asks for.

Invariant: no key, header or address of a request goes into a failure; `said` is the service's own message, shortened.
"""

from __future__ import annotations

from engine.services.service import Family, Service, ServiceFailed

LONGEST_SAID = 300
"""Characters of a service's own message that the user is shown."""

_TRY_LATER = "It is tried again by itself; if it stays so, look at the service's status page."


def quoted(said: str) -> str:
    """Return what a service said as the end of a message: its first lines, in quotes, or nothing."""
    text = " ".join(said.split())
    if not text or text.startswith("<"):  # an HTML page of a gateway tells the user nothing
        return ""
    return f" It says: “{text[:LONGEST_SAID]}{'…' if len(text) > LONGEST_SAID else ''}”"


def unreachable(service: Service, why: str, hint: str = "") -> ServiceFailed:
    """Nothing was sent."""
    return ServiceFailed(Family.RETRY, "unreachable", f"{service} cannot be reached: {why}.", hint or service.when_down)


def timed_out(service: Service, seconds: float) -> ServiceFailed:
    """The deadline passed while the service worked."""
    return ServiceFailed(
        Family.RETRY,
        "timed_out",
        f"{service} gave no {service.gives} within {seconds:g} seconds.{service.lost}",
        "Try again, or allow it more time in the settings.",
        maybe_billed=service.is_paid,
    )


def cut_off(service: Service) -> ServiceFailed:
    """The connection ended before the answer did."""
    return ServiceFailed(
        Family.RETRY,
        "cut_off",
        f"The connection to {service} was cut before its answer was complete.{service.lost}",
        "Try again; if it happens often, look at the network and the proxy.",
        maybe_billed=service.is_paid,
    )


def unreadable(service: Service, what: str) -> ServiceFailed:
    """An answer came, but not in the service's language."""
    return ServiceFailed(
        Family.RETRY,
        "unreadable_answer",
        f"{service} answered with {what} instead of a {service.gives}.{service.lost}",
        "Try again; a proxy or a sign-in page of the network can be the reason.",
        maybe_billed=service.is_paid,
    )


def rate_limited(service: Service, retry_after_s: float | None, said: str = "") -> ServiceFailed:
    """Too many requests a minute."""
    return ServiceFailed(
        Family.RETRY,
        "rate_limited",
        f"{service} takes no more requests this minute.{quoted(said)}",
        "It is tried again by itself; a lower limit per minute avoids this.",
        retry_after_s=retry_after_s,
    )


def quota_used_up(service: Service, said: str) -> ServiceFailed:
    """No requests are left for today, or in the plan at all."""
    return ServiceFailed(
        Family.ASK,
        "quota_used_up",
        f"Your account's allowance at {service} is used up, or the plan has none for this model.{quoted(said)}",
        "Wait until tomorrow, look at billing in the service's console, or choose another model.",
    )


def missing_key(service: Service, variable: str) -> ServiceFailed:
    """There is no key to ask with."""
    return ServiceFailed(
        Family.ASK, "missing_key", f"There is no key for {service}.", f"Enter one in the settings, or set {variable}."
    )


def bad_key(service: Service, said: str) -> ServiceFailed:
    """The service does not know the key."""
    return ServiceFailed(
        Family.ASK,
        "bad_key",
        f"{service} does not accept the key.{quoted(said)}",
        "Copy the key again from the service's console; it may be mistyped, expired or deleted.",
    )


def access_refused(service: Service, said: str) -> ServiceFailed:
    """The key is known, and may not do this."""
    return ServiceFailed(
        Family.GIVE_UP,
        "access_refused",
        f"{service} refuses this account access.{quoted(said)}",
        "Look in the service's console whether the account, the project and the model are enabled for this key.",
    )


def model_gone(service: Service, model: str, said: str) -> ServiceFailed:
    """The model is retired, or was never there."""
    return ServiceFailed(
        Family.GIVE_UP,
        "model_gone",
        f"{service} does not offer the model {model} any more, or not to this key.{quoted(said)}",
        "Choose another model.",
    )


def wrong_place(service: Service) -> ServiceFailed:
    """The service looks at where requests come from."""
    return ServiceFailed(
        Family.GIVE_UP,
        "location",
        f"{service} is not offered in the place that this request comes from.",
        "Set a proxy in a country where it is, or choose another service.",
    )


def empty_answer(service: Service) -> ServiceFailed:
    """An answer came in the service's language, with nothing in it."""
    return ServiceFailed(
        Family.RETRY,
        "empty_answer",
        f"{service} sent an answer without a {service.gives} or a word.",
        "Ask for it again.",
    )


def too_large(service: Service) -> ServiceFailed:
    """The pictures are too many bytes."""
    return ServiceFailed(
        Family.ASK,
        "too_large",
        f"The pictures are too large for one request to {service}.",
        "Send fewer, or make them smaller.",
    )


def out_of_memory(service: Service, said: str) -> ServiceFailed:
    """The picture does not fit into the machine."""
    return ServiceFailed(
        Family.ASK,
        "out_of_memory",
        f"{service} has not enough memory for this picture.{quoted(said)}",
        "Choose a smaller size, or end other programs that use the graphics card.",
    )


def bad_request(service: Service, status: int, said: str) -> ServiceFailed:
    """The service finds fault with the request; the same again would meet the same."""
    return ServiceFailed(
        Family.GIVE_UP,
        "bad_request",
        f"{service} does not accept the request (status {status}).{quoted(said)}",
        "Choose another model or other pictures; if it stays so, please report it.",
    )


def redirected(service: Service, status: int) -> ServiceFailed:
    """Something between sends the request elsewhere, where no key should follow."""
    return ServiceFailed(
        Family.GIVE_UP,
        "redirected",
        f"{service} sends the request on to another address (status {status}); it is not followed with your key.",
        "Check the address in the settings, and whether the network wants you to sign in.",
    )


def server_fault(service: Service, status: int, said: str, *, maybe_billed: bool = False) -> ServiceFailed:
    """The service itself is in trouble."""
    return ServiceFailed(
        Family.RETRY,
        "server_fault",
        f"{service} has a fault of its own (status {status}).{quoted(said)}{service.lost if maybe_billed else ''}",
        _TRY_LATER,
        maybe_billed=maybe_billed and service.is_paid,
    )


def of_status(service: Service, status: int, said: str) -> ServiceFailed:
    """Return what a status means where the service says nothing more precise."""
    match status:
        case 401 | 403:
            return access_refused(service, said)
        case 408:
            return server_fault(service, status, said)
        case 413:
            return too_large(service)
        case 429:
            return rate_limited(service, None, said)
        case 499 | 502 | 504:  # the one who speaks lost patience with the one who may still have worked
            return server_fault(service, status, said, maybe_billed=True)
        case _ if 300 <= status < 400:
            return redirected(service, status)
        case _ if status >= 500:
            return server_fault(service, status, said)
    return bad_request(service, status, said)
