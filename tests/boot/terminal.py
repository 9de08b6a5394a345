"""`ringer run` on a terminal, for tests."""

import os
import pty
import re

import ringer

ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[^\[]")
PART_OF_ESCAPE = re.compile(r"\x1b(\[[0-9;?]*)?$")


class Terminal:
    """`ringer run` on a pseudo-terminal of its own. Of its output, escape sequences are left out: where the screen is
    drawn anew, the rest of a word may follow the cursor's way to it."""

    def __init__(self, *options: str):
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.execvp(ringer.RINGER, [ringer.RINGER, "run", *options])
        self.output = ""
        self.part = ""

    def take(self, chunk: bytes) -> None:
        text = self.part + chunk.decode(errors="replace")
        part = PART_OF_ESCAPE.search(text)
        self.part = part.group() if part else ""
        self.output += ESCAPE.sub("", text.removesuffix(self.part))

    def type(self, text: str) -> None:
        os.write(self.terminal, text.encode())

    def expect(self, text: str) -> str:
        """Reads up to `text`; returns what came before it."""
        while text not in self.output:
            try:
                chunk = os.read(self.terminal, 4096)
            except OSError:  # The other side is closed.
                chunk = b""
            if not chunk:
                raise AssertionError(f"ended without {text!r}; its last words: {self.output[-2000:]}")
            self.take(chunk)
        before, self.output = self.output.split(text, 1)
        return before

    def end(self) -> int:
        """Reads to the end; the exit status."""
        try:
            while chunk := os.read(self.terminal, 4096):
                self.take(chunk)
        except OSError:
            pass
        os.close(self.terminal)
        return os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])
