#!/usr/bin/python3
"""What CRI-O does with conmon: the same arguments, pipes and files, without CRI-O.

conmon.py create ID OPTION...        makes the container of $WORK/bundle/ID; prints its PID, or the message and exits with 1
conmon.py exec ID PROCESS OPTION...  a command in it, from a file of the process: prints both streams from the log and exits as the command did
conmon.py attach ID TEXT WANTED      types TEXT into it and prints what comes until WANTED has
conmon.py control ID TEXT            writes TEXT into the container's control file (1 ROWS COLUMNS: size; 2 0 0: a new log file)

$RUNTIME and $ROOT say which runtime, and where its state is.
"""
import json
import os
import socket
import subprocess
import sys
import tempfile

WORK, RUNTIME, ROOT = (os.environ.get(name, "") for name in ("WORK", "RUNTIME", "ROOT"))
LIMIT = 60


def run(arguments):
    """Starts conmon, lets it go on once it is where it belongs, and gives its exit code and what it says."""
    ours, its = socket.socketpair()
    start, waits = socket.socketpair()
    environment = {"PATH": os.environ["PATH"], "_OCI_SYNCPIPE": str(its.fileno()), "_OCI_STARTPIPE": str(waits.fileno())}
    with ours, its, start, waits:
        process = subprocess.Popen(
            ["conmon", *arguments], env=environment, pass_fds=(its.fileno(), waits.fileno()), stdin=subprocess.DEVNULL)
        its.close()
        start.send(b"\0")
        process.wait(LIMIT)
        ours.settimeout(LIMIT)
        text = ours.makefile().readline()
    return json.loads(text) if text else {"message": f"conmon said nothing and ended with {process.returncode}"}


def create(name, *options):
    bundle = f"{WORK}/bundle/{name}"
    answer = run([
        "-b", bundle, "-c", name, "--exit-dir", f"{WORK}/exits", "-l", f"{bundle}/log", "--log-level", "info", "-n", f"k8s_{name}",
        "-P", f"{bundle}/conmon-pidfile", "-p", f"{bundle}/pidfile", "--persist-dir", bundle, "-r", RUNTIME, "--runtime-arg", f"--root={ROOT}",
        "--socket-dir-path", f"{WORK}/attach", "--syslog", "-u", name, *options])
    print(answer.get("message") or answer["pid"])
    return int(answer.get("pid", -1) < 0)


def execute(name, process, *options):
    with tempfile.TemporaryDirectory() as directory:
        log = directory + "/log"
        answer = run([
            "-c", name, "-n", f"k8s_{name}", "-r", RUNTIME, "-p", directory + "/pidfile", "-e", "-l", log, "--socket-dir-path", f"{WORK}/attach",
            "--log-level", "info", "--sync", "--log-global-size-max", "16777216", *options, "--exec-process-spec", process,
            "--runtime-arg", f"--root={ROOT}"])
        with open(log) as lines:
            # A time, the stream, F for a whole line.
            for line in lines:
                print(line.split(" ", 3)[3], end="")
    if answer.get("message"):
        print(answer["message"])
    return answer.get("exit_code", -1) & 0xff


def attach(name, text, wanted):
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as connection:
        connection.settimeout(LIMIT)
        connection.connect(f"{WORK}/attach/{name}/attach")
        connection.send(text.encode().decode("unicode_escape").encode())
        seen = ""
        # The first byte says which stream it is.
        try:
            while wanted not in seen and (packet := connection.recv(8193)):
                seen += packet[1:].decode()
        except TimeoutError:
            pass
    print(seen.replace("\r", ""), end="")
    return int(wanted not in seen)


def control(name, text):
    with open(f"{WORK}/bundle/{name}/ctl", "w") as file:
        file.write(text + "\n")
    return 0


verbs = {"create": create, "exec": execute, "attach": attach, "control": control}
sys.exit(verbs[sys.argv[1]](*sys.argv[2:]))
