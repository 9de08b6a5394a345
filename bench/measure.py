"""Runs plans and takes the time by the lines on the console: see bench/guest/bench.h for what they are.

A machine that is shared is now fast and now slow, for seconds or for minutes. So all monitors are up at once and one of
them works at a time: when its guest asks to begin a round, it waits while each of the others does one. What runs a plan
is a generator for that, which yields at each such question and returns when the plan is done.
"""

import os
import selectors
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from typing import IO, TypeVar

import monitors
import suite
from results import Results

# Seconds without a word of the console after which a monitor counts as hung. No test takes nearly as long.
PATIENCE = 300


Returned = TypeVar("Returned")
Rounds = Generator[None, None, Returned]


class Hung(Exception):
    pass


def in_turns(works: Iterable[Rounds[None]]) -> None:
    """Runs all to their ends, one at a time, each up to the round that it asks for next."""
    waiting = deque(works)
    try:
        while waiting:
            try:
                next(waiting[0])
                waiting.rotate(-1)
            except StopIteration:
                waiting.popleft()
    finally:
        for work in waiting:
            work.close()


def timed_lines(stream: IO[bytes]) -> Iterator[tuple[float, str]]:
    """The lines as they come, with the time at which each was complete."""
    rest = b""
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        while True:
            if not selector.select(PATIENCE):
                raise Hung
            piece = os.read(stream.fileno(), 65536)
            now = time.monotonic()
            if not piece:
                return
            *complete, rest = (rest + piece).split(b"\n")
            for line in complete:
                yield now, line.decode(errors="replace").strip()


class Reader:
    """Makes results of one boot's lines."""

    def __init__(self, monitor: str, tests: list[suite.Test], results: Results):
        self.monitor, self.results = monitor, results
        self.by_name = {test.name: test for test in tests}
        self.launched = time.monotonic()
        self.booted: float | None = None
        self.done = False
        self.begun: suite.Test | None = None
        self.began = 0.0
        self.stopped: float | None = None
        self.seen: set[suite.Test] = set()

    def fail(self, test: suite.Test, why: str) -> None:
        self.seen.add(test)
        self.results.fail(self.monitor, test, why)

    def begin(self, now: float, name: str) -> None:
        self.begun, self.began, self.stopped = self.by_name[name], now, None

    def end(self, now: float, checksum: str, operations: int) -> None:
        seconds = ((self.stopped or now) - self.began) / operations
        self.results.add_round(self.monitor, self.begun, seconds, checksum)
        self.seen.add(self.begun)
        self.begun = None

    def take(self, now: float, line: str) -> bool:
        """Returns whether the line wants an answer, whose sending begins the time."""
        at = line.find("BENCH ")
        match line[at:].split()[1:] if at >= 0 else []:
            case ["init"]:
                self.booted = now - self.launched
            case ["begin" | "ready" as word, name] if name in self.by_name:
                self.begin(now, name)
                return word == "ready"
            case ["stop", name] if self.begun and self.begun.name == name:
                self.stopped = now
            case ["end", name, checksum] if self.begun and self.begun.name == name:
                self.end(now, checksum, 1)
            case ["end", name, _, "0"] if self.begun and self.begun.name == name:
                self.fail(self.begun, "made no operation in its time")
                self.begun = None
            case ["end", name, checksum, operations] if self.begun and self.begun.name == name:
                self.end(now, checksum, int(operations))
            case ["rated", name, checksum, per_second] if self.begun and self.begun.name == name:
                self.results.add_round(self.monitor, self.begun, 1 / float(per_second), checksum)
                self.seen.add(self.begun)
                self.begun = None
            case ["skip", name] if name in self.by_name:
                self.seen.add(self.by_name[name])
            case ["failed", name, status] if name in self.by_name:
                self.fail(self.by_name[name], f"its process ended with status {status}")
                self.begun = None
            case ["done"]:
                self.done = True
        return False

    def close(self, how: str) -> None:
        """What the end of the console means for the tests that told no end."""
        missed = [test for test in self.by_name.values() if test not in self.seen]
        if self.done:
            for test in missed:
                self.fail(test, "told no result")
        elif self.begun or missed:
            self.fail(self.begun or missed[0], f"the monitor {how}")


def run_boot(
    monitor: monitors.Monitor, guest: monitors.Guest, tests: list[suite.Test], results: Results
) -> Rounds[Reader]:
    """One boot, as far as it goes. Whatever goes wrong is told in the results."""
    reader = Reader(monitor.name, tests, results)
    results.begin_run(monitor.name)
    how = ""
    with monitor.start(guest) as console:
        try:
            for now, line in timed_lines(console):
                if reader.take(now, line):
                    yield
                    reader.began = time.monotonic()
                    monitor.answer()
        except Hung:
            how = f"said nothing for {PATIENCE} s"
        except BaseException:
            monitor.kill()
            raise
        status = monitor.stop()
    reader.close((how or f"ended with status {status}") + monitor.last_words())
    memory = monitor.memory_beyond_guest()
    if memory is not None:
        results.add_memory(monitor.name, tests[0].group if tests else suite.BOOT, memory)
    return reader


def run_all(
    monitor: monitors.Monitor,
    tests: list[suite.Test],
    make_guest: Callable[[list[suite.Test]], monitors.Guest],
    results: Results,
) -> Rounds[float | None]:
    """All tests, with another boot for the rest of them when a test takes the monitor down. Returns the seconds from
    launch to init of the first boot; None when there was none."""
    left = list(tests)
    first: float | None = None
    while True:
        reader = yield from run_boot(monitor, make_guest(left), left, results)
        first = first if first is not None else reader.booted
        if reader.booted is None:
            for test in left:
                results.fail(monitor.name, test, "the guest did not come up")
            return first
        left = [test for test in left if test not in reader.seen]
        if reader.done or not left:
            return first
