"""Makes the publisher's key, and signs the manifest that `propmaster update --check` reads.

    python packaging/sign_manifest.py new-key propmaster.key           # once; prints the public key
    python packaging/sign_manifest.py sign --key propmaster.key --serial 7 --notes notes.txt \\
        --download linux-x86_64 https://…/propmaster_0.2.0_amd64.deb dist/propmaster_0.2.0_amd64.deb  > manifest.json

The private key never comes near the repository. The tables that go out are those of `resources/` as they stand.
"""

from __future__ import annotations

import argparse
import base64
import getpass
import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

ROOT = Path(__file__).resolve().parents[1]
TABLES = ("generators.toml", "models.toml")


def new_key(password: str) -> tuple[bytes, str]:
    """Return a private key as PEM, encrypted if there is a password, and its public key as `updates.toml` wants it."""
    key = Ed25519PrivateKey.generate()
    cover = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, cover), _public(key)


def signed(payload: Mapping[str, object], private_key: bytes, password: str = "") -> bytes:
    """Return the manifest: the payload and its signature."""
    key = load_pem_private_key(private_key, password.encode() or None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("the key is no Ed25519 key")
    text = json.dumps(payload, ensure_ascii=False, indent=1)
    signature = base64.b64encode(key.sign(text.encode())).decode()
    return json.dumps({"payload": text, "signature": signature}, ensure_ascii=False).encode()


def payload(serial: int, version: str, notes: str, downloads: Sequence[tuple[str, str, Path]]) -> dict[str, object]:
    """Return what is signed: `downloads` are platform, address and the file itself."""
    return {
        "serial": serial,
        "version": version,
        "notes": notes,
        "downloads": {platform: {"url": url, "sha256": _sha256(file)} for platform, url, file in downloads},
        "tables": {name: (ROOT / "resources" / name).read_text("utf-8") for name in TABLES},
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("new-key")
    making.add_argument("file", type=Path)
    signing = commands.add_parser("sign")
    signing.add_argument("--key", type=Path, required=True)
    signing.add_argument("--serial", type=int, required=True)
    signing.add_argument("--notes", type=Path, required=True, help="what is new, in plain text")
    signing.add_argument("--download", nargs=3, action="append", default=[], metavar=("PLATFORM", "URL", "FILE"))
    options = parser.parse_args(arguments)
    if options.command == "new-key":
        _write_key(options.file)
    else:
        _write_manifest(options)


def _write_key(file: Path) -> None:
    private, public = new_key(getpass.getpass("Password for the key: "))
    file.touch(mode=0o600, exist_ok=False)
    file.write_bytes(private)
    print(public)


def _write_manifest(options: argparse.Namespace) -> None:
    sys.path.insert(0, str(ROOT))
    from engine import __version__

    downloads = [(platform, url, Path(file)) for platform, url, file in options.download]
    what = payload(options.serial, __version__, options.notes.read_text("utf-8"), downloads)
    sys.stdout.buffer.write(signed(what, options.key.read_bytes(), getpass.getpass("Password of the key: ")))


def _public(key: Ed25519PrivateKey) -> str:
    return base64.b64encode(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


if __name__ == "__main__":
    main()
