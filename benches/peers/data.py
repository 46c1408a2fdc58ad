"""Writes the data files, the same in every run: rows of features and a target, little-endian f32.

    python data.py DIR

narrow.f32: 500,000 × 12, 18 % positive. medium.f32: 100,000 × 30, 18 % positive. wide.f32: 20,000 × 784, ten classes.
"""

import os
import sys

import numpy as np


def binary(rows, features, random):
    """A target drawn with a probability that depends on the features, partly through products of two."""
    x = random.standard_normal((rows, features), dtype="float32")
    score = x @ random.standard_normal(features) + x[:, 0] * x[:, 1] - x[:, 2] * x[:, 3]
    score /= score.std()
    low, high = -10.0, 10.0
    for _ in range(50):
        shift = (low + high) / 2
        share = np.mean(1 / (1 + np.exp(-(2 * score + shift))))
        low, high = (shift, high) if share < 0.18 else (low, shift)
    y = random.random(rows) < 1 / (1 + np.exp(-(2 * score + shift)))
    return x, y


def classes(rows, features, count, random):
    """Sparse pictures from 0 to 1: one of `count` patterns each, with noise; a fifth have any class as target."""
    y = random.integers(count, size=rows)
    patterns = random.random((count, features)) * (random.random((count, features)) < 0.2)
    x = 0.5 * patterns[y] + 0.5 * random.random((rows, features)) * (random.random((rows, features)) < 0.2)
    return x, np.where(random.random(rows) < 0.2, random.integers(count, size=rows), y)


def main(folder):
    os.makedirs(folder, exist_ok=True)
    random = np.random.default_rng(1)
    tables = {
        "narrow": binary(500_000, 12, random),
        "medium": binary(100_000, 30, random),
        "wide": classes(20_000, 784, 10, random),
    }
    for name, (x, y) in tables.items():
        np.column_stack([x, y]).astype("<f4").tofile(os.path.join(folder, f"{name}.f32"))
        print(f"{name}.f32: {x.shape[0]:,} × {x.shape[1]}, mean target {y.mean():.3f}")


if __name__ == "__main__":
    main(sys.argv[1])
