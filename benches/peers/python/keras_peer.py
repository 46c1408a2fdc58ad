"""Keras: `fit` and `predict` with its defaults; the task's variant is the backend."""

import json
import os
import sys

BACKEND = json.loads(sys.argv[1])["variant"]
os.environ["KERAS_BACKEND"] = BACKEND
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras  # noqa: E402
from protocol import Peer, run  # noqa: E402


class Keras(Peer):
    packages = ("keras", BACKEND)

    def __init__(self, task, x, y):
        threads = task["threads"]
        if BACKEND == "tensorflow":
            import tensorflow

            tensorflow.config.threading.set_intra_op_parallelism_threads(threads)
            tensorflow.config.threading.set_inter_op_parallelism_threads(threads)
        *hidden, outputs = task["widths"][1:]
        layers = [keras.layers.Dense(width, "relu") for width in hidden]
        head = keras.layers.Dense(outputs, "sigmoid" if outputs == 1 else "softmax")
        self.model = keras.Sequential([keras.Input((x.shape[1],)), *layers, head])
        metrics = ["accuracy", keras.metrics.Recall(), keras.metrics.Precision()] if task["metrics"] else None
        loss = "binary_crossentropy" if outputs == 1 else "sparse_categorical_crossentropy"
        self.model.compile("adam", loss, metrics=metrics)
        self.x, self.y, self.batch, self.one = x, y, task["batch"], x[:1].copy()
        if task["kind"] in ("train", "memory"):
            # Compiled before the clock starts, for whole batches and for the last one.
            some = 4 * self.batch + len(x) % self.batch
            self.model.fit(x[:some], y[:some], batch_size=self.batch, verbose=0)

    def fit(self, epochs):
        self.model.fit(self.x, self.y, batch_size=self.batch, epochs=epochs, verbose=0)

    def predict(self):
        return self.model.predict(self.x, batch_size=self.block, verbose=0)

    def predict_one(self):
        # `predict` itself takes several times as long, and a direct call of the model, which is not compiled, too.
        return self.model.predict_on_batch(self.one)


run(Keras)
