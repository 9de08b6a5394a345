"""Each rule of check_layers.py, on a small tree that keeps it and on one that breaks it."""

import tempfile
import unittest
from pathlib import Path

import check_layers

CMAKE = """
ringer_layer(base LIBRARIES fmt::fmt)
ringer_layer(memory USES base)
ringer_layer(device
  USES memory
  LIBRARIES something)
ringer_layer(engine USES memory)
"""


class CheckLayersTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = Path(self.folder.name)
        self.write("CMakeLists.txt", CMAKE)
        for folder in ["src", "src/base", "src/memory", "src/device", "src/engine", "tests", "bench", "tools"]:
            self.write(f"{folder}/README.md", "# a folder\n")
        self.write("src/base/types.h", "#pragma once\n")
        self.write("src/memory/ram.h", '#include "base/types.h"\n#include <vector>\n')

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def expect(self, *fragments):
        problems = check_layers.check(self.root)
        self.assertEqual(len(problems), len(fragments), problems)
        for problem, fragment in zip(problems, fragments):
            self.assertIn(fragment, problem)

    def test_accepts_direct_and_indirect_use(self):
        self.write("src/device/uart.cc", '#include "memory/ram.h"\n#include "base/types.h"\n')
        self.expect()

    def test_refuses_a_layer_below(self):
        self.write("src/device/uart.h", "")
        self.write("src/memory/ram.cc", '#include "memory/ram.h"\n\n  #  include "device/uart.h"\n')
        self.expect("src/memory/ram.cc:3: layer memory may not include layer device, only base, memory")

    def test_refuses_a_layer_above_that_is_not_used(self):
        self.write("src/device/uart.h", "")
        self.write("src/engine/engine.cc", '#include "device/uart.h"\n')
        self.expect("src/engine/engine.cc:1: layer engine may not include layer device")

    def test_refuses_includes_that_are_not_relative_to_src(self):
        self.write("src/memory/ram.cc", '#include "ram.h"\n')
        self.expect('src/memory/ram.cc:1: "ram.h" is no file below src')

    def test_refuses_a_layer_that_uses_one_below(self):
        self.write("CMakeLists.txt", CMAKE.replace("memory USES base", "memory USES base engine"))
        self.expect("layer memory uses engine, which is not above it")

    def test_wants_a_readme_in_each_folder(self):
        self.write("src/device/serial/uart.h", "")
        self.write("tests/fuzz/README.md", "# fuzz\n")
        self.write("tests/fuzz/corpus/elf/seed", "x")
        self.expect("src/device/serial: has no README.md")

    def test_refuses_folders_that_are_no_layer(self):
        self.write("src/gadget/README.md", "# gadget\n")
        self.expect("src/gadget: is no layer")

    def test_refuses_long_files(self):
        self.write("tests/long.cc", "\n" * 600)
        self.expect()
        self.write("tests/long.cc", "\n" * 601)
        self.expect("tests/long.cc: has 601 lines")


if __name__ == "__main__":
    unittest.main()
