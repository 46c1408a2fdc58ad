"""Exact values of the deterministic initializers, facts of the distribution for the random ones."""

import math

import golden
import numpy as np
from keras.src.initializers.random_initializers import compute_fans

QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
KERNEL, WIDE, VECTOR = [300, 200], [100, 700], [40000]

EXACT = [
    ("Zeros", {}, [3, 4]),
    ("Ones", {}, [3, 4]),
    ("Constant", {}, [4]),
    ("Constant", {"value": -0.3}, [3, 2]),
    ("Identity", {}, [3, 3]),
    ("Identity", {"gain": 0.5}, [3, 5]),
    ("Identity", {"gain": -2.0}, [4, 2]),
]
GAUSSIAN = [
    ("RandomNormal", {}, KERNEL),
    ("RandomNormal", {"mean": 0.4, "stddev": 2.0}, KERNEL),
    ("TruncatedNormal", {}, KERNEL),
    ("TruncatedNormal", {"mean": -1.0, "stddev": 0.5}, KERNEL),
    ("RandomUniform", {}, KERNEL),
    ("RandomUniform", {"minval": 0.5, "maxval": 3.0}, KERNEL),
]
SCALED = [
    (class_name, {}, shape)
    for class_name in ("GlorotNormal", "GlorotUniform", "HeNormal", "HeUniform", "LecunNormal", "LecunUniform")
    for shape in (KERNEL, WIDE, VECTOR)
]
SCALED += [
    ("GlorotUniform", {"input_axes": [0], "output_axes": []}, KERNEL),
    ("HeNormal", {"input_axes": [1], "output_axes": [0]}, WIDE),
]
SCALED += [("VarianceScaling", {}, KERNEL)]
SCALED += [
    ("VarianceScaling", {"scale": 1.5, "mode": mode, "distribution": distribution}, KERNEL)
    for mode in ("fan_in", "fan_out", "fan_avg")
    for distribution in ("truncated_normal", "untruncated_normal", "uniform")
]
ORTHOGONAL = [({}, [30, 20]), ({"gain": 0.5}, [20, 30]), ({"gain": 2.0}, [25, 25])]


def bounds(initializer, class_name, shape):
    """The interval that the values fill, null where it is the whole line."""
    if class_name == "RandomUniform":
        return [initializer.minval, initializer.maxval]
    if class_name == "TruncatedNormal":
        return [initializer.mean - 2 * initializer.stddev, initializer.mean + 2 * initializer.stddev]
    if class_name == "RandomNormal" or initializer.distribution == "untruncated_normal":
        return None
    fan_in, fan_out = compute_fans(shape, initializer.input_axes, initializer.output_axes)
    fan = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[initializer.mode]
    variance = initializer.scale / max(1.0, fan)
    limit = math.sqrt(3 * variance)
    if initializer.distribution == "truncated_normal":
        limit = 2 * math.sqrt(variance) / 0.87962566103423978
    return [-limit, limit]


def drawn(class_name, config, shape):
    initializer = golden.create("initializers", class_name, {**config, "seed": 5})
    values = np.array(initializer(shape))
    limits = bounds(initializer, class_name, shape)
    if limits:
        width = limits[1] - limits[0]
        assert limits[0] <= values.min() < limits[0] + 0.01 * width
        assert limits[1] - 0.01 * width < values.max() <= limits[1]
    return {
        "class": class_name,
        "config": config,
        "shape": shape,
        "mean": values.mean(),
        "std": values.std(),
        "min": values.min(),
        "max": values.max(),
        "quantiles": [[q, np.quantile(values, q)] for q in QUANTILES],
        "bounds": limits,
    }


def orthogonal(config, shape):
    values = np.array(golden.create("initializers", "Orthogonal", {**config, "seed": 5})(shape))
    rows = shape[0] < shape[1]
    gram = values @ values.T if rows else values.T @ values
    diagonal = config.get("gain", 1.0) ** 2
    assert np.abs(gram - diagonal * np.eye(len(gram))).max() < 1e-12
    return {
        "class": "Orthogonal",
        "config": config,
        "shape": shape,
        "orthogonal": "rows" if rows else "columns",
        "gram_diagonal": diagonal,
    }


cases = [
    {
        "class": class_name,
        "config": config,
        "shape": shape,
        "value": golden.create("initializers", class_name, config)(shape),
    }
    for class_name, config, shape in EXACT
]
cases += [drawn(*entry) for entry in GAUSSIAN + SCALED]
cases += [orthogonal(*entry) for entry in ORTHOGONAL]
golden.write("initializers", [{**case, "precision": "f64"} for case in cases])
