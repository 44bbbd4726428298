"""The one module that knows huggingface_hub: asks a hub for files that the user asked for.

From the moment it is imported, that package reaches the network for the thread of an open `Hub` only; whoever builds
models imports it for that.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpx2
import huggingface_hub
from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, OfflineModeIsEnabled
from huggingface_hub.file_download import get_hf_file_metadata
from huggingface_hub.utils._headers import build_hf_headers
from huggingface_hub.utils._http import get_session, hf_raise_for_status

from engine.errors import HubFailed, HubLacksFile, HubRefused, HubUnreachable, PropmasterError

LIBRARY_NAME = "propmaster"
PATIENCE_S = 10.0
CHUNK_BYTES = 1 << 20
_OFFLINE_VARIABLES = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
_YES = {"1", "ON", "YES", "TRUE"}
_SHA256_DIGITS = 64
_PARTIAL_CONTENT = 206


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file as the hub has it at one revision. `etag` is its sha256, or for small files the hash that Git gives it."""

    url: str
    revision: str
    etag: str
    nbytes: int

    @property
    def sha256(self) -> str:
        """The checksum; empty where the hub gave Git's only."""
        return self.etag if len(self.etag) == _SHA256_DIGITS else ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Bytes under way. `start` is the place of the first one; 0 also where the hub does not continue."""

    start: int
    chunks: Iterator[bytes]


class Hub:
    """A way to a hub, open between `with` and its end; only the thread that opened it gets through."""

    def __init__(self, endpoint: str = "", proxy: str = "") -> None:
        """Name the hub: its address, empty for HF_ENDPOINT or the public one; a proxy, empty for the environment's."""
        self._named = endpoint.rstrip("/")
        self.endpoint = self._named or huggingface_hub.constants.ENDPOINT
        self._proxy = proxy

    def __enter__(self) -> Self:
        for variable in _OFFLINE_VARIABLES:
            if os.environ.get(variable, "").upper() in _YES:
                raise HubUnreachable(f"{variable} keeps this computer from every hub", "unset it, or import a file")
        owner, proxy = threading.get_ident(), self._proxy or None

        def refuse_others(request: httpx2.Request) -> None:
            if threading.get_ident() != owner:
                raise OfflineModeIsEnabled(f"nobody asked for {request.url}")

        def make_client() -> httpx2.Client:
            return httpx2.Client(event_hooks={"request": [refuse_others]}, follow_redirects=True, proxy=proxy)

        huggingface_hub.set_client_factory(make_client)
        try:
            get_session()
        # The client's ways to say that an address of a proxy makes no sense.
        except (ValueError, ImportError, httpx2.InvalidURL) as error:
            huggingface_hub.set_client_factory(_closed_client)
            raise HubUnreachable(
                f"the proxy {proxy or 'of the environment'} cannot be used: {error}",
                "mend the setting proxy, as http://host:port",
            ) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        huggingface_hub.set_client_factory(_closed_client)

    def find(self, repository: str, path: str, revision: str) -> RemoteFile:
        """Ask where a file is and what its checksum is. Raises HubUnreachable, HubRefused, HubLacksFile, HubFailed."""
        url = huggingface_hub.hf_hub_url(repository, path, revision=revision, endpoint=self.endpoint)
        with self._in_our_words(f"{repository}/{path}"):
            found = get_hf_file_metadata(
                url, token=self._token, timeout=PATIENCE_S, library_name=LIBRARY_NAME, endpoint=self.endpoint
            )
        if not found.etag or not found.commit_hash or found.size is None:
            raise HubFailed(
                f"{self.host} does not answer as a Hugging Face hub does",
                "check the setting hub_endpoint, and whether a login page of the network is in the way",
            )
        pinned = huggingface_hub.hf_hub_url(repository, path, revision=found.commit_hash, endpoint=self.endpoint)
        return RemoteFile(pinned, found.commit_hash, found.etag, found.size)

    @contextlib.contextmanager
    def open(self, file: RemoteFile, start: int) -> Iterator[Delivery]:
        """Receive a file from a place on. Raises what `find` raises, also while the chunks are read."""
        headers = build_hf_headers(token=self._token, library_name=LIBRARY_NAME)
        # A packed answer could not be continued in the middle.
        headers["Accept-Encoding"] = "identity"
        if start:
            headers["Range"] = f"bytes={start}-"
        with (
            self._in_our_words(urlsplit(file.url).path),
            get_session().stream("GET", file.url, headers=headers, timeout=PATIENCE_S) as response,
        ):
            hf_raise_for_status(response)
            continues = response.status_code == _PARTIAL_CONTENT
            yield Delivery(start if continues else 0, response.iter_bytes(CHUNK_BYTES))

    @property
    def host(self) -> str:
        """Who is asked, for the user's eye."""
        return urlsplit(self.endpoint).netloc or self.endpoint

    @property
    def _token(self) -> bool | None:
        # The user's token is for the hub that the user's own environment names, not for any mirror.
        return False if self._named else None

    @contextlib.contextmanager
    def _in_our_words(self, file: str) -> Iterator[None]:
        try:
            yield
        except HfHubHTTPError as error:
            raise self._answered(file, error) from error
        except httpx2.InvalidURL as error:
            raise HubFailed(f"{self.endpoint!r} is no address: {error}", "mend the setting hub_endpoint") from error
        except httpx2.HTTPError as error:
            raise HubUnreachable(
                f"{self.host} does not answer ({error or type(error).__name__})",
                "check the network and the proxy, name a mirror with the setting hub_endpoint, or import the files",
            ) from error

    def _answered(self, file: str, error: HfHubHTTPError) -> PropmasterError:
        status = error.response.status_code
        if isinstance(error, GatedRepoError) or status in (401, 403):
            return HubRefused(
                f"{self.host} does not hand out {file} ({status})",
                "accept its terms on the hub's page and set HF_TOKEN, or import the files",
            )
        if status in (404, 410):
            return HubLacksFile(f"{self.host} does not have {file}", "name another hub, or import the files")
        return HubFailed(f"{self.host} answered {status} for {file}", "try again later, or name another hub")


def _closed_client() -> httpx2.Client:
    def refuse(request: httpx2.Request) -> None:
        raise OfflineModeIsEnabled(f"nobody asked for {request.url}")

    return httpx2.Client(event_hooks={"request": [refuse]})


# timm and open_clip would fetch what a model's configuration names.
huggingface_hub.set_client_factory(_closed_client)
