#!/usr/bin/python3
"""One stream of the CRI, as kubectl makes it through kubelet: a WebSocket to the address that the call gives.

stream.py METHOD JSON STEP...      METHOD: Attach, Exec or PortForward
    size:ROWSxCOLUMNS   tells the size of the terminal
    expect:TEXT         waits until TEXT has arrived since the last expect
    send:TEXT           sends TEXT, with \\x escapes
Then it waits for the end of the stream and prints what has arrived; with an error of the other side that, and exit code 1. A stream that is
still open after the last expect is closed by "close:".
"""
import base64
import json
import os
import socket
import struct
import subprocess
import sys
import time
import urllib.parse

LIMIT = 60
INPUT, ERROR, SIZE = 0, 3, 4


class WebSocket:
    def __init__(self, url, protocol):
        parts = urllib.parse.urlsplit(url)
        self.socket = socket.create_connection((parts.hostname, parts.port), timeout=LIMIT)
        key = base64.b64encode(os.urandom(16)).decode()
        path = parts.path + ("?" + parts.query if parts.query else "")
        self.socket.sendall((f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                             f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: {protocol}\r\n\r\n").encode())
        self.buffer = b""
        while b"\r\n\r\n" not in self.buffer:
            self.fill()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        if b" 101 " not in head.split(b"\r\n", 1)[0]:
            sys.exit("stream.py: " + head.decode(errors="replace"))

    def fill(self):
        data = self.socket.recv(65536)
        if not data:
            raise EOFError
        self.buffer += data

    def take(self, count):
        while len(self.buffer) < count:
            self.fill()
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    def frame(self):
        """The next message, or nothing at the end."""
        try:
            kind, length = self.take(2)
            if length == 126:
                length, = struct.unpack(">H", self.take(2))
            elif length == 127:
                length, = struct.unpack(">Q", self.take(8))
            body = self.take(length)
        except EOFError:
            return None
        return None if kind & 15 == 8 else body

    def send(self, body, kind=2):
        length = struct.pack("B", 128 | len(body)) if len(body) < 126 else struct.pack(">BH", 254, len(body))
        mask = os.urandom(4)
        self.socket.sendall(struct.pack("B", 128 | kind) + length + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(body)))


class Stream:
    def __init__(self, web_socket, forwards):
        self.web_socket, self.forwards = web_socket, forwards
        self.seen, self.error, self.looked_at = b"", b"", 0
        # Each channel of a forwarded port begins with the port.
        self.heads = {0, 1} if forwards else set()

    def read(self):
        body = self.web_socket.frame()
        if body is None:
            return False
        channel, data = body[0], body[1:]
        if channel in self.heads:
            self.heads.discard(channel)
            data = data[2:]
        if channel == (1 if self.forwards else ERROR):
            self.error += data
        else:
            self.seen += data
        return True

    def expect(self, text):
        until = time.monotonic() + LIMIT
        while (found := self.seen.find(text, self.looked_at)) < 0:
            if time.monotonic() > until or not self.read():
                sys.exit(f"stream.py: did not see {text!r}, but {self.seen!r} {self.error!r}")
        self.looked_at = found + len(text)

    def send(self, channel, data):
        self.web_socket.send(bytes([channel]) + data)


def main(method, request, *steps):
    here = os.path.dirname(os.path.abspath(__file__))
    url = json.loads(subprocess.run([sys.executable, f"{here}/cri.py", method, request], check=True, capture_output=True).stdout)["url"]
    forwards = method == "PortForward"
    if forwards:
        url += f"?port={json.loads(request)['port'][0]}"
    stream = Stream(WebSocket(url, "v4.channel.k8s.io"), forwards)
    closed = False
    for verb, text in (step.split(":", 1) for step in steps):
        if verb == "size":
            rows, columns = text.split("x")
            stream.send(SIZE, json.dumps({"Width": int(columns), "Height": int(rows)}).encode())
        elif verb == "expect":
            stream.expect(text.encode())
        elif verb == "send":
            stream.send(INPUT, text.encode().decode("unicode_escape").encode("latin-1"))
        elif verb == "close":
            stream.web_socket.send(b"", kind=8)
            closed = True
        else:
            sys.exit(f"stream.py: no such step: {verb}")
    while not closed and stream.read():
        pass
    sys.stdout.write(stream.seen.decode(errors="replace").replace("\r", ""))
    status = json.loads(stream.error) if stream.error.startswith(b"{") else {}
    if stream.error and status.get("status") != "Success":
        sys.exit(status.get("message") or stream.error.decode(errors="replace"))


main(*sys.argv[1:])
