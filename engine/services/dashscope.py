"""Alibaba's DashScope through its SDK, and what becomes of a call; the owner of dashscope, which is an extra.

The SDK does not raise where the service refuses, sends once more by itself what may have been billed, and logs what it
sends: all of that is undone here. Its session is replaced by one that never follows a redirect and keeps a deadline.
"""

from __future__ import annotations

import logging
import socket
import ssl
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import requests
import urllib3
from dashscope import MultiModalEmbedding
from requests import exceptions as broken

from engine.services import failures
from engine.services.keys import ApiKey
from engine.services.service import Family, Service, ServiceFailed
from engine.services.web import CONNECT_S

_CHUNK = 1 << 16
_REFUSALS = ("DataInspectionFailed", "data_inspection_failed")
_QUOTAS = ("Arrearage", "AllocationQuota", "Throttling.AllocationQuota", "AccessDenied.Unpurchased")
_REDIRECT = range(300, 400)

# It writes whole requests at DEBUG, and every failure with its traceback.
logging.getLogger("dashscope").disabled = True


@dataclass(frozen=True, slots=True)
class DashScopeAccess:
    """How DashScope is reached; an empty `address` stands for DASHSCOPE_HTTP_BASE_URL or the SDK's default."""

    key: ApiKey | None = None
    address: str = ""
    proxy: str = ""
    deadline_s: float = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer with a status of 200: its output, what it counted, and what the service calls it."""

    output: Mapping[str, Any]
    usage: Mapping[str, Any]
    request_id: str


class DashScope:
    """A session with DashScope, kept open. Any thread."""

    def __init__(self, service: Service, access: DashScopeAccess) -> None:
        """Open a session without asking anything of the network. Raises ServiceFailed."""
        if access.key is None:
            raise failures.missing_key(service, "DASHSCOPE_API_KEY")
        self._service, self._key, self._address = service, access.key, access.address
        self._session = _Session(service, access)

    def embed(self, model: str, contents: Sequence[Mapping[str, str]], dimension: int) -> Answer:
        """Ask for a vector of each text or picture (a data URI). Raises ServiceFailed."""
        outcome = self._outcome(model, contents, dimension)
        if isinstance(outcome, ServiceFailed):
            raise outcome
        return outcome

    def test_connection(self, model: str) -> str:
        """Return what to tell of the key. Raises ServiceFailed.

        The service has no question that is free, so it is asked for a vector of nothing: it looks at the key first,
        then refuses the request, and refusals are not billed.
        """
        outcome = self._outcome(model, [{"text": ""}], None)
        if isinstance(outcome, ServiceFailed) and outcome.reason != "bad_request":
            raise outcome
        return f"{self._service} answers and accepts the key."

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _outcome(
        self, model: str, contents: Sequence[Mapping[str, str]], dimension: int | None
    ) -> Answer | ServiceFailed:
        """Return what became of a call; errors too, raised elsewhere, for the SDK's own hold the request."""
        try:
            response = MultiModalEmbedding.call(
                model=model,
                input=[dict(one) for one in contents],
                api_key=self._key.reveal(),
                dimension=dimension,
                base_address=self._address or None,
                session=self._session,
            )
        except ServiceFailed as failure:
            return failure
        except (ValueError, UnicodeDecodeError, AttributeError, TypeError):  # the SDK at what is no answer of DashScope
            return failures.unreadable(self._service, "something unknown")
        if response.status_code == requests.codes.ok:
            return self._answer(response)
        return self._failure(response, model)

    def _answer(self, response: Any) -> Answer | ServiceFailed:
        output, usage = response.output, response.usage or {}
        if not isinstance(output, Mapping) or not isinstance(usage, Mapping):
            return failures.empty_answer(self._service)
        return Answer(output, usage, str(response.request_id or ""))

    def _failure(self, response: Any, model: str) -> ServiceFailed:
        code = str(response.code or "")
        said = self._key.hidden_in(response.message if isinstance(response.message, str) else "")
        failure = self._meaning(int(response.status_code), code, said, model)
        if failure.reason == "rate_limited":
            headers = {str(name).lower(): value for name, value in (response.headers or {}).items()}
            failure.retry_after_s = _seconds(headers.get("retry-after"))
        failure.request_id = str(response.request_id or "")
        return failure

    def _meaning(self, status: int, code: str, said: str, model: str) -> ServiceFailed:
        service = self._service
        if code.startswith(_REFUSALS):
            return ServiceFailed(
                Family.ASK,
                "moderation_blocked",
                f"{service} refuses what was sent: its moderation objects.{failures.quoted(said)}",
                "Leave this picture or these words to the other encoder.",
            )
        if code.startswith(_QUOTAS):
            return failures.quota_used_up(service, said)
        if code == "InvalidApiKey" or status == requests.codes.unauthorized:
            return failures.bad_key(service, said)
        if code in ("ModelNotFound", "Model.NotFound") or status == requests.codes.not_found:
            return failures.model_gone(service, model, said)
        return failures.of_status(service, status, said)


class _Session(requests.Session):
    """What the SDK sends by. Raises ServiceFailed, which the SDK passes on, where nothing or no whole answer comes."""

    def __init__(self, service: Service, access: DashScopeAccess) -> None:
        super().__init__()
        self._service, self._deadline_s = service, access.deadline_s
        # In place of those of the environment, which win over a session's own.
        self._through = {"http": access.proxy, "https": access.proxy} if access.proxy else None

    def post(self, url: Any, data: Any = None, json: Any = None, **options: Any) -> requests.Response:
        """Send, and read the answer within the deadline."""
        options |= {"stream": True, "allow_redirects": False, "timeout": (CONNECT_S, self._deadline_s)}
        options["proxies"] = self._through
        failure: ServiceFailed
        try:
            response = super().post(url, data, json, **options)
            if response.status_code in _REDIRECT:
                failure = failures.redirected(self._service, response.status_code)
            else:
                response._content = self._read(response)
                return response
        except ServiceFailed as slow:
            failure = slow
        except urllib3.exceptions.ReadTimeoutError:
            failure = failures.timed_out(self._service, self._deadline_s)
        except urllib3.exceptions.HTTPError:
            failure = failures.cut_off(self._service)
        except broken.RequestException as error:
            failure = self._meaning(error)
        raise failure from None

    def _read(self, response: requests.Response) -> bytes:
        ends = time.monotonic() + self._deadline_s
        body = bytearray()
        for chunk in iter(lambda: response.raw.read1(_CHUNK, decode_content=True), b""):
            body += chunk
            if time.monotonic() > ends:
                response.close()
                raise failures.timed_out(self._service, self._deadline_s)
        return bytes(body)

    def _meaning(self, error: broken.RequestException) -> ServiceFailed:
        service = self._service
        match error:
            case broken.ConnectTimeout():
                return failures.unreachable(service, "no connection came about in time")
            case broken.ProxyError():
                return failures.unreachable(service, "the proxy does not let it through", "Check the proxy's address.")
            case broken.SSLError():
                return failures.unreachable(service, "its certificate is not trusted", _WHO_OPENS)
            case broken.Timeout():
                return failures.timed_out(service, self._deadline_s)
            case broken.InvalidURL() | broken.InvalidSchema() | broken.MissingSchema():
                return ServiceFailed(
                    Family.GIVE_UP,
                    "bad_address",
                    f"The address of {service} or of the proxy cannot be used.",
                    "Write it as https://host, in the settings.",
                )
            case broken.ConnectionError() if any(isinstance(one, OSError) for one in _before_sending(error)):
                return failures.unreachable(service, "the connection failed")
        return failures.cut_off(service)


_WHO_OPENS = "A proxy or virus scanner of the network may open the connection; ask who runs the network."


def _before_sending(error: BaseException) -> Iterator[BaseException]:
    """Yield the causes of an error that mean that nothing was sent."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ConnectionRefusedError | socket.gaierror | ssl.SSLError):
            yield cause
        reason = getattr(cause, "reason", None)
        inner = next((one for one in cause.args if isinstance(one, BaseException)), None)
        cause = reason if isinstance(reason, BaseException) else inner or cause.__cause__ or cause.__context__


def _seconds(text: object) -> float | None:
    try:
        return float(str(text))
    except ValueError:
        return None
