"""Preprocessing layers: what they learn from data and what they make of new rows.

Keras runs the lookup and hashing layers, and `adapt` of Discretization, through TensorFlow on every backend; it must be
installed beside JAX for this file alone.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import golden
import keras
import numpy as np

generator = np.random.default_rng(12)
TABLE = golden.decimals(generator, (9, 3), -3.0, 5.0)
TABLE[:, 2] = 1.5
ROWS = golden.decimals(generator, (5, 3), -3.0, 5.0)
NUMBERS = golden.decimals(generator, (8, 2), -2.0, 12.0)
SAMPLES = {rows: golden.decimals(generator, (rows, 1), 0.0, 10.0) ** 2 for rows in (40, 250, 730)}
TWO_COLUMNS = golden.decimals(generator, (60, 2), 0.0, 10.0)
ON_BOUNDARIES = np.array([[-1.0], [0.0], [0.5], [1.0], [1.5], [2.5], [3.0]])

CODES = np.array([[0, 2], [3, 3], [1, 0], [2, 1]])
ONE_CODE = np.array([[0], [3], [1], [2]])

TOKENS = np.array([[10], [20], [30], [7], [-4], [0]])
TOKEN_PAIRS = np.array([[10, 30], [30, 30], [7, 20], [-4, 99]])
SEEN = np.array([[5], [3], [5], [8], [3], [5], [1], [9], [8], [0], [0], [-1]])

WORDS = np.array([["rent"], ["own"], ["mortgage"], ["other"], [""], ["Zürich"]])
WORD_PAIRS = np.array([["rent", "own"], ["own", "own"], ["none", "rent"], ["any", "other"]])
SEEN_WORDS = np.array(
    [["own"], ["rent"], ["own"], ["mortgage"], ["rent"], ["own"], ["any"], ["other"], ["mortgage"], [""], [""]]
)

MODES = ("int", "one_hot", "multi_hot", "count")
BOUNDARIES = [0.0, 1.0, 2.5, 6.0]

# Class -> (config, data to adapt to, inputs).
LAYERS = {
    "Normalization": [
        ({}, TABLE, ROWS),
        ({"axis": None}, TABLE, ROWS),
        ({"invert": True}, TABLE, ROWS),
        ({"mean": [0.5, -1.0, 2.0], "variance": [4.0, 0.25, 9.0]}, None, ROWS),
        ({"mean": 0.5, "variance": 4.0}, None, ROWS),
        ({"mean": [0.5, -1.0, 2.0], "variance": [4.0, 0.25, 9.0], "invert": True}, None, ROWS),
    ],
    "Rescaling": [
        ({"scale": 0.5}, None, ROWS),
        ({"scale": -2.0, "offset": 0.75}, None, ROWS),
        ({"scale": [0.5, 2.0, -1.0], "offset": [1.0, 0.0, 0.25]}, None, ROWS),
    ],
    "Discretization": [({"bin_boundaries": BOUNDARIES, "output_mode": mode}, None, NUMBERS) for mode in MODES]
    + [({"bin_boundaries": BOUNDARIES, "output_mode": mode}, None, NUMBERS[:, :1]) for mode in MODES]
    + [({"bin_boundaries": BOUNDARIES}, None, ON_BOUNDARIES)]
    + [
        ({"num_bins": 4}, SAMPLES[40], SAMPLES[730][:12]),
        ({"num_bins": 4}, SAMPLES[250], SAMPLES[730][:12]),
        ({"num_bins": 7}, SAMPLES[730], SAMPLES[250][:12]),
        ({"num_bins": 5, "epsilon": 0.05}, SAMPLES[250], SAMPLES[730][:12]),
        ({"num_bins": 3, "output_mode": "one_hot"}, TWO_COLUMNS, NUMBERS),
    ],
    "CategoryEncoding": [
        ({"num_tokens": 4, "output_mode": "one_hot"}, None, ONE_CODE),
        ({"num_tokens": 4, "output_mode": "one_hot"}, None, CODES),
        ({"num_tokens": 4}, None, CODES),
        ({"num_tokens": 4}, None, ONE_CODE),
        ({"num_tokens": 4, "output_mode": "count"}, None, CODES),
        ({"num_tokens": 5, "output_mode": "count"}, None, ONE_CODE),
    ],
    "IntegerLookup": [({"vocabulary": [10, 20, 30], "output_mode": mode}, None, TOKENS) for mode in MODES]
    + [({"vocabulary": [10, 20, 30], "output_mode": mode, "num_oov_indices": 2}, None, TOKEN_PAIRS) for mode in MODES]
    + [
        ({"vocabulary": [10, 20, 30], "mask_token": 0, "output_mode": mode}, None, TOKENS)
        for mode in ("int", "multi_hot", "count")
    ]
    + [
        ({"vocabulary": [10, 20, 30], "num_oov_indices": 0}, None, np.array([[30], [10], [20]])),
        ({"vocabulary": [10, 20, 30], "num_oov_indices": 3, "mask_token": 0}, None, TOKENS),
        ({"vocabulary": [10, 20, 30], "num_oov_indices": 3, "oov_method": "farmhash"}, None, TOKENS),
        ({"vocabulary": [10, 20, 30], "num_oov_indices": 3, "oov_method": "farmhash", "salt": 13}, None, TOKENS),
        ({"vocabulary": [10, 20, 30], "num_oov_indices": 4, "oov_method": "farmhash", "salt": [13, 99]}, None, TOKENS),
        ({"vocabulary": [10, 20, 30], "invert": True}, None, np.array([[1], [3], [0], [2], [9]])),
        (
            {"vocabulary": [10, 20, 30], "invert": True, "oov_token": -7, "mask_token": 0},
            None,
            np.array([[1], [3], [0], [2], [9]]),
        ),
        ({}, SEEN, TOKENS),
        ({"mask_token": 0}, SEEN, SEEN),
        ({"max_tokens": 4}, SEEN, SEEN),
        ({"max_tokens": 4, "num_oov_indices": 2, "mask_token": 0}, SEEN, SEEN),
        ({"oov_token": 0}, SEEN, SEEN),
        ({"max_tokens": 9, "pad_to_max_tokens": True, "output_mode": "one_hot"}, SEEN, SEEN[:4]),
        ({"max_tokens": 4, "pad_to_max_tokens": True, "output_mode": "count"}, SEEN, SEEN[:4]),
        ({"invert": True}, SEEN, np.array([[0], [1], [2], [3], [7]])),
    ],
    "StringLookup": [({"vocabulary": ["rent", "own", "mortgage"], "output_mode": mode}, None, WORDS) for mode in MODES]
    + [
        ({"vocabulary": ["rent", "own", "mortgage"], "output_mode": mode, "num_oov_indices": 2}, None, WORD_PAIRS)
        for mode in MODES
    ]
    + [
        ({"vocabulary": ["rent", "own", "mortgage"], "mask_token": "", "output_mode": mode}, None, WORDS)
        for mode in ("int", "multi_hot", "count")
    ]
    + [
        ({"vocabulary": ["rent", "own"], "num_oov_indices": 0}, None, WORDS[:2]),
        ({"vocabulary": ["rent", "own"], "num_oov_indices": 4}, None, WORDS),
        ({"vocabulary": ["rent", "own"], "num_oov_indices": 4, "salt": 13}, None, WORDS),
        ({"vocabulary": ["rent", "own"], "num_oov_indices": 4, "salt": [13, 99]}, None, WORDS),
        ({"vocabulary": ["rent", "own"], "invert": True}, None, np.array([[1], [2], [0], [9]])),
        (
            {"vocabulary": ["rent", "own"], "invert": True, "mask_token": "", "oov_token": "?"},
            None,
            np.array([[1], [2], [0], [3]]),
        ),
        ({}, SEEN_WORDS, WORDS),
        ({"mask_token": ""}, SEEN_WORDS, WORDS),
        ({"max_tokens": 3}, SEEN_WORDS, WORDS),
        ({"max_tokens": 9, "pad_to_max_tokens": True, "output_mode": "multi_hot"}, SEEN_WORDS, WORD_PAIRS),
    ],
    "Hashing": [({"num_bins": 5, "output_mode": mode}, None, TOKENS) for mode in MODES]
    + [({"num_bins": 5, "output_mode": mode}, None, WORD_PAIRS) for mode in MODES]
    + [
        ({"num_bins": 1000}, None, TOKEN_PAIRS),
        ({"num_bins": 1000}, None, WORDS),
        ({"num_bins": 2**20}, None, np.array([[w * n] for w in ("a", "bc", "Zürich ") for n in (1, 4, 9, 20, 40, 90)])),
        (
            {"num_bins": 2**20, "salt": 133},
            None,
            np.array([[w * n] for w in ("a", "bc", "Zürich ") for n in (1, 4, 9, 20, 40)]),
        ),
        ({"num_bins": 1000, "salt": 133}, None, TOKEN_PAIRS),
        ({"num_bins": 1000, "salt": [133, 137]}, None, TOKEN_PAIRS),
        ({"num_bins": 1000, "salt": [133, 137]}, None, WORDS),
        ({"num_bins": 6, "mask_value": 0}, None, TOKENS),
        ({"num_bins": 6, "mask_value": "", "salt": 7}, None, WORDS),
        ({"num_bins": 6, "mask_value": "own", "output_mode": "count"}, None, WORD_PAIRS),
        ({"num_bins": 1}, None, TOKENS),
    ],
}


def plain_text(value):
    """Strings come back as bytes from TensorFlow."""
    if isinstance(value, (list, tuple)):
        return [plain_text(item) for item in value]
    return value.decode() if isinstance(value, bytes) else value


def case(class_name, config, adapt, inputs):
    layer = golden.create("layers", class_name, config)
    if adapt is not None:
        layer.adapt(adapt)
    if class_name == "StringLookup" and config.get("invert"):
        # JAX has no arrays of strings to hold what the layer returns, its TensorFlow part has.
        outputs = super(type(layer), layer).call(inputs).numpy()
    else:
        outputs = np.asarray(layer(inputs.tolist() if inputs.dtype.kind == "U" else inputs))
    learned = {}
    if hasattr(layer, "get_vocabulary"):
        learned["vocabulary"] = plain_text(np.asarray(layer.get_vocabulary(), object).tolist())
    if class_name == "Discretization":
        learned["bin_boundaries"] = layer.bin_boundaries
    if class_name == "Normalization" and adapt is not None:
        learned["mean"] = np.asarray(layer.adapt_mean)
        learned["variance"] = np.asarray(layer.adapt_variance)
    return {
        "class": class_name,
        "config": config,
        # Quantiles are summarized in single precision whatever the default type.
        "precision": "f32" if class_name == "Discretization" and adapt is not None else "f64",
        "adapt": None if adapt is None else adapt.tolist(),
        "inputs": inputs.tolist(),
        "output_shape": list(outputs.shape),
        "outputs": plain_text(outputs.tolist()),
        "learned": {key: golden.plain(value) for key, value in learned.items()},
    }


cases = [case(class_name, *entry) for class_name, entries in LAYERS.items() for entry in entries]

encoder = keras.layers.CategoryEncoding(num_tokens=4, output_mode="count")
weights = np.array([[0.5, 2.0], [1.0, 0.25], [0.0, 1.5], [3.0, 1.0]])
cases.append(
    {
        "class": "CategoryEncoding",
        "config": {"num_tokens": 4, "output_mode": "count"},
        "precision": "f64",
        "adapt": None,
        "inputs": CODES,
        "count_weights": weights,
        "output_shape": [4, 4],
        "outputs": np.asarray(encoder(CODES, count_weights=weights)),
        "learned": {},
    }
)
golden.write("preprocessing_layers", cases)
