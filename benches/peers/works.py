"""What is measured, and by whom."""

import os
from dataclasses import dataclass

HERE = os.path.dirname(os.path.abspath(__file__))
TARGET = os.path.join(HERE, "target")
ENVIRONMENTS = os.environ.get("PEERS_ENVIRONMENTS", os.path.join(TARGET, "environments"))
ROWS = {"narrow": 500_000, "medium": 100_000, "wide": 20_000}
NARROW, MEDIUM, WIDE = (12, 12, 12, 1), (30, 64, 64, 1), (784, 512, 256, 10)


@dataclass(frozen=True)
class Work:
    """One measurement. A peer answers with seconds (of a step, a prediction) or bytes, so less is better throughout."""

    name: str
    what: str
    kind: str
    table: str
    widths: tuple
    batch: int
    threads: int = 1
    metrics: bool = False

    def shown(self, value):
        """The value in the unit that people use for it."""
        if self.kind == "train":
            return f"{value * 1e6:,.{2 if value < 1e-4 else 0}f} µs"
        if self.kind == "predict":
            return f"{ROWS[self.table] / value / 1e6:,.1f} M/s"
        if self.kind == "one-row":
            return f"{value * 1e6:,.2f} µs"
        return f"{value / (ROWS[self.table] * self.widths[0] * 4):,.2f} ×"


WORKS = [
    Work("A 32", "a training step, batch 32", "train", "narrow", NARROW, 32, metrics=True),
    Work("A 256", "a training step, batch 256", "train", "narrow", NARROW, 256, metrics=True),
    Work("A 1024", "a training step, batch 1,024", "train", "narrow", NARROW, 1024, metrics=True),
    Work("B 1", "a training step, batch 128, one thread", "train", "wide", WIDE, 128),
    Work("B 2", "a training step, batch 128, two threads", "train", "wide", WIDE, 128, threads=2),
    Work("C 1", "a training step, batch 256, one thread", "train", "medium", MEDIUM, 256),
    Work("C 2", "a training step, batch 256, two threads", "train", "medium", MEDIUM, 256, threads=2),
    Work("D 1", "prediction of 500,000 rows, one thread", "predict", "narrow", NARROW, 8192),
    Work("D 2", "prediction of 500,000 rows, two threads", "predict", "narrow", NARROW, 8192, threads=2),
    Work("E", "prediction of one row", "one-row", "narrow", NARROW, 32),
    Work("F", "peak of memory while fitting, two threads", "memory", "narrow", NARROW, 256, threads=2, metrics=True),
]


@dataclass(frozen=True)
class Peer:
    """A program that does the works of some kinds."""

    name: str
    command: tuple
    variant: str = ""
    kinds: tuple = ("train", "predict", "one-row", "memory")


def rust(program, name, **rest):
    return Peer(name, (os.path.join(TARGET, "rust", "release", f"peer-{program}"),), **rest)


def python(environment, program, name, **rest):
    interpreter = os.path.join(ENVIRONMENTS, environment, "bin", "python")
    return Peer(name, (interpreter, os.path.join(HERE, "python", f"{program}.py")), **rest)


PEERS = [
    rust("perceptra", "perceptra"),
    rust("perceptra", "perceptra, matrix reused", variant="reused", kinds=("one-row",)),
    python("jax", "jax_peer", "JAX, compiled epoch"),
    rust("rustyml", "rustyml"),
    python("jax", "sklearn_peer", "scikit-learn"),
    rust("burn", "burn (ndarray)", variant="ndarray"),
    rust("burn", "burn (flex)", variant="flex"),
    rust("candle", "candle"),
    python("torch", "torch_peer", "PyTorch"),
    python("torch", "torch_peer", "PyTorch, fused Adam", variant="fused", kinds=("train",)),
    python("jax", "keras_peer", "Keras on JAX", variant="jax"),
    python("tensorflow", "keras_peer", "Keras on TensorFlow", variant="tensorflow"),
    python("jax", "onnxruntime_peer", "ONNX Runtime", kinds=("predict", "one-row")),
]
