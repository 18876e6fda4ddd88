#!/usr/bin/python3
"""Runs a command on a terminal and does what a person would.

terminal.py STEP... -- COMMAND...
    size:ROWSxCOLUMNS   gives the terminal that size; as the first step before the command starts, which else has 24x80
    expect:TEXT         waits until the command has printed TEXT since the last expect
    send:TEXT           types TEXT, with \\x escapes
Then it waits for the end, prints everything that was seen, without carriage returns, and exits as the command did;
124 and what was waited for, if nothing came for a minute.
"""
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

LIMIT = 60


def set_size(terminal, size):
    rows, columns = (int(part) for part in size.split("x"))
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


class Terminal:
    def __init__(self, size, command):
        self.seen, self.looked_at, self.resized = b"", 0, False
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            set_size(0, size)
            os.execvp(command[0], command)

    def read(self, until):
        """Reads once; false at the end of the output or when time is up."""
        ready, _, _ = select.select([self.master], [], [], max(0, until - time.monotonic()))
        try:
            data = os.read(self.master, 65536) if ready else b""
        except OSError:
            data = b""
        self.seen += data
        return bool(data)

    def resize(self, size):
        set_size(self.master, size)
        self.resized = True

    # An engine's command that has just passed its first size on may not listen for others yet: a person would move the window once more.
    def expect(self, text):
        until = time.monotonic() + LIMIT
        while (found := self.seen.find(text, self.looked_at)) < 0:
            soon = time.monotonic() + 1 if self.resized else until
            if self.read(min(soon, until)):
                continue
            if time.monotonic() < soon or soon >= until:
                self.give_up(text)
            os.kill(self.pid, signal.SIGWINCH)
        self.looked_at = found + len(text)

    def give_up(self, text):
        os.kill(self.pid, signal.SIGKILL)
        self.show()
        print(f"terminal.py: did not see {text!r}")
        sys.exit(124)

    def show(self):
        sys.stdout.write(self.seen.decode(errors="replace").replace("\r", ""))

    def end(self):
        until = time.monotonic() + LIMIT
        while self.read(until):
            pass
        if time.monotonic() >= until:
            self.give_up(b"the end")
        _, status = os.waitpid(self.pid, 0)
        self.show()
        return os.waitstatus_to_exitcode(status)


def main(arguments):
    at = arguments.index("--")
    steps = [step.split(":", 1) for step in arguments[:at]]
    size = steps.pop(0)[1] if steps and steps[0][0] == "size" else "24x80"
    terminal = Terminal(size, arguments[at + 1:])
    for verb, text in steps:
        if verb == "size":
            terminal.resize(text)
        elif verb == "expect":
            terminal.expect(text.encode())
        elif verb == "send":
            os.write(terminal.master, text.encode().decode("unicode_escape").encode("latin-1"))
        else:
            sys.exit(f"terminal.py: no such step: {verb}")
    sys.exit(terminal.end())


main(sys.argv[1:])
