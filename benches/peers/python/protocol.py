"""What the peers in Python share: the task, the data file, the clock, and the line that each prints.

    python PEER.py TASK

with the task as JSON, as compare.py makes it; the counterpart for Rust is rust/peer.
"""

import json
import math
import sys
import time
from importlib.metadata import version

import numpy as np


class Peer:
    """The same work in one library: a network with fresh weights and the data in the library's own form."""

    packages = ()
    #: The rows that are predicted together.
    block = 8192

    def __init__(self, task, x, y):
        raise NotImplementedError

    def steps(self, rows, batch):
        """The training steps of an epoch."""
        return math.ceil(rows / batch)

    def fit(self, epochs):
        raise NotImplementedError

    def predict(self):
        """The probabilities of all samples."""
        raise NotImplementedError

    def predict_one(self):
        """The probability of the first sample."""
        raise NotImplementedError


def seconds(call):
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def training(peer, y):
    """The seconds of one epoch, and the loss after the first.

    Of epochs that fill two seconds, or of a first that takes more than one.
    """
    first = seconds(lambda: peer.fit(1))
    loss = cross_entropy(np.asarray(peer.predict()), y)
    if first > 1:
        return first, loss
    epochs = math.ceil(2 / first)
    return seconds(lambda: peer.fit(epochs)) / epochs, loss


def repeated(call):
    """The mean seconds of a call.

    Of as many as fill half a second or more, each time twice as many as before, so that what is cold in the first ones
    does not count.
    """
    calls = 1
    while True:
        passed = seconds(lambda: [call() for _ in range(calls)] and None)
        if calls > 2 and passed > 0.5:
            return passed / calls
        calls *= 2


def choose_block(peer, rows):
    """Everybody predicts in the blocks that suit it best."""

    def taken(block):
        peer.block = block
        peer.predict()
        return min(seconds(peer.predict) for _ in range(3))

    peer.block = min((8192, 65536, rows), key=taken)


def cross_entropy(p, y):
    p = p.reshape(len(y), -1).astype("float64")
    of_target = np.where(y == 1, p[:, 0], 1 - p[:, 0]) if p.shape[1] == 1 else p[np.arange(len(y)), y.astype(int)]
    return float(-np.log(np.clip(of_target, 1e-7, 1)).mean())


def resident(name):
    """A figure of this process's memory, in bytes."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith(name))


def forget_peak():
    """Resets the peak of the resident set to its present size."""
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")


def run(make):
    task = json.loads(sys.argv[1])
    table = np.fromfile(task["file"], "<f4").reshape(-1, task["widths"][0] + 1)
    x, y = np.ascontiguousarray(table[:, :-1]), np.ascontiguousarray(table[:, -1])
    del table
    peer = make(task, x, y)
    loss = None
    if task["kind"] == "train":
        value, loss = training(peer, y)
        value /= peer.steps(len(x), task["batch"])
    elif task["kind"] == "memory":
        forget_peak()
        before = resident("VmRSS")
        peer.fit(1)
        value = resident("VmHWM") - before
    elif task["kind"] == "predict":
        choose_block(peer, len(x))
        value = repeated(peer.predict)
    else:
        value = repeated(peer.predict_one)
    versions = {package: version(package) for package in peer.packages}
    print(json.dumps({"value": value, "loss": loss, "versions": versions}))
