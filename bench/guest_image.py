"""Builds what is measured: the programs, and the images that a guest boots.

A boot runs a plan: a shell script at /run, in an archive of its own behind the initramfs (the kernel unpacks one
after the other).
"""

import fnmatch
import os
import pathlib
import subprocess

import suite

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCES = ROOT / "bench/guest"
TOOLS = ROOT / "tools/guest"
COMPILE = "gcc -O2 -std=gnu17 -Wall -Wextra -fno-math-errno -static".split()


def program_of(group: str) -> str:
    """Named so that no program of busybox's has the name (it has a `strings`)."""
    return f"bench-{group}"


def output_of(command: list) -> str:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def build_programs(folder: pathlib.Path) -> list[pathlib.Path]:
    """One program for each folder of tests, and those in assembly that they need."""
    folder.mkdir(parents=True, exist_ok=True)
    programs = []
    for group in suite.OWN:
        sources = sorted((SOURCES / group).glob("*.c"))
        programs.append(folder / program_of(group))
        subprocess.run([*COMPILE, "-o", programs[-1], SOURCES / "bench.c", *sources], check=True)
        for source in (SOURCES / group).glob("*.s"):
            programs.append(folder / source.stem)
            subprocess.run(["gcc", "-nostdlib", "-static", "-o", programs[-1], source], check=True)
    return programs


def kernel(*package: str) -> pathlib.Path:
    return pathlib.Path(output_of([TOOLS / "fetch_kernel.sh", *package]))


def make_initramfs(archive: pathlib.Path, programs: list[pathlib.Path], architecture: str = "amd64") -> None:
    surroundings = {**os.environ, "ARCHITECTURE": architecture}
    subprocess.run([TOOLS / "make_initramfs.sh", archive, *programs], check=True, env=surroundings)


def archive_of(folder: pathlib.Path, start: str = "", leave_out: tuple[str, ...] = ()) -> bytes:
    """What the folder has below `start`, without what matches `leave_out`, as an archive for the kernel."""
    paths = [str(path.relative_to(folder)) for path in [folder / start, *(folder / start).rglob("*")]]
    names = sorted(path for path in paths if not any(fnmatch.fnmatch(path, pattern) for pattern in leave_out))
    pack = ["cpio", "--quiet", "--create", "--format=newc", "--owner=0:0"]
    told = "".join(f"{name}\n" for name in names).encode()
    return subprocess.run(pack, cwd=folder, input=told, stdout=subprocess.PIPE, check=True).stdout


def write_script(path: pathlib.Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def add_plan(image: pathlib.Path, archives: list[pathlib.Path], plan: str) -> None:
    """Makes an image of the archives, in whose /run the plan is."""
    tree = image.parent / "plan"
    write_script(tree / "run", plan)
    with open(image, "wb") as out:
        for archive in archives:
            out.write(archive.read_bytes())
        out.write(archive_of(tree))
