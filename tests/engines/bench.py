#!/usr/bin/python3
"""Measures engines with several runtimes in turn; from the samples it makes bench.json, and from that a table (bench.md) and a picture (bench.svg).

bench.py DIRECTORY RUNS PODS NAME=PATH...     the first runtime is the one that is compared with the others
bench.py --render DIRECTORY                   table and picture anew from bench.json
"""
import concurrent.futures
import datetime
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import time

EXECS = 5 # health checks of one sample


def run(*command):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode != 0:
        sys.exit(f"bench.py: {' '.join(command)}: exit code {done.returncode}: {done.stdout.decode(errors='replace')}")
    return done.stdout.decode()


def seconds(action):
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def in_turn(names, rounds, sample, warm_up=1):
    """One sample of each runtime in turn, in an order that rotates: a noisy machine is noisy for all. The first rounds only warm up."""
    samples = {name: [] for name in names}
    for i in range(rounds + warm_up):
        for j in range(len(names)):
            name = names[(i + j) % len(names)]
            value = sample(name)
            if i >= warm_up:
                samples[name].append(value)
    return samples


def docker_run(name):
    return seconds(lambda: run("docker", "run", "--rm", "--network", "none", "--runtime", name, "img", "true"))


def docker_exec(name):
    def checks():
        for _ in range(EXECS):
            run("docker", "exec", f"health-{name}", "true")
    return seconds(checks) / EXECS


class Pods:
    """Pods with one container each, by the CRI, ten calls at a time as kubelet makes them."""

    def __init__(self, count):
        import grpc

        import cri

        self.count = count
        self.messages, services = cri.stubs()
        self.service = services.RuntimeServiceStub(grpc.insecure_channel("unix://" + os.environ["CRI_SOCKET"]))
        self.ids = {}

    def start(self, name, number):
        m = self.messages
        config = m.PodSandboxConfig(metadata=m.PodSandboxMetadata(name=f"{name}{number}", uid=f"{name}{number}", namespace="bench"))
        # The network of a pod is the plugins' work, not the runtime's: that of the host.
        config.linux.security_context.namespace_options.network = m.NODE
        config.linux.cgroup_parent = "/kubepods"
        pod = self.service.RunPodSandbox(m.RunPodSandboxRequest(config=config, runtime_handler=name)).pod_sandbox_id
        container = m.ContainerConfig(metadata=m.ContainerMetadata(name="c"), image=m.ImageSpec(image="localhost/img:1"), command=["sleep", "100000"])
        made = self.service.CreateContainer(m.CreateContainerRequest(pod_sandbox_id=pod, config=container, sandbox_config=config)).container_id
        self.service.StartContainer(m.StartContainerRequest(container_id=made))
        return pod

    def remove(self, pod):
        m = self.messages
        self.service.StopPodSandbox(m.StopPodSandboxRequest(pod_sandbox_id=pod))
        self.service.RemovePodSandbox(m.RemovePodSandboxRequest(pod_sandbox_id=pod))

    def start_all(self, name):
        with concurrent.futures.ThreadPoolExecutor(10) as pool:
            self.ids[name] = list(pool.map(lambda number: self.start(name, number), range(self.count)))

    def remove_all(self, name):
        with concurrent.futures.ThreadPoolExecutor(10) as pool:
            list(pool.map(self.remove, self.ids[name]))


def measure(rounds, pods, targets):
    names = list(targets)
    rows = {"docker run --rm true": in_turn(names, rounds, docker_run)}
    rows["podman run --rm true"] = in_turn(names, rounds, lambda name: seconds(
        lambda: run("podman", "--runtime", targets[name], "run", "--rm", "--network", "none", "img", "true")))
    for name in names:
        run("docker", "run", "-d", "--name", f"health-{name}", "--network", "none", "--runtime", name, "img", "sleep", "100000")
    rows["docker exec true, as a health check"] = in_turn(names, rounds, docker_exec)
    for name in names:
        run("docker", "rm", "-f", f"health-{name}")

    group = Pods(pods)
    removals = {name: [] for name in names}

    def start_and_remove(name):
        taken = seconds(lambda: group.start_all(name))
        removals[name].append(seconds(lambda: group.remove_all(name)))
        return taken

    rows[f"{pods} pods by the CRI: start"] = in_turn(names, max(2, rounds // 10), start_and_remove, warm_up=0)
    rows[f"{pods} pods by the CRI: stop and remove"] = removals
    return rows


def summary(values):
    ordered = sorted(values)
    return {"minimum": ordered[0], "median": statistics.median(ordered), "p90": ordered[min(len(ordered) - 1, len(ordered) * 9 // 10)], "samples": len(ordered)}


def text(value):
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.2f} s"


def table(result):
    names = list(result["runtimes"])
    first, others = names[0], names[1:]
    lines = ["| median | " + " | ".join(result["runtimes"][n] for n in names) + " | " + " | ".join(f"{first}/{n}" for n in others) + " | samples |",
             "| --- |" + " --- |" * (len(names) + len(others) + 1)]
    for row, values in result["rows"].items():
        medians = {n: values[n]["median"] for n in names}
        lines.append(f"| {row} | " + " | ".join(text(medians[n]) for n in names) + " | "
                     + " | ".join(f"{medians[first] / medians[n]:.2f}" for n in others) + f" | {values[first]['samples']} |")
    return "\n".join(lines) + "\n"


def picture(result):
    """Bars, each row to the scale of its slowest; a mark at the 90th percentile."""
    names = list(result["runtimes"])
    colours = dict(zip(names, ("#2a7f62", "#c98a1b", "#7a8594")))
    bar, gap, left, width = 16, 22, 20, 520
    parts, y = [], 52
    for row, values in result["rows"].items():
        scale = width / max(values[n]["p90"] for n in names)
        parts.append(f'<text x="{left}" y="{y}" class="row">{row}</text>')
        y += 8
        for n in names:
            median, p90 = values[n]["median"] * scale, values[n]["p90"] * scale
            parts.append(f'<rect x="{left}" y="{y}" width="{median:.1f}" height="{bar - 3}" fill="{colours[n]}"/>')
            parts.append(f'<path d="M{left + median:.1f} {y + bar / 2 - 1.5}H{left + p90:.1f}m0 -4v8" stroke="{colours[n]}"/>')
            parts.append(f'<text x="{left + p90 + 8:.1f}" y="{y + bar - 5}">{result["runtimes"][n]}: {text(values[n]["median"])}</text>')
            y += bar
        y += gap
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 {y}" font-family="sans-serif" font-size="11">\n'
            "<style>text { fill: #222 } .row { font-size: 13px; font-weight: bold } .title { font-size: 13px }</style>\n"
            f'<rect width="760" height="{y}" fill="#fff"/>\n<text x="{left}" y="24" class="title">{", ".join(result["runtimes"].values())}: '
            "medians, a line to the 90th percentile; shorter is better</text>\n" + "\n".join(parts) + "\n</svg>\n")


def version(path):
    return run(path, "--version").split("\n", 1)[0].replace(" version", "")


def main(arguments):
    directory = pathlib.Path(arguments[1] if arguments[0] == "--render" else arguments[0])
    if arguments[0] != "--render":
        targets = dict(argument.split("=", 1) for argument in arguments[3:])
        rows = measure(int(arguments[1]), int(arguments[2]), targets)
        result = {"date": datetime.date.today().isoformat(), "kernel": platform.release(), "cpus": os.cpu_count(),
                  "engines": [run("docker", "--version").strip(), run("podman", "--version").strip(), " ".join(run("containerd", "--version").split()[:3:2])],
                  "runtimes": {name: version(path) for name, path in targets.items()},
                  "rows": {row: {name: summary(values) for name, values in samples.items()} for row, samples in rows.items()}}
        (directory / "bench.json").write_text(json.dumps(result, indent=1) + "\n")
    result = json.loads((directory / "bench.json").read_text())
    (directory / "bench.md").write_text(table(result))
    (directory / "bench.svg").write_text(picture(result))
    print(table(result), end="")


main(sys.argv[1:])
