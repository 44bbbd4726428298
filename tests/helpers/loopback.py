"""A small HTTP/1.1 server on 127.0.0.1 for tests of network clients, which can also behave badly on the wire.

One event loop in one thread; `running` ends both, whatever the clients do. An answer is a `Reply`, or None for a
connection that is cut without a word.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Request:
    """What came in; names of headers are in lower case, `path` holds the query."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes out. `drip_s` is the pause after each byte; after `cut_at` bytes of the body the connection is cut."""

    status: int = 200
    body: bytes = b""
    media_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    drip_s: float = 0.0
    cut_at: int | None = None


Answer = Callable[[Request], Awaitable[Reply | None]]


@contextmanager
def running(answer: Answer, port: int = 0) -> Iterator[str]:
    """Yield the address of a server that answers like this until the block ends."""
    loop = asyncio.new_event_loop()
    ended = asyncio.Event()
    started = threading.Event()
    address: list[str] = []

    async def main() -> None:
        async with _Connections(answer) as connections:
            server = await asyncio.start_server(connections.serve, HOST, port)
            address.append(f"http://{HOST}:{server.sockets[0].getsockname()[1]}")
            started.set()
            await ended.wait()
            server.close()

    thread = threading.Thread(target=loop.run_until_complete, args=(main(),), name="loopback-server")
    thread.start()
    assert started.wait(10)
    try:
        yield address[0]
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join()
        loop.close()


class _Connections:
    """The open connections; leaving the block ends them."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> _Connections:
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                while True:
                    reply = await self._answer(await _read(reader))
                    if reply is None or not await _write(writer, reply):
                        break
        finally:
            writer.transport.abort()


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, path, _ = head[0].split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    if headers.get("transfer-encoding") == "chunked":
        body = b""
        while size := int(await reader.readline(), 16):
            body += (await reader.readexactly(size + 2))[:-2]
        await reader.readline()
    else:
        body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(method, path, headers, body)


async def _write(writer: asyncio.StreamWriter, reply: Reply) -> bool:
    """Send a reply; return whether the connection lives on."""
    headers = {"Content-Type": reply.media_type, "Content-Length": str(len(reply.body)), **reply.headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    writer.write(f"HTTP/1.1 {reply.status} Answer\r\n{lines}\r\n".encode("latin-1"))
    if reply.drip_s:
        for byte in reply.body:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(reply.drip_s)
    else:
        writer.write(reply.body[: reply.cut_at])
        await writer.drain()
    return reply.cut_at is None
