"""The embedded Milvus: runs Milvus Lite in this process, reachable over the loopback interface only.

Used by `milvus` alone. It assembles the parts that Milvus Lite's own server manager assembles, because that one turns
every error into None and does not wait for its threads. Invariant: after `close` no thread, port or lock is left.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import grpc
from milvus_lite.adapter.grpc.servicer import MilvusServicer
from milvus_lite.db import MilvusLite
from pymilvus.grpc_gen import milvus_pb2_grpc

from engine.vectors.faults import translated

if TYPE_CHECKING:
    from pathlib import Path

_THREADS = 4
_MOST_MESSAGE_BYTES = 256 * 1024 * 1024
_GRACE_SECONDS = 5


class LiteServer:
    """Milvus Lite over one directory. Raises LibraryBusy, DiskFull, DataDirectoryUnusable or VectorStoreFailed."""

    def __init__(self, directory: Path) -> None:
        with translated("opening the vector database"):
            self._database = MilvusLite(str(directory))
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="milvus-lite")
        self._server = grpc.server(
            self._threads,
            options=[
                ("grpc.max_receive_message_length", _MOST_MESSAGE_BYTES),
                ("grpc.max_send_message_length", _MOST_MESSAGE_BYTES),
                # Without it another process of the same user could take over part of the port.
                ("grpc.so_reuseport", 0),
            ],
        )
        try:
            milvus_pb2_grpc.add_MilvusServiceServicer_to_server(MilvusServicer(self._database), self._server)
            with translated("listening on the loopback interface"):
                # A failure to bind is a RuntimeError of gRPC's own.
                self._port = self._bind()
            self._server.start()
        except BaseException:
            self.close()
            raise

    @property
    def uri(self) -> str:
        """The address for a client in this process."""
        return f"http://127.0.0.1:{self._port}"

    def close(self) -> None:
        """Stop serving, wait for running calls and background work, release the directory."""
        self._server.stop(_GRACE_SECONDS).wait()
        self._threads.shutdown(wait=True)
        self._database.close()

    def _bind(self) -> int:
        try:
            return int(self._server.add_insecure_port("127.0.0.1:0"))
        except RuntimeError as error:
            raise OSError(str(error)) from error
