"""Gemini through Google's SDK, as Developer API or on Vertex; the owner of google-genai.

The SDK's own retries are off, those that it hides included: the queue retries, and knows what was paid.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from google import genai
from google.auth.exceptions import GoogleAuthError
from google.genai import errors, types

from engine.compose.generators.gemini_answer import SERVICE, blames_version, error_of, picture_of
from engine.compose.generators.generator import GeneratedPicture, GenerationRequest
from engine.services import failures
from engine.services.keys import ApiKey
from engine.services.service import Family, ServiceFailed
from engine.services.web import TRANSPORT_ERRORS, open_client, transport_failure

VERSIONS = ("v1", "v1beta")
"""Tried in this order where no version is set: the SDK's default may not take the settings of pictures yet."""


@dataclass(frozen=True, slots=True)
class GeminiAccess:
    """How Gemini is reached. With a `project` it is Vertex, whose credentials Google's own tools keep; without, the
    Developer API with a key. Empty texts stand for the SDK's defaults and its variable GOOGLE_GEMINI_BASE_URL."""

    key: ApiKey | None = None
    base_url: str = ""
    version: str = ""
    proxy: str = ""
    project: str = ""
    location: str = ""
    deadline_s: float = 180.0


class GeminiGenerator:
    """One client, kept open; belongs to the loop it is made on."""

    name = "gemini"

    def __init__(self, access: GeminiAccess) -> None:
        """Open a client without asking anything of the network. Raises ServiceFailed."""
        if access.key is None and not access.project:
            raise failures.missing_key(SERVICE, "GEMINI_API_KEY")
        self._access = access
        self._versions = (access.version,) if access.version or access.project else VERSIONS
        self._http = open_client(SERVICE, access.proxy, access.deadline_s)
        options = types.HttpOptions(
            base_url=access.base_url or None,
            api_version=access.version or None,
            timeout=round(access.deadline_s * 1000),
            # Said expressly: else the SDK repeats, where aiohttp is installed, what a cut may have billed.
            retry_options=types.HttpRetryOptions(attempts=1),
            httpx_async_client=self._http,
        )
        if access.project:
            self._client = genai.Client(
                vertexai=True, project=access.project, location=access.location or "global", http_options=options
            )
        else:
            assert access.key is not None
            self._client = genai.Client(vertexai=False, api_key=access.key.reveal(), http_options=options)

    async def generate(self, request: GenerationRequest) -> GeneratedPicture:
        """Make one picture; may be cancelled at any moment. Raises ServiceFailed."""
        answer = await self._answer(request)
        if isinstance(answer, ServiceFailed):
            raise answer
        return await asyncio.to_thread(picture_of, answer, request.model)

    async def test_connection(self) -> str:
        """Ask for the list of models, which costs nothing. Raises ServiceFailed."""
        outcome = await self._outcome(self._list_models())
        if not isinstance(outcome, str):
            raise outcome if isinstance(outcome, ServiceFailed) else self._failure(outcome, "")
        return f"{SERVICE} answers and accepts the {'credentials' if self._access.project else 'key'}."

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()
        self._client.close()

    async def _answer(self, request: GenerationRequest) -> str | ServiceFailed:
        """Return the body of a 200, trying further versions of the API where one does not know what is asked."""
        refusal: errors.APIError | None = None
        for version in self._versions:
            outcome = await self._outcome(self._post(request, version))
            if not isinstance(outcome, errors.APIError):
                self._versions = (version,)
                return outcome
            refusal = outcome
            if not blames_version(outcome.code, _error(outcome)):
                break
        assert refusal is not None
        return self._failure(refusal, request.model)

    async def _post(self, request: GenerationRequest, version: str) -> str:
        parts = [types.Part.from_bytes(data=each.data, mime_type=each.media_type) for each in request.pictures]
        contents = types.Content(role="user", parts=[*parts, types.Part.from_text(text=request.prompt)])
        config = types.GenerateContentConfig(
            response_modalities=["IMAGE"],
            image_config=types.ImageConfig(aspect_ratio=request.ratio, image_size=request.size),
            should_return_http_response=True,
            automatic_continuation=False,
            automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
            http_options=types.HttpOptions(api_version=version) if version else None,
        )
        response = await self._client.aio.models.generate_content(model=request.model, contents=contents, config=config)
        return (response.sdk_http_response.body if response.sdk_http_response else None) or ""

    async def _list_models(self) -> str:
        try:
            await self._client.aio.models.list(config={"page_size": 1})
        except ValueError:  # from the SDK's parsing; pictures are parsed by ourselves
            raise failures.unreadable(SERVICE, "something unknown") from None
        return ""

    async def _outcome(self, call: Coroutine[Any, Any, str]) -> str | errors.APIError | ServiceFailed:
        """Await a call within the deadline and return what became of it.

        Errors are returned, not raised, so that nothing that is raised later drags the SDK's exception along as its
        context: that one holds the request with the key in its headers.
        """
        try:
            # The SDK's time-out starts anew with each byte; this one does not.
            async with asyncio.timeout(self._access.deadline_s):
                return await call
        except (errors.APIError, ServiceFailed) as error:
            return error
        except TimeoutError:
            return failures.timed_out(SERVICE, self._access.deadline_s)
        except TRANSPORT_ERRORS as error:
            return transport_failure(SERVICE, error, self._access.deadline_s)
        except GoogleAuthError:
            return ServiceFailed(
                Family.ASK,
                "no_credentials",
                "There are no usable Google Cloud credentials for Vertex.",
                "Sign in with “gcloud auth application-default login”, or use the Developer API with a key.",
            )

    def _failure(self, error: errors.APIError, model: str) -> ServiceFailed:
        failure = error_of(error.code, _error(error), model)
        if self._access.key is not None:
            failure.message = self._access.key.hidden_in(failure.message)
            failure.args = (failure.message,)
        return failure


def _error(error: errors.APIError) -> dict[str, Any]:
    """Return the google.rpc.Status of an exception; a gateway's HTML page ends up as its message."""
    details = error.details if isinstance(error.details, dict) else {}
    inner = details.get("error", details)
    return inner if isinstance(inner, dict) else {"message": str(inner)}
