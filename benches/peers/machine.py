"""What the figures were measured on."""

import os
import platform
import re
import subprocess

from works import HERE


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, cwd=HERE).stdout.strip()


def machine():
    text = open("/proc/cpuinfo").read()
    model = re.search(r"model name\s*: (.*)", text)
    flags = set(re.search(r"flags\s*: (.*)", text)[1].split()) if "flags" in text else set()
    sets = [name for name, flag in (("AVX-512", "avx512f"), ("AVX2", "avx2")) if flag in flags]
    return {
        "processor": model[1] if model else platform.processor() or platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "instructions": sets[0] if sets else "neither AVX2 nor AVX-512",
        "system": f"{platform.freedesktop_os_release().get('PRETTY_NAME', 'Linux')}, kernel {platform.release().split('-')[0]}",
        "rustc": output("rustc", "--version").split()[1],
        "python": platform.python_version(),
    }


def rust_versions(peers):
    """The versions in the lock file of those of these peers that are in Rust, and the commit of perceptra."""
    lock = open(os.path.join(HERE, "rust", "Cargo.lock")).read()
    names = ("perceptra", "burn", "candle-core", "rustyml")
    names = [name for name in names if any(peer.split(" ")[0] == name.split("-")[0] for peer in peers)]
    versions = {name: re.search(rf'name = "{name}"\nversion = "(.*)"', lock)[1] for name in names}
    commit = output("git", "rev-parse", "--short", "HEAD")
    return {name: f"{version} ({commit})" if name == "perceptra" else version for name, version in versions.items()}
