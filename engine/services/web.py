"""Opens connections to services and says in words why they fail; the owner of httpx2.

Redirects are never followed: SDKs send their key in headers that would follow them to any host.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

import httpx2

from engine.services import failures
from engine.services.service import Family, Service, ServiceFailed

CONNECT_S = 15.0

Client = httpx2.AsyncClient

TRANSPORT_ERRORS = (httpx2.HTTPError, httpx2.InvalidURL)
"""Everything that a client of `open_client` raises for the network's sake."""


def open_client(service: Service, proxy: str, deadline_s: float) -> Client:
    """Return a client; an empty proxy leaves it to the environment's variables. Raises ServiceFailed."""
    timeout = httpx2.Timeout(deadline_s, connect=min(CONNECT_S, deadline_s))
    try:
        return httpx2.AsyncClient(proxy=proxy or None, timeout=timeout, follow_redirects=False)
    except (ValueError, ImportError, *TRANSPORT_ERRORS):
        # Without the cause: it quotes the address, which may hold a password.
        raise ServiceFailed(
            Family.GIVE_UP,
            "bad_proxy",
            f"{service} cannot be reached: the address of the proxy cannot be used.",
            "Write it as http://host:port, in the settings or in HTTPS_PROXY.",
        ) from None


def open_local_client(deadline_s: float) -> Client:
    """Return a client for a service of the user's own, which the environment's proxies do not stand before."""
    return httpx2.AsyncClient(timeout=httpx2.Timeout(deadline_s, connect=CONNECT_S), trust_env=False)


def transport_failure(service: Service, error: Exception, deadline_s: float) -> ServiceFailed:
    """Return what an error of TRANSPORT_ERRORS means."""
    match error:
        case httpx2.ConnectTimeout() | httpx2.PoolTimeout():
            return failures.unreachable(service, "no connection came about in time")
        case httpx2.ProxyError():
            return failures.unreachable(service, "the proxy does not let it through", "Check the proxy's address.")
        case httpx2.ConnectError():
            return failures.unreachable(service, *_why_not_connected(error))
        case httpx2.WriteTimeout() | httpx2.WriteError():
            return failures.unreachable(service, "the pictures could not be sent in full")
        case httpx2.TimeoutException():
            return failures.timed_out(service, deadline_s)
        case httpx2.UnsupportedProtocol() | httpx2.InvalidURL() | httpx2.LocalProtocolError():
            return ServiceFailed(
                Family.GIVE_UP,
                "bad_address",
                f"The address of {service} cannot be used.",
                "Write it as https://host, in the settings.",
            )
        case httpx2.DecodingError():
            return failures.unreadable(service, "a garbled body")
    return failures.cut_off(service)


def _why_not_connected(error: BaseException) -> tuple[str, str]:
    for cause in _chain(error):
        match cause:
            case ssl.SSLCertVerificationError():
                return (
                    "its certificate is not trusted",
                    "A proxy or virus scanner of the network may open the connection; ask who runs the network.",
                )
            case ssl.SSLError():
                return "no encrypted connection came about", "Check that the address should start with https."
            case socket.gaierror():
                return "its name is not known here", "Check the internet connection and the address in the settings."
            case ConnectionRefusedError():
                return "nothing listens at its address", ""
    return "the connection failed", ""


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for inner in error.exceptions:
                yield from _chain(inner)
        error = error.__cause__ or error.__context__
