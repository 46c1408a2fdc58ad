"""Runs every work in every peer, each in its own process, and writes the medians.

    python compare.py [--repeats N] [--works NAME…] [--peers NAME…]

The repeats go round all peers before any peer comes again, so that a slow drift of the machine hits all alike. A
process is held to as many processors as the work has threads. A run of all works that includes perceptra writes
results.json and docs/performance.md for this kind of machine; any other only prints.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from datetime import date
from statistics import median

import table
from machine import machine, rust_versions
from works import PEERS, TARGET, WORKS

PROTOTYPE = os.environ.get("PEERS_PROTOTYPE")


def environment(threads):
    """As many threads as the work has, for every library's own switch."""
    names = ("PERCEPTRA", "OMP", "MKL", "OPENBLAS", "RAYON")
    said = {f"{name}_NUM_THREADS": str(threads) for name in names}
    if threads == 1:
        said["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    return {**os.environ, **said, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONWARNINGS": "ignore"}


def run(name, command, work):
    """What the program prints; nothing, with a word on standard error, if it fails."""
    said = environment(work.threads)
    if work.kind == "memory":
        # What a program frees goes back to the system at once and cannot hide what comes after it.
        said.update(MALLOC_MMAP_THRESHOLD_="131072", MALLOC_TRIM_THRESHOLD_="0")
    processors = sorted(os.sched_getaffinity(0))[: work.threads]
    hold = lambda: os.sched_setaffinity(0, processors)  # noqa: E731
    done = subprocess.run(command, env=said, preexec_fn=hold, capture_output=True, text=True)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"status {done.returncode}"]
        print(f"{work.name:<7} {name} failed: {lines[-1]}", file=sys.stderr, flush=True)
    return "" if done.returncode else done.stdout


def measure(peer, work):
    """What the peer answers: value, loss, versions."""
    task = {
        "kind": work.kind,
        "file": os.path.join(TARGET, "data", f"{work.table}.f32"),
        "widths": work.widths,
        "batch": work.batch,
        "metrics": work.metrics,
        "threads": work.threads,
        "variant": peer.variant,
    }
    printed = run(peer.name, (*peer.command, json.dumps(task)), work)
    return json.loads(printed.splitlines()[-1]) if printed else None


def prototype(work):
    """The prototype of the first work prints a line for each epoch; the first is a warm-up."""
    printed = run("prototype", (os.path.join(TARGET, "prototype"),), work)
    steps = [float(step) for step in re.findall(r"us/step ([\d.]+)", printed)][1:]
    return {"value": median(steps) * 1e-6, "loss": None} if steps else None


def gather(works, peers, repeats):
    found, versions = {}, {}
    for work in works:
        able = [(peer.name, lambda peer=peer: measure(peer, work)) for peer in peers if work.kind in peer.kinds]
        if PROTOTYPE and work is WORKS[0]:
            able.append(("prototype", lambda: prototype(work)))
        answers = {name: [] for name, _ in able}
        for i in range(repeats):
            for name, call in able:
                answer = call()
                if answer:
                    answers[name].append(answer)
                    versions.update(answer.get("versions", {}))
                    print(f"{work.name:<7} {i + 1}/{repeats} {name:<20} {work.shown(answer['value'])}", flush=True)
        found[work.name] = {
            name: {
                "median": median(answer["value"] for answer in all_answers),
                "values": [answer["value"] for answer in all_answers],
                "loss": all_answers[-1]["loss"],
            }
            for name, all_answers in answers.items()
            if all_answers
        }
    return found, versions


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--works", nargs="+", default=[work.name for work in WORKS])
    parser.add_argument("--peers", nargs="+", default=[peer.name for peer in PEERS])
    options = parser.parse_args()
    works = [work for work in WORKS if work.name in options.works]
    peers = [peer for peer in PEERS if peer.name in options.peers]
    if PROTOTYPE:
        flags = ["-O", "-Ctarget-cpu=native", "--edition=2021", "-Awarnings"]
        subprocess.run(["rustc", *flags, "-o", os.path.join(TARGET, "prototype"), PROTOTYPE], check=True)
    found, versions = gather(works, peers, options.repeats)
    here, today = machine(), f"{date.today().day} {date.today():%B %Y}"
    versions = {**rust_versions([peer.name for peer in peers]), **versions}
    results = {**table.read(here), "date": today, "machine": here, "versions": versions}
    results.update(repeats=options.repeats, works=found)
    print(table.markdown(results))
    if works == WORKS and PEERS[0] in peers:
        table.write(results)


if __name__ == "__main__":
    main()
