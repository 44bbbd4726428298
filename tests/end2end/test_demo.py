"""README's first command, with the network taken away."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from PIL import Image

WITHOUT_NETWORK = """
import socket, sys
loopback = ("127.0.0.1", "::1", "localhost")
connect, lookup = socket.socket.connect, socket.getaddrinfo
def guarded_connect(self, address):
    if self.family != getattr(socket, "AF_UNIX", None) and address[0] not in loopback:
        raise SystemExit(f"the network was asked for: {address}")
    return connect(self, address)
def guarded_lookup(host, *rest, **named):
    if host not in (*loopback, None, ""):
        raise SystemExit(f"a name was looked up: {host}")
    return lookup(host, *rest, **named)
socket.socket.connect, socket.getaddrinfo = guarded_connect, guarded_lookup
sys.argv = ["propmaster", *sys.argv[1:]]
from engine.cli import main
main()
"""


def test_demo_runs_without_network_and_shows_the_main_job(tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.png"
    command = ["demo", "--json", "--home", str(tmp_path / "home"), "--sheet", str(sheet)]
    done = subprocess.run(
        [sys.executable, "-W", "error::ResourceWarning", "-c", WITHOUT_NETWORK, *command],
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    shown = json.loads(done.stdout)
    assert shown["failed"] == 0
    assert shown["indexed"] >= 200
    languages = {query.isascii() for query in (search["query"] for search in shown["searches"])}
    assert languages == {True, False}
    assert all(search["hits"] for search in shown["searches"])
    with Image.open(sheet) as picture:
        assert min(picture.size) > 300
    assert "Traceback" not in done.stderr
