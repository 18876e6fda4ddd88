#!/usr/bin/python3
"""One call of the CRI, as kubelet makes it.

cri.py METHOD JSON: sends the request to $CRI_SOCKET, prints the answer as JSON on one line; with an error its text, and exit code 1.
ExecSync prints both streams and exits as the command did.
"""
import importlib
import os
import pathlib
import sys

import grpc
from google.protobuf import json_format

STUBS = pathlib.Path(os.environ["WORK"]) / "cri"


def stubs():
    """The messages and the services, made from the description on first use."""
    if not (STUBS / "api_pb2_grpc.py").exists():
        from grpc_tools import protoc

        STUBS.mkdir(exist_ok=True)
        # An option that this compiler does not know yet, about what may be logged.
        text = pathlib.Path("/usr/local/share/cri/api.proto").read_text().replace("[debug_redact = true]", "")
        (STUBS / "api.proto").write_text(text)
        code = protoc.main(["protoc", f"-I{STUBS}", f"--python_out={STUBS}", f"--grpc_python_out={STUBS}", f"{STUBS}/api.proto"])
        if code != 0:
            sys.exit(f"cri.py: protoc ended with {code}")
    sys.path.insert(0, str(STUBS))
    return importlib.import_module("api_pb2"), importlib.import_module("api_pb2_grpc")


def main(method, request):
    messages, services = stubs()
    with grpc.insecure_channel("unix://" + os.environ["CRI_SOCKET"]) as channel:
        service = services.RuntimeServiceStub(channel)
        if not hasattr(service, method):
            service = services.ImageServiceStub(channel)
        message = json_format.Parse(request, getattr(messages, method + "Request")())
        try:
            answer = getattr(service, method)(message, timeout=90)
        except grpc.RpcError as error:
            sys.exit(error.details())
    if method == "ExecSync":
        sys.stdout.write((answer.stdout + answer.stderr).decode())
        sys.exit(answer.exit_code)
    print(json_format.MessageToJson(answer, indent=None))


if __name__ == "__main__":
    main(*sys.argv[1:])
