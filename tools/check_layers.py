#!/usr/bin/env python3
"""check_layers.py [ROOT]

Holds the source tree to its house rules:
  - A layer (a folder of src/) includes only itself and the layers that its ringer_layer() line in CMakeLists.txt uses,
    directly or through others; and a layer uses only layers above it there.
  - Every folder below src, tests, bench and tools has a README.md (corpus folders are data and need none; the topics of cases
    are told by their names and need none either).
  - No source file has more than 600 lines.
Prints one line for each violation; the exit status is 1 when there is any.
"""

import re
import sys
from pathlib import Path

MAX_LINES = 600
TREES = ("src", "tests", "bench", "tools")
SOURCES = {".cc", ".h", ".c", ".s", ".S", ".py", ".sh", ".cmake"}
LAYER = re.compile(r"^ringer_layer\((\w+)([^)]*)\)", re.MULTILINE)
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"')


def read_layers(root):
    """Maps each layer to the set of layers it may include, itself among them. Yields problems by the second value."""
    allowed, problems = {}, []
    for name, arguments in LAYER.findall((root / "CMakeLists.txt").read_text()):
        uses = re.search(r"USES([^)]*?)(LIBRARIES|$)", arguments, re.DOTALL)
        allowed[name] = {name}
        for used in uses.group(1).split() if uses else []:
            if used in allowed and used != name:
                allowed[name] |= allowed[used]
            else:
                problems.append(f"CMakeLists.txt: layer {name} uses {used}, which is not above it")
    return allowed, problems


def check_includes(root, path, allowed):
    layer = path.relative_to(root / "src").parts[0]
    if layer not in allowed:
        return
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        where = f"{path.relative_to(root)}:{number}"
        included = Path(match.group(1))
        if not (root / "src" / included).is_file():
            yield f'{where}: "{included}" is no file below src; write includes relative to src'
        elif included.parts[0] not in allowed[layer]:
            yield f"{where}: layer {layer} may not include layer {included.parts[0]}, only {', '.join(sorted(allowed[layer]))}"


def check_folders(root, allowed):
    for tree in TREES:
        for folder in [root / tree, *sorted((root / tree).rglob("*/"))]:
            if {"corpus", "__pycache__"} & set(folder.parts) or not any(folder.iterdir()):
                continue
            is_topic = len(folder.parts) >= 4 and folder.parts[-4:-2] == ("cases", "x86")
            if not is_topic and not (folder / "README.md").is_file():
                yield f"{folder.relative_to(root)}: has no README.md that says what it is and what it may include"
    for folder in sorted((root / "src").glob("*/")):
        if folder.name not in allowed and any(folder.iterdir()):
            yield f"src/{folder.name}: is no layer; add its ringer_layer() to CMakeLists.txt"


def check(root):
    allowed, problems = read_layers(root)
    problems += check_folders(root, allowed)
    for tree in TREES:
        for path in sorted((root / tree).rglob("*")):
            if path.suffix not in SOURCES or not path.is_file():
                continue
            lines = len(path.read_text(errors="replace").splitlines())
            if lines > MAX_LINES:
                problems.append(f"{path.relative_to(root)}: has {lines} lines, more than {MAX_LINES}; split it")
            if tree == "src" and path.suffix in {".cc", ".h"}:
                problems += check_includes(root, path, allowed)
    return problems


if __name__ == "__main__":
    found = check(Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent).resolve())
    print("\n".join(found) if found else "layers, READMEs and file lengths are as they should be")
    sys.exit(1 if found else 0)
