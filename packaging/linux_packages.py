"""Packs a built folder for Linux: a `.deb`, and a `.tar.gz` for other distributions.

Both hold the same `share` folder: menu entry, icons, and the file managers' action. No script runs at installation:
the system renews its caches by itself, and the user's data are never touched.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import tarfile
from collections.abc import Sequence
from pathlib import Path

import icons

HERE = Path(__file__).with_name("linux")
HOME = Path("opt/propmaster")
SHARED = {
    "propmaster.desktop": "applications/propmaster.desktop",
    "propmaster-similar.desktop": "applications/propmaster-similar.desktop",
    "dolphin.desktop": "kio/servicemenus/propmaster-similar.desktop",
    "nemo.nemo_action": "nemo/actions/propmaster-similar.nemo_action",
    "pcmanfm.desktop": "file-manager/actions/propmaster-similar.desktop",
    "propmaster.metainfo.xml": "metainfo/propmaster.metainfo.xml",
}
"""What lies in `linux`, and where in a `share` folder it belongs."""
DEPENDS = (
    "libegl1",
    "libgl1",
    "libdbus-1-3",
    "libfontconfig1",
    "libxkbcommon-x11-0",
    "libxcb-cursor0",
)
"""What Qt draws with, by names that Debian and Ubuntu share. All else is inside, made for this machine's glibc."""
CONTROL = """\
Package: propmaster
Version: {version}
Architecture: amd64
Maintainer: Propmaster <noreply@propmaster.invalid>
Installed-Size: {kilobytes}
Depends: {depends}
Recommends: fonts-noto-cjk
Section: graphics
Priority: optional
Description: Finds pictures of an asset library by what they show
 Propmaster indexes the folders where props, sprites, renders and photos lie,
 and answers in words, in English and Chinese, or by likeness. Everything stays
 on this computer; it works without internet.
"""


def write_shared(share: Path) -> None:
    """Fill a `share` folder: entries for menus and file managers, and icons."""
    for source, place in SHARED.items():
        (share / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(HERE / source, share / place)
    hicolor = share / "icons" / "hicolor"
    for size in icons.SIZES:
        place = hicolor / f"{size}x{size}" / "apps" / "propmaster.png"
        place.parent.mkdir(parents=True)
        icons.draw(size).save(place)
    scalable = hicolor / "scalable" / "apps" / "propmaster.svg"
    scalable.parent.mkdir(parents=True)
    shutil.copyfile(icons.SOURCE, scalable)


def write_deb(application: Path, version: str, target: Path, work: Path) -> Path:
    """Pack the folder as a Debian package; return its path. Needs `dpkg-deb`."""
    tree = work / "deb"
    shutil.rmtree(tree, ignore_errors=True)
    home = tree / HOME
    home.parent.mkdir(parents=True)
    _link_tree(application, home)
    write_shared(tree / "usr" / "share")
    (tree / "usr" / "bin").mkdir()
    (tree / "usr" / "bin" / "propmaster").symlink_to(Path("/", HOME, "propmaster"))
    copyright_file = tree / "usr" / "share" / "doc" / "propmaster" / "copyright"
    copyright_file.parent.mkdir(parents=True)
    copyright_file.write_text(f"/{HOME}/_internal/engine/_resources/licences/LICENCES.md lists them all.\n", "utf-8")
    (tree / "DEBIAN").mkdir()
    (tree / "DEBIAN" / "control").write_text(
        CONTROL.format(
            version=version,
            kilobytes=_kilobytes(tree),
            depends=", ".join((f"libc6 (>= {platform.libc_ver()[1]})", *DEPENDS)),
        ),
        "utf-8",
    )
    _make_readable(tree)
    package = target / f"propmaster_{version}_amd64.deb"
    _run(["dpkg-deb", "--root-owner-group", "-Zzstd", "-z9", "--build", tree, package])
    shutil.rmtree(tree)
    return package


def write_tar(application: Path, version: str, target: Path, work: Path) -> Path:
    """Pack the folder, with a script that puts it into the user's menus; return the path of the `.tar.gz`."""
    extra = work / "tar"
    shutil.rmtree(extra, ignore_errors=True)
    write_shared(extra / "share")
    shutil.copy(HERE / "install.sh", extra)
    package = target / f"propmaster-{version}-linux-x86_64.tar.gz"
    with tarfile.open(package, "w:gz", compresslevel=6) as archive:
        archive.add(application, "propmaster", filter=_owned_by_root)
        archive.add(extra, "propmaster", filter=_owned_by_root)
    shutil.rmtree(extra)
    return package


def _link_tree(source: Path, target: Path) -> None:
    """Copy a folder by hard links where the disk has them: it is large."""
    try:
        shutil.copytree(source, target, symlinks=True, copy_function=os.link)
    except (OSError, shutil.Error):
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target, symlinks=True)


def _make_readable(tree: Path) -> None:
    for path in tree.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)


def _kilobytes(tree: Path) -> int:
    return sum(path.lstat().st_size for path in tree.rglob("*") if not path.is_dir()) // 1024


def _owned_by_root(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = "root"
    return member


def _run(command: Sequence[str | Path]) -> None:
    subprocess.run(command, check=True)
