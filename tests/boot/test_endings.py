"""How runs end, with kernels of a few instructions."""

import unittest

import ringer
import tiny_kernel

TRIPLE_FAULT = "lidt [rip + nothing]\nud2\nnothing: .quad 0, 0"
SPIN = "1: jmp 1b"


def debug_exit(value: int) -> str:
    return f"mov dx, 0x501\nmov al, {value}\nout dx, al\n1: jmp 1b"


class Endings(unittest.TestCase):
    def test_debug_exit(self):
        kernel = tiny_kernel.make("debug_exit", debug_exit(64), debug_exit(32))
        self.assertEqual(ringer.run("--kernel", kernel).status, 64 << 1 | 1)

    def test_debug_exit_at_port_f4(self):
        kernel = tiny_kernel.make("port_f4", "mov al, 9\nout 0xf4, al\n1: jmp 1b")
        outcome = ringer.run("--kernel", kernel)
        self.assertEqual(outcome.status, 9 << 1 | 1)
        self.assertEqual(outcome.stats["reason"], "debug-exit")
        self.assertEqual(outcome.stats["exit_status"], 9 << 1 | 1)

    def test_entry_points(self):
        kernel = tiny_kernel.make("entries", debug_exit(64), debug_exit(32))
        self.assertEqual(ringer.run("--kernel", kernel, "--entry", "32").status, 32 << 1 | 1)
        self.assertEqual(ringer.run("--kernel", kernel, "--entry", "64").status, 64 << 1 | 1)

    def test_triple_fault(self):
        outcome = ringer.run("--kernel", tiny_kernel.make("triple_fault", TRIPLE_FAULT))
        self.assertEqual(outcome.status, ringer.TRIPLE_FAULT, outcome)
        self.assertEqual(outcome.stats["instructions"], 1)

    def test_reset_by_port_cf9(self):
        kernel = tiny_kernel.make("port_cf9", "mov dx, 0xcf9\nmov al, 6\nout dx, al\n1: jmp 1b")
        self.assertEqual(ringer.run("--kernel", kernel).status, ringer.RESET)

    def test_reset_by_keyboard_controller(self):
        kernel = tiny_kernel.make("port_64", "mov al, 0xfe\nout 0x64, al\n1: jmp 1b")
        self.assertEqual(ringer.run("--kernel", kernel).status, ringer.RESET)

    def test_pvpanic(self):
        kernel = tiny_kernel.make("pvpanic", "mov dx, 0x505\nmov al, 1\nout dx, al\n1: jmp 1b")
        self.assertEqual(ringer.run("--kernel", kernel).status, ringer.PANIC)

    def test_instruction_limit_is_exact(self):
        kernel = tiny_kernel.make("spin", SPIN)
        for limit in (1, 12345, 7_000_001):
            outcome = ringer.run("--kernel", kernel, "--max-instructions", str(limit))
            self.assertEqual(outcome.status, ringer.INSTRUCTION_LIMIT, outcome)
            self.assertEqual(outcome.stats["instructions"], limit)

    def test_timeout(self):
        outcome = ringer.run("--kernel", tiny_kernel.make("spin_long", SPIN), "--timeout", "300ms")
        self.assertEqual(outcome.status, ringer.TIMEOUT, outcome)
        self.assertEqual(outcome.stats["reason"], "timeout")

    def test_timeout_while_halted(self):
        outcome = ringer.run("--kernel", tiny_kernel.make("idle", "1: hlt\njmp 1b"), "--timeout", "300ms")
        self.assertEqual(outcome.status, ringer.TIMEOUT, outcome)

    def test_serial_output(self):
        code = "mov dx, 0x3f8\nmov al, 'R'\nout dx, al\n" + debug_exit(0)
        outcome = ringer.run("--kernel", tiny_kernel.make("serial", code))
        self.assertEqual((outcome.status, outcome.console), (1, "R"))

    def test_smallest_memory(self):
        outcome = ringer.run("--kernel", tiny_kernel.make("small", debug_exit(1)), "--memory", "64M")
        self.assertEqual(outcome.status, 3, outcome)
        self.assertEqual(outcome.stats["guest_memory_bytes"], 64 << 20)


if __name__ == "__main__":
    unittest.main()
