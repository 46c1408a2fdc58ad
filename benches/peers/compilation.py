"""The first `cargo build --release` of a program with one dependency, its packages at hand: seconds, and their number.

The program that depends on perceptra trains and predicts, so that its generic code is compiled too; the others are
empty.
"""

import os
import shutil
import subprocess
import time
from datetime import date

import table
from machine import machine, rust_versions
from works import HERE, TARGET

ROOT = os.path.realpath(os.path.join(HERE, "..", ".."))
PROGRAM = """\
use nalgebra::{DMatrix, DVector};
use perceptra::prelude::*;

fn main() -> perceptra::Result<()> {
    let x = DMatrix::from_fn(64, 3, |i, j| ((i * (j + 3)) % 7) as f32 / 7.0);
    let y = DVector::from_fn(64, |i, _| f32::from(u8::from(x[(i, 0)] > 0.4)));
    let mut ann = Sequential::new()
        .add(Dense::new(12, Relu))
        .add(Dense::new(12, Relu))
        .add(Dense::new(1, Sigmoid))
        .compile(Adam, BinaryCrossentropy, metrics![Accuracy, Recall, Precision]);
    ann.fit(&x, &y, Fit::new().batch_size(32).epochs(10))?;
    println!("{}", ann.predict(&x)?.nrows());
    Ok(())
}
"""
PROGRAMS = {
    "perceptra": (
        'nalgebra = { version = "0.35", default-features = false, features = ["alloc", "libm"] }\n'
        f'perceptra = {{ path = "{ROOT}" }}\n',
        PROGRAM,
    ),
    "rustyml": (
        'rustyml = { version = "=0.17.0", default-features = false, features = ["neural_network"] }\n',
        "fn main() {}\n",
    ),
    "candle": ('candle-core = "=0.11.1"\ncandle-nn = "=0.11.1"\n', "fn main() {}\n"),
    "burn (ndarray)": ('burn = { version = "=0.22.1", features = ["ndarray"] }\n', "fn main() {}\n"),
    "burn (flex)": ('burn = { version = "=0.22.1", features = ["flex"] }\n', "fn main() {}\n"),
}


def measure(dependencies, program):
    folder = os.path.join(TARGET, "compilation")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(os.path.join(folder, "src"))
    head = '[package]\nname = "program"\nversion = "0.0.0"\nedition = "2024"\n\n[workspace]\n\n[dependencies]\n'
    with open(os.path.join(folder, "Cargo.toml"), "w") as file:
        file.write(head + dependencies)
    with open(os.path.join(folder, "src", "main.rs"), "w") as file:
        file.write(program)

    def cargo(*arguments):
        environment = {**os.environ, "CARGO_TARGET_DIR": os.path.join(folder, "target")}
        done = subprocess.run(["cargo", *arguments], cwd=folder, env=environment, stdout=subprocess.PIPE, text=True)
        done.check_returncode()
        return done.stdout

    cargo("fetch", "--quiet")
    tree = cargo("tree", "--prefix", "none", "--edges", "normal,build", "--format", "{p}")
    packages = {line.split(" (")[0] for line in tree.splitlines()} - {"program v0.0.0"}
    start = time.perf_counter()
    cargo("build", "--quiet", "--release", "--offline")
    return {"packages": len(packages), "seconds": time.perf_counter() - start}


def main():
    here, today = machine(), f"{date.today().day} {date.today():%B %Y}"
    results = {"date": today, "versions": rust_versions(PROGRAMS), **table.read(here), "machine": here, "compilation": {}}
    for name, (dependencies, program) in PROGRAMS.items():
        one = results["compilation"][name] = measure(dependencies, program)
        print(f"{name:<15} {one['packages']:>4} packages {one['seconds']:7.1f} s", flush=True)
    table.write(results)


if __name__ == "__main__":
    main()
