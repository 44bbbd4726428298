"""The packages for Linux install, bring the file managers' action, and go without leaving anything."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
from configparser import ConfigParser
from pathlib import Path

import linux_packages
import pytest
from PIL import Image

from engine import __version__

pytestmark = pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="needs Debian's tools")
LINUX = linux_packages.HERE


@pytest.fixture
def application(tmp_path: Path) -> Path:
    """Stand in for the built folder: a program, a library, and a link to it."""
    folder = tmp_path / "built" / "propmaster"
    (folder / "_internal" / "lib").mkdir(parents=True)
    (folder / "propmaster").write_text(f'#!/bin/sh\necho "propmaster {__version__}" "$@"\n', "utf-8")
    (folder / "propmaster").chmod(0o755)
    (folder / "_internal" / "lib" / "a.so").write_bytes(b"library")
    (folder / "_internal" / "a.so").symlink_to("lib/a.so")
    return folder


@pytest.fixture
def deb(application: Path, tmp_path: Path) -> Path:
    return linux_packages.write_deb(application, __version__, tmp_path, tmp_path / "work")


def dpkg(root: Path, *arguments: str | Path) -> None:
    # A root without a system of its own has no interpreter for scripts, which the package must not need.
    command = ["fakeroot", "dpkg", f"--root={root}", "--force-depends", "--force-not-root", "--force-script-chrootless"]
    subprocess.run([*command, *arguments], check=True, capture_output=True)


@pytest.mark.skipif(shutil.which("fakeroot") is None, reason="needs fakeroot")
def test_deb_is_installed_and_removed_without_a_trace(deb: Path, tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "var" / "lib" / "dpkg" / "updates").mkdir(parents=True)
    (root / "var" / "lib" / "dpkg" / "status").touch()
    dpkg(root, "--install", deb)
    installed = root / "opt" / "propmaster"
    assert os.access(installed / "propmaster", os.X_OK)
    assert (installed / "_internal" / "a.so").readlink() == Path("lib/a.so")
    assert (root / "usr" / "bin" / "propmaster").readlink() == Path("/opt/propmaster/propmaster")
    assert (root / "usr" / "share" / "applications" / "propmaster-similar.desktop").is_file()
    dpkg(root, "--purge", "propmaster")
    assert not installed.exists()
    assert not list(root.glob("usr/**/*propmaster*"))


def test_deb_says_the_one_version_and_needs_no_scripts(deb: Path) -> None:
    fields = subprocess.check_output(["dpkg-deb", "--field", deb, "Version"], text=True)
    assert fields.strip() == __version__
    listed = subprocess.check_output(["dpkg-deb", "--ctrl-tarfile", deb])
    names = subprocess.run(["tar", "-t"], input=listed, capture_output=True, check=True).stdout.decode().split()
    assert {name.removeprefix("./") for name in names} - {""} == {"control"}


def test_everything_in_the_deb_is_readable_by_all(deb: Path) -> None:
    listed = subprocess.check_output(["dpkg-deb", "--contents", deb], text=True).splitlines()
    assert listed
    for line in listed:
        assert line[7] == "r", line
        assert "root/root" in line


def test_icon_comes_in_each_size(tmp_path: Path) -> None:
    linux_packages.write_shared(tmp_path)
    for path in tmp_path.glob("icons/hicolor/*/apps/*.png"):
        width = int(path.parts[-3].split("x")[0])
        with Image.open(path) as icon:
            assert icon.size == (width, width)
    assert len(list(tmp_path.glob("icons/hicolor/*/apps/*.png"))) == len(linux_packages.icons.SIZES)


def test_tar_installs_for_one_user_and_removes_itself(application: Path, tmp_path: Path) -> None:
    package = linux_packages.write_tar(application, __version__, tmp_path, tmp_path / "work")
    with tarfile.open(package) as archive:
        archive.extractall(tmp_path / "un packed", filter="data")
    script = tmp_path / "un packed" / "propmaster" / "install.sh"
    home = tmp_path / "home"
    home.mkdir()
    environment = {"HOME": str(home), "PATH": os.defpath}
    subprocess.run([script], check=True, env=environment)
    said = subprocess.check_output([home / ".local" / "bin" / "propmaster", "x"], text=True)
    assert said == f"propmaster {__version__} x\n"
    entry = ConfigParser(interpolation=None, strict=False)
    entry.read(home / ".local" / "share" / "applications" / "propmaster-similar.desktop", "utf-8")
    assert entry["Desktop Entry"]["Exec"] == f'"{script.with_name("propmaster")}" --similar %f'
    subprocess.run([script, "--remove"], check=True, env=environment)
    assert not [path for path in home.rglob("*") if path.is_file() and path.name != "mimeinfo.cache"]
    assert not (home / ".local" / "bin" / "propmaster").exists()


@pytest.mark.parametrize("name", [name for name in linux_packages.SHARED if not name.endswith(".xml")])
def test_every_file_manager_asks_for_the_likes_of_the_picture(name: str) -> None:
    if name == "propmaster.desktop":
        return
    commands = [line for line in (LINUX / name).read_text("utf-8").splitlines() if line.startswith("Exec=")]
    assert [command.removeprefix("Exec=").split()[:2] for command in commands] == [["propmaster", "--similar"]]
    assert "Find similar in Propmaster" in (LINUX / name).read_text("utf-8")


@pytest.mark.skipif(shutil.which("desktop-file-validate") is None, reason="needs desktop-file-utils")
@pytest.mark.parametrize("name", ["propmaster.desktop", "propmaster-similar.desktop"])
def test_menu_entries_are_valid(name: str) -> None:
    subprocess.run(["desktop-file-validate", LINUX / name], check=True)
