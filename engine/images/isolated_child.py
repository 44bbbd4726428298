"""The child process of `isolation`: reads requests from standard input, decodes, answers on standard output.

Invariants: it leaves when its parent does, also in the middle of a file; its memory is bounded where the platform can;
what a native library prints never reaches the pipe.
"""

from __future__ import annotations

import faulthandler
import os
import queue
import signal
import sys
import threading
from pathlib import Path
from typing import BinaryIO

from engine.errors import DecodeError
from engine.images.decode import decode_image
from engine.images.isolation_wire import GREETING, Answer, Request, pack_answer, read_request

MEMORY_BYTES = 6 << 30  # beyond what the process has at its start; a 16,384 x 16,384 picture needs three copies of 1 GB
GRACE_SECONDS = 2.0  # the parent kills at the limit; this is for a child whose parent is gone


def main() -> None:
    """Serve until the parent closes the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole terminal group; the parent decides
    answers = _private_stdout()
    _limit_memory()
    requests = _requests()
    answers.write(pack_answer(GREETING))
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        while True:
            request = requests.get()
            # Works while native code holds the interpreter's lock, where no thread of ours could.
            faulthandler.dump_traceback_later(request.limits.seconds + GRACE_SECONDS, exit=True, file=nowhere)
            answers.write(pack_answer(_answer(request)))
            faulthandler.cancel_dump_traceback_later()


def _answer(request: Request) -> Answer:
    try:
        return decode_image(request.path, request.limits)
    except DecodeError as error:
        return error


def _requests() -> queue.SimpleQueue[Request]:
    requests: queue.SimpleQueue[Request] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(requests,), daemon=True).start()
    return requests


def _receive(requests: queue.SimpleQueue[Request]) -> None:
    while (request := read_request(sys.stdin.buffer)) is not None:
        requests.put(request)
    os._exit(0)  # the parent is gone; a file in work is of no use to anyone


def _private_stdout() -> BinaryIO:
    """Keep the pipe for ourselves and send what libraries print to the error stream."""
    sys.stdout.flush()
    pipe = os.dup(1)
    os.dup2(2, 1)
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(pipe, os.O_BINARY)
    return os.fdopen(pipe, "wb", buffering=0)


def _limit_memory() -> None:
    if sys.platform != "linux":
        return  # macOS does not keep this limit, Windows has none
    import resource

    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + MEMORY_BYTES
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
