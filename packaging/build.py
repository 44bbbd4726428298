"""Builds Propmaster for the platform it runs on: `python packaging/build.py [--target DIR] [--packages]`.

Needs a Python with Propmaster, its extras `formats`, `openai` and `dashscope`, and `packaging/requirements.txt`
installed. Which torch that Python has decides the flavour: the CPU build of torch gives a slim application, the CUDA
build one for NVIDIA's cards too. The flavour is told, and part of the packages' names where it is CUDA.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT), str(HERE)]

import icons  # noqa: E402 - the build scripts are no package
import licences  # noqa: E402
import sizes  # noqa: E402

from engine import __version__  # noqa: E402

STRIPPED = ("torch/lib/libtorch*.so", "libpython3*.so*", "pyarrow/libarrow*.so.*", "pyarrow/libparquet.so.*")
"""What its makers left symbols in, which only a debugger reads. Libraries that auditwheel patched would break."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Build, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", type=Path, default=ROOT / "build", help="where everything goes")
    parser.add_argument("--packages", action="store_true", help="also make the platform's packages")
    options = parser.parse_args(arguments)
    begun = time.monotonic()
    target: Path = options.target.resolve()
    application = freeze(target)
    print(f"\n{flavour()} flavour of Propmaster {__version__} in {application}\n")
    print(sizes.as_table(sizes.sizes(application)))
    print(f"\n{time.monotonic() - begun:.0f} s")
    if options.packages:
        for package in packages(application, target):
            print(f"{package.stat().st_size / sizes.MEGABYTE:9.1f} MB  {package}  {time.monotonic() - begun:.0f} s")


def freeze(target: Path) -> Path:
    """Build the folder with the application; return its path."""
    work = target / "work"
    icons.write_icons(work / "propmaster" / "icons")
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--distpath", target, "--workpath", work]
    subprocess.run([*command, HERE / "propmaster.spec"], check=True, cwd=ROOT)
    application = target / "propmaster"
    resources = application / "_internal" / "engine" / "_resources"
    lacking = [one.name for one in licences.write_licences(work, resources) if not one.texts]
    if lacking:
        print(f"\nwithout a text of their licence: {', '.join(lacking)}")
    saved = json.loads((work / "propmaster" / "saved.json").read_text("utf-8"))
    if sys.platform == "linux":
        saved["symbols for debuggers"] = strip(application / "_internal")
    for what, size in saved.items():
        print(f"{size / sizes.MEGABYTE:9.1f} MB  saved: {what}")
    return application


def strip(folder: Path) -> int:
    """Take symbols out of libraries; return the bytes saved."""
    saved = 0
    for pattern in STRIPPED:
        for library in folder.glob(pattern):
            if not library.is_symlink():
                before = library.stat().st_size
                subprocess.run(["strip", "--strip-unneeded", library], check=True)
                saved += before - library.stat().st_size
    return saved


def flavour() -> str:
    """Return which torch is inside: "CPU", or "CUDA" with its version."""
    from torch.version import cuda

    return "CPU" if cuda is None else f"CUDA {cuda}"


def packages(application: Path, target: Path) -> list[Path]:
    """Make what users install on this platform; return the files."""
    work = target / "work"
    version = __version__ if flavour() == "CPU" else f"{__version__}+cuda"
    if sys.platform == "linux":
        import linux_packages

        return [
            linux_packages.write_deb(application, version, target, work),
            linux_packages.write_tar(application, version, target, work),
        ]
    if sys.platform == "win32":
        return [_windows_installer(application, version, target)]
    return [_disk_image(version, target)]


def _windows_installer(application: Path, version: str, target: Path) -> Path:
    compiler = shutil.which("iscc") or r"C:\Program Files (x86)\Inno Setup 6\ISCC.exe"
    name = f"propmaster-{version}-windows-x86_64"
    definitions = [f"/DVersion={__version__}", f"/DSource={application}", f"/DTarget={target}", f"/DName={name}"]
    icon = target / "work" / "propmaster" / "icons" / "propmaster.ico"
    subprocess.run([compiler, *definitions, f"/DIcon={icon}", HERE / "windows" / "propmaster.iss"], check=True)
    return target / f"{name}.exe"


def _disk_image(version: str, target: Path) -> Path:
    image = target / f"propmaster-{version}-macos.dmg"
    subprocess.run(["bash", HERE / "macos" / "disk_image.sh", target / "Propmaster.app", image], check=True)
    return image


if __name__ == "__main__":
    main()
