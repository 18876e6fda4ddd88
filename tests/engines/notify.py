#!/usr/bin/python3
"""A listener in the place of systemd.

notify.py MESSAGE COMMAND...: runs the command with a $NOTIFY_SOCKET of its own, prints what arrives there, and exits with 0 once MESSAGE
has; otherwise it waits until it is stopped.
"""
import os
import socket
import subprocess
import sys

path = os.environ.get("XDG_RUNTIME_DIR", "/run") + "/notify.sock"
with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
    listener.bind(path)
    os.environ["NOTIFY_SOCKET"] = path
    command = subprocess.Popen(sys.argv[2:])
    while True:
        message = listener.recv(4096).decode()
        print(message, flush=True)
        if sys.argv[1] in message.split("\n"):
            break
    os.unlink(path)
    sys.exit(command.wait())
