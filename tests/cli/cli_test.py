"""Tests of the `ringer` command. Usage: cli_test.py RINGER VERSION [unittest arguments]"""

import json
import os
import pty
import signal
import subprocess
import sys
import tempfile
import termios
import unittest
from pathlib import Path

from tiny_kernel import (
    DISABLE_INTERRUPTS,
    ECHO,
    ENABLE_INTERRUPTS,
    HALT,
    POWER_OFF,
    SPIN,
    UNDEFINED,
    bz_image,
    jump_back_over,
    out8,
    say,
)

RINGER = ""
VERSION = ""


class RingerTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def file(self, name, contents):
        path = self.folder / name
        path.write_bytes(contents)
        return str(path)

    def kernel(self, *code, **options):
        return self.file("kernel", bz_image(b"".join(code), **options))

    def ringer(self, *arguments, **options):
        options.setdefault("stdin", subprocess.DEVNULL)
        return subprocess.run([RINGER, *arguments], capture_output=True, **options)

    def run_kernel(self, *code, arguments=(), **options):
        return self.ringer("run", "--kernel", self.kernel(*code), *arguments, **options)

    def assert_refused(self, result, status, *words):
        """One line that says what is wrong, and nothing else."""
        error = result.stderr.decode()
        self.assertEqual(result.returncode, status, error)
        self.assertEqual(result.stdout, b"")
        self.assertRegex(error, r"\Aringer: [^\n]+; [^\n]+\n\Z")
        for word in words:
            self.assertIn(word, error)


class HelpTest(RingerTest):
    def test_version(self):
        result = self.ringer("--version")
        self.assertEqual((result.returncode, result.stdout.decode()), (0, f"ringer {VERSION}\n"))

    def test_help_lists_the_commands(self):
        result = self.ringer("--help")
        self.assertEqual(result.returncode, 0)
        self.assertRegex(result.stdout.decode(), r"(?m)^  run ")

    def test_help_of_run_shows_every_default(self):
        result = self.ringer("run", "--help")
        self.assertEqual(result.returncode, 0)
        text = " ".join(result.stdout.decode().split())
        defaults = {
            "--initrd": "none",
            "--append": "empty",
            "--memory": "512M",
            "--engine": "translator",
            "--entry": "auto",
            "--clock": "host",
            "--serial": "auto",
            "--timeout": "none",
            "--max-instructions": "none",
            "--stats": "none",
            "--log-level": "warning",
        }
        for option, default in defaults.items():
            self.assertRegex(text, rf"{option} [^-]*(-[^-]*)*\(default: {default}\)")
        self.assertRegex(text, r"--kernel FILE .*?\(default: firmware boots\)")
        for key in ("format", "overlay", "bus", "readonly", "log", "vga", "hostfwd", "ipv6", "mtu", "mac", "size", "keep-on-oom",
                    "no-reporting", "password-file"):  # fmt: skip
            self.assertRegex(text, rf"\b{key}: [^;]*?, default ", key)

    def test_output_that_cannot_be_written(self):
        with open("/dev/full", "wb") as full:
            result = subprocess.run([RINGER, "--help"], stdout=full, stderr=subprocess.PIPE)
            self.assertEqual(subprocess.run([RINGER, "run", "--disk", "none"], stderr=full).returncode, 2)
        self.assertEqual(result.returncode, 1)
        self.assertIn(b"standard output", result.stderr)


class UsageTest(RingerTest):
    def test_no_command(self):
        self.assert_refused(self.ringer(), 2, "--help")

    def test_unknown_words(self):
        self.assert_refused(self.ringer("walk"), 2, "walk")
        self.assert_refused(self.ringer("--fast"), 2, "--fast")
        self.assert_refused(self.ringer("run", "--kernel", "k", "--fast"), 2, "--fast")
        self.assert_refused(self.ringer("run", "--kernel", "k", "more"), 2, "more")

    def test_missing_value(self):
        self.assert_refused(self.ringer("run", "--kernel"), 2, "--kernel")

    def test_no_kernel(self):
        self.assert_refused(self.ringer("run"), 2, "--kernel")

    def test_bad_values(self):
        cases = {
            "--memory": ["0", "1M", "1T", "63M", "lots", "-1G", "", "1.5G", "100000001", "99999999999999999999"],
            "--engine": ["warp", ""],
            "--entry": ["16"],
            "--clock": ["sundial"],
            "--serial": ["usb", "file:", ""],
            "--timeout": ["0", "soon", "-5s", "5d"],
            "--max-instructions": ["0", "-1", "many", "1e6", "99999999999999999999"],
            "--log-level": ["loud", ""],
        }
        kernel = self.kernel(POWER_OFF)
        for option, values in cases.items():
            for value in values:
                with self.subTest(option=option, value=value):
                    result = self.ringer("run", "--kernel", kernel, f"{option}={value}")
                    self.assert_refused(result, 2, option, value)


class InputTest(RingerTest):
    def assert_kernel_refused(self, path, *words):
        self.assert_refused(self.ringer("run", "--kernel", path), 2, path, *words)

    def test_missing(self):
        self.assert_kernel_refused(str(self.folder / "absent"), "no such file")

    def test_directory(self):
        self.assert_kernel_refused(str(self.folder), "directory")

    def test_empty(self):
        self.assert_kernel_refused(self.file("empty", b""), "empty")
        self.assert_kernel_refused("/dev/null", "empty")

    @unittest.skipIf(os.geteuid() == 0, "root may read every file")
    def test_unreadable(self):
        path = self.kernel(POWER_OFF)
        os.chmod(path, 0)
        self.assert_kernel_refused(path, "not readable")

    def test_not_a_kernel(self):
        self.assert_kernel_refused(self.file("text", b"#!/bin/sh\nexit\n"))
        self.assert_kernel_refused(self.file("noise", bytes(range(256)) * 64))
        self.assert_kernel_refused(self.file("zeros", bytes(100_000)))
        self.assert_kernel_refused(sys.executable)

    def test_truncated(self):
        whole = bz_image(POWER_OFF)
        for length in (1, 511, 0x205, 600, 1024, len(whole) - 100):
            with self.subTest(length=length):
                self.assert_kernel_refused(self.file("kernel", whole[:length]))

    def test_kernel_larger_than_memory(self):
        path = self.kernel(POWER_OFF, init_size=512 << 20)
        self.assert_refused(self.ringer("run", "--kernel", path, "--memory", "64M"), 2, path, "--memory")

    def test_initrd(self):
        kernel = self.kernel(POWER_OFF)
        absent, empty = str(self.folder / "absent"), self.file("empty", b"")
        for initrd in (absent, empty, str(self.folder)):
            self.assert_refused(self.ringer("run", "--kernel", kernel, "--initrd", initrd), 2, initrd)
        large = self.folder / "large"
        with open(large, "wb") as file:
            file.truncate(80 << 20)
        result = self.ringer("run", "--kernel", kernel, "--initrd", str(large), "--memory", "64M")
        self.assert_refused(result, 2, str(large))

    def test_command_line_too_long(self):
        kernel = self.kernel(POWER_OFF, longest_command_line=100)
        self.assert_refused(self.ringer("run", "--kernel", kernel, "--append", "x" * 101), 2)

    def test_a_pipe_is_as_good_as_a_file(self):
        result = self.ringer("run", "--kernel", "/dev/stdin", stdin=None, input=bz_image(say("hi") + POWER_OFF))
        self.assertEqual((result.returncode, result.stdout), (0, b"hi"))


class OutputTest(RingerTest):
    def test_unwritable_paths_are_found_before_the_guest_starts(self):
        below_nothing = str(self.folder / "absent" / "file")
        for path in (below_nothing, str(self.folder)):
            for option in (["--stats", path], ["--serial", f"file:{path}"]):
                with self.subTest(option=option):
                    result = self.run_kernel(say("started"), POWER_OFF, arguments=option)
                    self.assert_refused(result, 2, option[0], path)

    def test_a_failed_start_leaves_no_result_file(self):
        stats = self.folder / "stats.json"
        self.ringer("run", "--kernel", "/dev/null", "--stats", str(stats))
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_closed_standard_output(self):
        result = subprocess.run(
            ["sh", "-c", 'exec "$0" run --kernel "$1" >&-', RINGER, self.kernel(say("lost"), POWER_OFF)],
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
        )
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stderr.decode(), r"\Aringer: standard output: [^\n]+; [^\n]+\n\Z")

    def test_standard_output_that_nobody_reads(self):
        process = subprocess.Popen(
            [RINGER, "run", "--kernel", self.kernel(jump_back_over(say("endless")))],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.assertEqual(process.stdout.read(7), b"endless")
        process.stdout.close()
        error = process.stderr.read().decode()
        process.stderr.close()
        self.assertEqual(process.wait(), 1)
        self.assertRegex(error, r"\Aringer: standard output: [^\n]+; [^\n]+\n\Z")

    def test_full_disk(self):
        for option in (["--serial", "file:/dev/full"], ["--stats", "/dev/full"]):
            with self.subTest(option=option):
                result = self.run_kernel(say("much"), POWER_OFF, arguments=option)
                self.assertEqual(result.returncode, 1)
                self.assertRegex(result.stderr.decode(), rf"\Aringer: {option[0]} .*[^\n]+; [^\n]+\n\Z")

    def test_serial_backends(self):
        path = self.folder / "console"
        result = self.run_kernel(say("hello"), POWER_OFF, arguments=["--serial", f"file:{path}"])
        self.assertEqual((result.returncode, result.stdout, path.read_bytes()), (0, b"", b"hello"))
        result = self.run_kernel(say("hello"), POWER_OFF, arguments=["--serial", "none"])
        self.assertEqual((result.returncode, result.stdout), (0, b""))


class ExitStatusTest(RingerTest):
    def assert_status(self, status, reason, *code, arguments=()):
        stats = self.folder / "stats.json"
        result = self.run_kernel(*code, arguments=["--stats", str(stats), *arguments])
        self.assertEqual(result.returncode, status, result.stderr.decode())
        contents = json.loads(stats.read_text())
        self.assertEqual((contents["reason"], contents["exit_status"]), (reason, status))
        return contents

    def test_power_off(self):
        self.assert_status(0, "power-off", POWER_OFF, SPIN)

    def test_power_off_from_the_32_bit_entry(self):
        kernel = self.file("kernel", bz_image(say("32") + POWER_OFF + SPIN, bits_64=False))
        result = self.ringer("run", "--kernel", kernel)
        self.assertEqual((result.returncode, result.stdout), (0, b"32"))
        self.assert_refused(self.ringer("run", "--kernel", kernel, "--entry", "64"), 2, kernel)

    def test_debug_exit(self):
        for port in (0x501, 0xF4):
            self.assert_status(43, "debug-exit", out8(port, 21), SPIN)

    def test_reset(self):
        for port, value in ((0xCF9, 6), (0x64, 0xFE), (0x92, 1)):
            self.assert_status(3, "reset", out8(port, value), SPIN)

    def test_panic_device(self):
        self.assert_status(255, "panic", out8(0x505, 1), SPIN)

    def test_panic_on_the_console(self):
        message = say("[    1.0] Kernel panic - not syncing: Fatal exception\r\n")
        self.assert_status(255, "panic", message, out8(0xCF9, 6), SPIN)
        self.assert_status(255, "panic", message, DISABLE_INTERRUPTS, HALT)
        end = say("[    1.0] ---[ end Kernel panic - not syncing: Fatal exception ]---\r\n")
        self.assert_status(255, "panic", message, end, SPIN)

    def test_triple_fault(self):
        self.assert_status(125, "triple-fault", UNDEFINED)

    def test_timeout(self):
        self.assert_status(124, "timeout", SPIN, arguments=["--timeout", "100ms"])
        self.assert_status(124, "timeout", DISABLE_INTERRUPTS, HALT, arguments=["--timeout", "100ms"])

    def test_timeout_while_nobody_reads_the_output(self):
        reader, writer = os.pipe()
        try:
            result = subprocess.run(
                [RINGER, "run", "--kernel", self.kernel(jump_back_over(say("x"))), "--timeout", "200ms"],
                stdin=subprocess.DEVNULL,
                stdout=writer,
                stderr=subprocess.PIPE,
            )
        finally:
            os.close(reader)
            os.close(writer)
        self.assertEqual(result.returncode, 124)

    def test_instruction_limit(self):
        for limit in (1, 1000, 1234567):
            contents = self.assert_status(
                126, "instruction-limit", SPIN, arguments=["--max-instructions", str(limit)]
            )
            self.assertEqual(contents["instructions"], limit)

    def test_signals(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(signal=number):
                stats = self.folder / "stats.json"
                process = subprocess.Popen(
                    [RINGER, "run", "--kernel", self.kernel(say("up"), SPIN), "--stats", str(stats)],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                )
                self.assertEqual(process.stdout.read(2), b"up")
                process.send_signal(number)
                process.stdout.close()
                self.assertEqual(process.wait(), 128 + number)
                self.assertEqual(json.loads(stats.read_text())["reason"], "quit")


class StatisticsTest(RingerTest):
    def statistics(self, *code, arguments=()):
        path = self.folder / "stats.json"
        self.run_kernel(*code, arguments=["--stats", str(path), *arguments])
        return json.loads(path.read_text())

    def test_contents(self):
        stats = self.statistics(SPIN, arguments=["--max-instructions", "5000000", "--memory", "128M"])
        self.assertEqual(stats["engine"], "translator")
        self.assertEqual(stats["clock"], "host")
        self.assertEqual(stats["instructions"], 5_000_000)
        self.assertEqual(stats["guest_memory_bytes"], 128 << 20)
        self.assertAlmostEqual(stats["mips"], 5 / stats["wall_seconds"], delta=stats["mips"] * 0.01)
        self.assertGreater(stats["cpu_seconds"], 0)
        self.assertGreater(sum(stats["exits"].values()), 0)
        self.assertRegex(stats["digest"], r"\A[0-9a-f]{32}\Z")
        touched, peak = stats["guest_memory_touched_bytes"], stats["peak_host_memory_bytes"]
        self.assertGreater(touched, 0)
        if not os.environ.get("RINGER_SANITIZE"):  # A sanitizer's own memory counts too.
            self.assertLess(peak - touched, 64 << 20)

    def test_activity_of_the_engine(self):
        samples = self.statistics(SPIN, arguments=["--max-instructions", "5000000"])["engine_activity_samples"]
        self.assertEqual(
            list(samples), ["elsewhere", "interpreting", "running_code", "called_from_code", "translating"]
        )

    def test_engine_counters(self):
        counters = self.statistics(SPIN, arguments=["--max-instructions", "5000000"])["engine_counters"]
        self.assertGreater(counters["translations"]["made"], 0)
        interpreted = self.statistics(SPIN, arguments=["--max-instructions", "1000", "--engine", "interpreter"])
        self.assertEqual(interpreted["engine_counters"], {})

    def test_virtual_time_repeats(self):
        code = say("x" * 50) + DISABLE_INTERRUPTS + SPIN
        arguments = ["--clock", "virtual", "--max-instructions", "3000000"]
        first = self.statistics(code, arguments=arguments)
        second = self.statistics(code, arguments=arguments)
        self.assertEqual(first["digest"], second["digest"])
        other = self.statistics(code, arguments=arguments[:-1] + ["3000001"])
        self.assertNotEqual(first["digest"], other["digest"])

    def test_an_idle_guest_leaves_the_host_idle(self):
        code = jump_back_over(ENABLE_INTERRUPTS + HALT)
        stats = self.statistics(code, arguments=["--timeout", "1s"])
        self.assertLess(stats["cpu_seconds"], 0.2 * stats["wall_seconds"])

    def test_an_existing_file_is_replaced_whole(self):
        self.file("stats.json", b"x" * 100_000)
        self.assertEqual(self.statistics(POWER_OFF)["reason"], "power-off")
        self.assertEqual(sorted(p.name for p in self.folder.iterdir()), ["kernel", "stats.json"])


class InputLineTest(RingerTest):
    def test_a_pipe(self):
        text = b"some words, more than a FIFO holds\x01xq"
        result = self.run_kernel(ECHO, POWER_OFF, input=text, stdin=None)
        self.assertEqual((result.returncode, result.stdout), (0, text))

    def test_the_end_of_input_is_not_the_end_of_the_guest(self):
        result = self.run_kernel(say("on"), SPIN, arguments=["--timeout", "200ms"])
        self.assertEqual((result.returncode, result.stdout), (124, b"on"))

    def test_closed_standard_input(self):
        result = subprocess.run(
            ["sh", "-c", 'exec "$0" run --kernel "$1" <&-', RINGER, self.kernel(say("ok"), POWER_OFF)],
            stdout=subprocess.PIPE,
        )
        self.assertEqual((result.returncode, result.stdout), (0, b"ok"))

    def terminal(self, *code):
        """Runs the kernel on a terminal of its own."""
        controller, terminal = pty.openpty()
        self.addCleanup(os.close, controller)
        self.addCleanup(os.close, terminal)
        self.before = termios.tcgetattr(terminal)
        process = subprocess.Popen(
            [RINGER, "run", "--kernel", self.kernel(*code)], stdin=terminal, stdout=terminal, stderr=terminal
        )
        return process, controller, terminal

    def read_until(self, controller, text):
        seen = b""
        while text not in seen:
            seen += os.read(controller, 1024)
        return seen

    def test_a_terminal(self):
        process, controller, terminal = self.terminal(say("ready"), ECHO, POWER_OFF)
        self.read_until(controller, b"ready")
        os.write(controller, b"\x01h")
        self.read_until(controller, b"Ctrl-A x")
        os.write(controller, b"a\x03\x01\x01bq")
        self.assertTrue(self.read_until(controller, b"q").endswith(b"a\x03\x01bq"))
        self.assertEqual(process.wait(), 0)
        self.assertEqual(termios.tcgetattr(terminal), self.before)

    def test_quit(self):
        process, controller, terminal = self.terminal(say("ready"), DISABLE_INTERRUPTS, HALT)
        self.read_until(controller, b"ready")
        os.write(controller, b"\x01x")
        self.assertEqual(process.wait(), 0)
        self.assertEqual(termios.tcgetattr(terminal), self.before)

    def test_a_signal_restores_the_terminal(self):
        for number in (signal.SIGTERM, signal.SIGQUIT, signal.SIGSEGV):
            process, controller, terminal = self.terminal(say("ready"), SPIN)
            self.read_until(controller, b"ready")
            process.send_signal(number)
            process.wait()
            self.assertEqual(termios.tcgetattr(terminal), self.before)


class ExplainTest(RingerTest):
    # mov ecx, 100; dec ecx; jnz back; the loop is at 0x1000205
    LOOP = b"\xb9\x64\0\0\0" + b"\xff\xc9\x75\xfc"

    def explain(self, *arguments, code=(LOOP, POWER_OFF, SPIN)):
        return self.ringer("explain", "--kernel", self.kernel(*code), *arguments)

    def test_help_teaches(self):
        text = self.ringer("explain", "--help").stdout.decode()
        self.assertRegex(text, r"--at ADDRESS .*\(required\)")
        self.assertIn("nokaslr", text)

    def test_a_loop(self):
        path = self.folder / "explanation.json"
        result = self.explain("--at", "0x1000205", "--json", str(path))
        self.assertEqual(result.returncode, 0, result.stderr.decode())
        text = result.stdout.decode()
        self.assertRegex(text, r"1000205  dec ecx +\| ")
        self.assertRegex(text, r"\| dec ecx\n")
        self.assertIn("something is due", text)
        told = json.loads(path.read_text())
        self.assertEqual(told["address"], 0x1000205)
        self.assertGreater(told["host_bytes"], told["guest_bytes"])
        treatments = {line["guest"].split()[0]: line["treatment"] for line in told["lines"] if line["guest"]}
        self.assertEqual((treatments["dec"], treatments["jnz"], treatments["out"]), ("copied", "rewritten", "called"))

    def test_every_line_is_explained(self):
        path = self.folder / "explanation.json"
        self.explain("--at", "0x1000205", "--json", str(path))
        for line in json.loads(path.read_text())["lines"]:
            self.assertTrue(line["treatment"] and line["reason"], line)

    def test_what_cannot_be(self):
        self.assert_refused(self.explain(), 2, "--at")
        for address in ("", "here", "0x", "-1", "0x10000000000000000"):
            self.assert_refused(self.explain(f"--at={address}"), 2, "--at", address)
        self.assert_refused(self.explain("--at", "0x1000206"), 2, "0x1000206", "power-off")
        spinning = self.explain("--at", "0x5", "--max-instructions", "5000000", code=(SPIN,))
        self.assert_refused(spinning, 2, "instruction-limit")
        self.assert_refused(self.explain("--at", "5", "--json", str(self.folder / "absent" / "file")), 2, "--json")


class LockstepTest(RingerTest):
    def lockstep(self, *code, arguments=(), **options):
        return self.ringer("lockstep", "--kernel", self.kernel(*code), *arguments, **options)

    def test_help_teaches(self):
        result = self.ringer("lockstep", "--help")
        self.assertEqual(result.returncode, 0)
        text = " ".join(result.stdout.decode().split())
        defaults = {
            "--engines": "interpreter,translator",
            "--every": "100000",
            "--clock": "virtual",
            "--json": "none",
        }
        for option, default in defaults.items():
            self.assertRegex(text, rf"{option} [^-]*(-[^-]*)*\(default: {default}\)")
        self.assertIn("Exit status: 4 the engines differ", text)

    def test_bad_values(self):
        cases = {
            "--engines": ["", "interpreter", "interpreter,", ",", "interpreter,warp", ",".join(3 * ["interpreter"])],
            "--every": ["0", "-1", "often", ""],
            "--clock": ["host", "sundial"],
            "--memory": ["1M"],
            "--log-level": ["loud"],
        }
        kernel = self.kernel(POWER_OFF)
        for option, values in cases.items():
            for value in values:
                with self.subTest(option=option, value=value):
                    result = self.ringer("lockstep", "--kernel", kernel, f"{option}={value}")
                    self.assert_refused(result, 2, option, value)

    def test_unknown_words(self):
        for word in ("--engine", "--stats", "more"):
            result = self.lockstep(POWER_OFF, arguments=[word])
            self.assert_refused(result, 2, word, "ringer lockstep --help")
        self.assert_refused(self.ringer("lockstep"), 2, "--kernel")
        self.assert_refused(self.ringer("lockstep", "--every"), 2, "--every", "ringer lockstep --help")

    def test_the_json_path_is_tried_before_the_guest_starts(self):
        path = str(self.folder / "absent" / "file")
        self.assert_refused(self.lockstep(say("started"), POWER_OFF, arguments=["--json", path]), 2, "--json", path)

    def assert_ends(self, status, reason, *code, arguments=(), **options):
        """No difference, and the status that `ringer run` has; what was printed, and the result."""
        path = self.folder / "result.json"
        result = self.lockstep(*code, arguments=["--json", str(path), *arguments], **options)
        self.assertEqual(result.returncode, status, result.stderr.decode())
        contents = json.loads(path.read_text())
        self.assertFalse(contents["differ"])
        self.assertEqual((contents["reason"], contents["exit_status"]), (reason, status))
        return result.stdout, contents

    def test_endings(self):
        panic = say("[    1.0] Kernel panic - not syncing: Fatal exception\r\n")
        self.assert_ends(43, "debug-exit", out8(0xF4, 21), SPIN)
        self.assert_ends(3, "reset", out8(0xCF9, 6), SPIN)
        self.assert_ends(255, "panic", panic, DISABLE_INTERRUPTS, HALT)
        self.assert_ends(125, "triple-fault", UNDEFINED)
        self.assert_ends(124, "timeout", SPIN, arguments=["--timeout", "100ms"])
        self.assert_ends(124, "timeout", DISABLE_INTERRUPTS, HALT, arguments=["--timeout", "100ms"])

    def test_output_is_shown_once(self):
        output, contents = self.assert_ends(0, "power-off", say("hello"), POWER_OFF)
        self.assertEqual(output, b"hello")
        self.assertEqual(contents["engines"], ["interpreter", "translator"])
        self.assertRegex(contents["digest"], r"\A[0-9a-f]{32}\Z")

    def test_input_reaches_both(self):
        text = b"some words, more than a FIFO holds\x01xq"
        options = {"arguments": ["--every", "1000"], "input": text, "stdin": None}
        output, _ = self.assert_ends(0, "power-off", ECHO, POWER_OFF, **options)
        self.assertEqual(output, text)

    def test_a_kernel_in_a_pipe(self):
        result = self.ringer("lockstep", "--kernel", "/dev/stdin", stdin=None, input=bz_image(say("hi") + POWER_OFF))
        self.assertEqual((result.returncode, result.stdout), (0, b"hi"))

    def test_comparisons_and_the_instruction_limit(self):
        for every, comparisons in ((1, 2500), (1000, 3), (1_000_000_000, 1)):
            _, contents = self.assert_ends(
                126, "instruction-limit", SPIN, arguments=["--every", str(every), "--max-instructions", "2500"]
            )
            self.assertEqual((contents["instructions"], contents["comparisons"]), (2500, comparisons))

    def test_one_engine_beside_itself(self):
        self.assert_ends(0, "power-off", POWER_OFF, arguments=["--engines", "interpreter,interpreter"])

    def start_spinning(self):
        process = subprocess.Popen(
            [RINGER, "lockstep", "--kernel", self.kernel(say("up"), SPIN)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.assertEqual(process.stdout.read(2), b"up")
        return process

    def test_signals(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            process = self.start_spinning()
            process.send_signal(number)
            process.stdout.close()
            self.assertEqual(process.wait(), 128 + number)

    def test_a_killed_command_leaves_no_process_behind(self):
        process = self.start_spinning()
        process.kill()
        # A copy of the process would hold the other end of the pipe.
        self.assertEqual(process.stdout.read(), b"")
        process.stdout.close()
        self.assertEqual(process.wait(), -signal.SIGKILL)


if __name__ == "__main__":
    RINGER, VERSION = os.path.abspath(sys.argv[1]), sys.argv[2]
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
