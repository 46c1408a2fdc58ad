"""Trains the walkthrough's network in Keras on the rows that the example exported.

    cargo run --example loan_default -- --data FILE --export-split DIR
    python keras_split.py DIR SEED...

For every seed: ten epochs on train.csv, the figures on test.csv at threshold 0.55, ten epochs more on
balanced.csv with the same model, and the figures again; one JSON object a line.
"""

import csv
import json
import os
import sys

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras  # noqa: E402
import numpy as np  # noqa: E402
from sklearn.metrics import roc_auc_score  # noqa: E402

THRESHOLD = 0.55


def read(folder, name):
    with open(os.path.join(folder, name), newline="") as file:
        rows = csv.reader(file)
        next(rows)
        values = np.array([[float(cell) for cell in row] for row in rows], dtype="float32")
    return values[:, :-1], values[:, -1]


def figures(model, x, y):
    probability = model.predict(x, batch_size=4096, verbose=0)[:, 0]
    predicted = probability > THRESHOLD
    positive = y == 1
    return {
        "roc_auc": float(roc_auc_score(y, probability)),
        "recall": float((predicted & positive).sum() / positive.sum()),
    }


def main(folder, seeds):
    x_train, y_train = read(folder, "train.csv")
    x_balanced, y_balanced = read(folder, "balanced.csv")
    x_test, y_test = read(folder, "test.csv")
    for seed in seeds:
        keras.utils.set_random_seed(seed)
        model = keras.Sequential(
            [
                keras.Input((x_train.shape[1],)),
                keras.layers.Dense(12, "relu"),
                keras.layers.Dense(12, "relu"),
                keras.layers.Dense(1, "sigmoid"),
            ]
        )
        model.compile("adam", "binary_crossentropy")
        model.fit(x_train, y_train, batch_size=32, epochs=10, verbose=0)
        before = figures(model, x_test, y_test)
        model.fit(x_balanced, y_balanced, batch_size=32, epochs=10, verbose=0)
        after = figures(model, x_test, y_test)
        print(json.dumps({"seed": seed, "imbalanced": before, "balanced": after}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], [int(seed) for seed in sys.argv[2:]])
