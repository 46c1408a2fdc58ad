"""FeatureSpace: a table in, a matrix out. Keras runs it through TensorFlow on every backend and in single precision."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import golden
import keras
import numpy as np

# A FeatureSpace joins columns of single precision only.
keras.backend.set_floatx("float32")

FeatureSpace = keras.utils.FeatureSpace
generator = np.random.default_rng(31)
ROWS = 60


def table(rows):
    return {
        "age": golden.decimals(generator, rows, 18.0, 80.0, 1),
        "income": golden.decimals(generator, rows, 10.0, 200.0, 2),
        "home": generator.choice(["RENT", "OWN", "MORTGAGE", "ANY"], rows, p=[0.4, 0.1, 0.35, 0.15]),
        "term": generator.choice([36, 60, -1, 7, 120], rows, p=[0.4, 0.3, 0.1, 0.1, 0.1]),
        "grade": generator.choice(list("ABCDEFG"), rows),
    }


TRAIN = table(ROWS)
TEST = table(9)
TEST["home"][2] = "TENT"
TEST["term"][3] = 84
# Features as {column: [kind, arguments]}, crosses as [columns, dim], arguments of the space.
SPACES = [
    ({"age": ["float", {}]}, [], {}),
    ({"age": ["float_normalized", {}], "income": ["float_rescaled", {"scale": 0.01, "offset": -1.0}]}, [], {}),
    ({"age": ["float_discretized", {"num_bins": 4}]}, [], {}),
    ({"income": ["float_discretized", {}]}, [], {"num_discretization_bins": 5}),
    ({"term": ["integer_categorical", {}], "home": ["string_categorical", {}]}, [], {}),
    ({"term": ["integer_categorical", {"max_tokens": 3, "num_oov_indices": 1}]}, [], {}),
    ({"home": ["string_categorical", {"max_tokens": 4, "num_oov_indices": 2}]}, [], {}),
    ({"term": ["integer_hashed", {}], "grade": ["string_hashed", {}]}, [], {"hashing_dim": 7}),
    ({"term": ["integer_hashed", {"num_bins": 6}], "grade": ["string_hashed", {"num_bins": 5}]}, [], {}),
    (
        {"term": ["integer_categorical", {}], "home": ["string_categorical", {}]},
        [[["term", "home"], None]],
        {"crossing_dim": 11},
    ),
    (
        {"age": ["float_discretized", {"num_bins": 3}], "home": ["string_categorical", {}], "grade": ["string_hashed", {}]},
        [[["home", "age"], 8], [["age", "grade"], 13]],
        {"hashing_dim": 4},
    ),
    (
        {
            "income": ["float_normalized", {}],
            "grade": ["string_categorical", {}],
            "age": ["float_discretized", {"num_bins": 5}],
            "term": ["integer_categorical", {}],
            "home": ["string_hashed", {"num_bins": 6}],
        },
        [[["term", "grade"], None], [["grade", "home"], 9]],
        {},
    ),
]


def make(kind, arguments, space):
    arguments = dict(arguments)
    if kind == "float_discretized":
        arguments.setdefault("num_bins", space.get("num_discretization_bins", 32))
    if kind.endswith("hashed"):
        arguments.setdefault("num_bins", space.get("hashing_dim", 32))
    return getattr(FeatureSpace, kind)(**arguments)


def case(features, crosses, arguments):
    space = FeatureSpace(
        features={name: make(kind, given, arguments) for name, (kind, given) in features.items()},
        crosses=[
            tuple(columns) if dim is None else FeatureSpace.cross(columns, crossing_dim=dim) for columns, dim in crosses
        ],
        output_mode="concat",
        **arguments,
    )
    import tensorflow as tf

    train = {name: TRAIN[name] for name in features}
    test = {name: TEST[name] for name in features}
    space.adapt(tf.data.Dataset.from_tensor_slices(train))
    return {
        "features": features,
        "crosses": crosses,
        "config": arguments,
        "precision": "f32",
        "adapt": {name: values.tolist() for name, values in train.items()},
        "inputs": {name: values.tolist() for name, values in test.items()},
        "outputs": np.asarray(space(test)).astype("float32"),
    }


golden.write("feature_space", [case(*entry) for entry in SPACES])
