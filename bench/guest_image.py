"""Builds what is measured: the programs, and the images that a guest boots.

A boot runs a plan: a shell script at /run, in an archive of its own behind the initramfs (the kernel unpacks one after
the other). On the host itself, the same script runs the same programs.
"""

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


def kernel() -> pathlib.Path:
    return pathlib.Path(output_of([TOOLS / "fetch_kernel.sh"]))


def make_initramfs(archive: pathlib.Path, programs: list[pathlib.Path]) -> None:
    subprocess.run([TOOLS / "make_initramfs.sh", archive, *programs], check=True)


def archive_of(tree: pathlib.Path) -> bytes:
    """The folder's content, as an archive that the kernel can unpack."""
    names = "\n".join(sorted(str(path.relative_to(tree)) for path in tree.rglob("*"))) + "\n"
    pack = ["cpio", "--quiet", "--create", "--format=newc", "--owner=0:0"]
    return subprocess.run(pack, cwd=tree, input=names.encode(), stdout=subprocess.PIPE, check=True).stdout


def own_plan(tests: list[suite.Test], rounds: int) -> str:
    """Each test in a process of its own, so that one that dies takes no other with it."""
    lines = ["echo BENCH init"]
    lines += [f"{program_of(test.group)} {rounds} {test.name} || echo BENCH failed {test.name} $?" for test in tests]
    return "\n".join([*lines, "echo BENCH done", ""])


def add_plan(image: pathlib.Path, archives: list[pathlib.Path], plan: str, scratch: pathlib.Path) -> None:
    tree = scratch / "plan"
    tree.mkdir(exist_ok=True)
    script = tree / "run"
    script.write_text(plan)
    script.chmod(0o755)
    with open(image, "wb") as out:
        for archive in archives:
            out.write(archive.read_bytes())
        out.write(archive_of(tree))
