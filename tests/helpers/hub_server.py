"""A Hugging Face hub on 127.0.0.1, as far as huggingface_hub 2.4 looks: HEAD for checksum and commit, then a redirect
to another host that hands out ranges. It can also misbehave."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.helpers.loopback import Reply, Request, running

COMMIT = "c0ffee" * 6 + "abcd"


@dataclass
class HubServer:
    """Files by `repository/path`. `status` is answered instead, for a file, or for all under ""."""

    files: dict[str, bytes] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    status: dict[str, int] = field(default_factory=dict)
    error_code: str = ""
    etags: dict[str, str] = field(default_factory=dict)
    cut_at: list[int] = field(default_factory=list)
    """After how many bytes of the body the next answers are cut."""
    ignores_ranges: bool = False
    speaks_hub: bool = True
    address: str = ""
    cdn: str = ""

    @property
    def downloads(self) -> list[Request]:
        """What the other host was asked for."""
        return [request for request in self.requests if request.path.startswith("/cdn/")]

    async def answer(self, request: Request) -> Reply | None:
        """Answer for both hosts."""
        self.requests.append(request)
        path = urlsplit(request.path).path.lstrip("/")
        if path.startswith("cdn/"):
            return self._deliver(request, path.removeprefix("cdn/"))
        repository, _, rest = path.partition("/resolve/")
        name = f"{repository}/{rest.partition('/')[2]}"
        status = self.status.get(name, self.status.get("", 200))
        if status != 200 or name not in self.files:
            code = {"X-Error-Code": self.error_code or "EntryNotFound"} if status in (200, 403, 404) else {}
            return _reply(request, Reply(status if status != 200 else 404, b"no", headers=code))
        if not self.speaks_hub:
            return _reply(request, Reply(200, b"<html>log in</html>", "text/html"))
        content = self.files[name]
        large = len(content) > 1000
        etag = self.etags.get(name) or (hashlib.sha256(content).hexdigest() if large else git_hash(content))
        headers = {"X-Repo-Commit": COMMIT, "ETag": f'"{etag}"', "Accept-Ranges": "bytes"}
        if not large:
            return _reply(request, Reply(200, content, headers=headers))
        headers |= {"X-Linked-Etag": f'"{etag}"', "X-Linked-Size": str(len(content))}
        return Reply(302, headers={**headers, "Location": f"{self.cdn}/cdn/{name}"})

    def _deliver(self, request: Request, name: str) -> Reply | None:
        content, headers, status = self.files[name], {}, 200
        asked = request.headers.get("range")
        if asked and not self.ignores_ranges:
            start = int(asked.removeprefix("bytes=").partition("-")[0])
            headers = {"Content-Range": f"bytes {start}-{len(content) - 1}/{len(content)}"}
            content, status = content[start:], 206
        cut = self.cut_at.pop(0) if self.cut_at else None
        return _reply(request, Reply(status, content, "application/octet-stream", headers, cut_at=cut))


@contextmanager
def hub_running(server: HubServer) -> Iterator[HubServer]:
    """Run the hub, and beside it the host that hands out large files."""
    with running(server.answer) as address, running(server.answer) as cdn:
        server.address, server.cdn = address, cdn
        yield server


def git_hash(content: bytes) -> str:
    """Return what Git, and so the hub, calls a small file of this content."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _reply(request: Request, reply: Reply) -> Reply:
    if request.method != "HEAD":
        return reply
    return Reply(reply.status, b"", reply.media_type, {**reply.headers, "Content-Length": str(len(reply.body))})
