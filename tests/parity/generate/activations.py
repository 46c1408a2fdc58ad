"""Forward value and gradient of every activation."""

import golden
import jax
import keras
import numpy as np

# Close to zero and far out, yet on no kink of any function below (0, ±0.5, ±1, ±3, 6, the thresholds).
RAMP = np.array(
    [
        [-30.0, -4.2, -2.6, -1.3],
        [-0.8, -0.45, -0.12, -0.001],
        [0.001, 0.07, 0.31, 0.62],
        [0.95, 1.7, 2.9, 3.4],
        [5.3, 7.1, 12.5, 30.0],
    ]
)
generator = np.random.default_rng(1)
MIXED = golden.decimals(generator, (5, 4), -4.0, 4.0)
UPSTREAM = golden.decimals(generator, (5, 4))

CONFIGS = {
    "celu": [{}, {"alpha": 0.5}, {"alpha": 2.0}],
    "elu": [{}, {"alpha": 0.5}, {"alpha": 1.7}],
    "exponential": [{}],
    "gelu": [{}, {"approximate": True}],
    "hard_shrink": [{}, {"threshold": 0.2}, {"threshold": 1.5}],
    "hard_sigmoid": [{}],
    "hard_silu": [{}],
    "hard_swish": [{}],
    "hard_tanh": [{}],
    "leaky_relu": [{}, {"negative_slope": 0.01}, {"negative_slope": 0.5}],
    "linear": [{}],
    "log_sigmoid": [{}],
    "log_softmax": [{}],
    "mish": [{}],
    "relu": [
        {},
        {"negative_slope": 0.1},
        {"max_value": 6.0},
        {"max_value": 1.5},
        {"threshold": 0.4},
        {"threshold": -0.4},
        {"negative_slope": 0.1, "max_value": 2.0},
        {"negative_slope": 0.2, "threshold": 0.4},
        {"max_value": 2.0, "threshold": 0.4},
        {"negative_slope": 0.1, "max_value": 2.0, "threshold": 0.4},
    ],
    "relu6": [{}],
    "selu": [{}],
    "sigmoid": [{}],
    "silu": [{}],
    "soft_shrink": [{}, {"threshold": 0.2}, {"threshold": 1.5}],
    "softmax": [{}],
    "softplus": [{}],
    "softsign": [{}],
    "sparse_plus": [{}],
    "sparse_sigmoid": [{}],
    "sparsemax": [{}],
    "squareplus": [{}, {"b": 1.0}, {"b": 0.0625}],
    "swish": [{}],
    "tanh": [{}],
    "tanh_shrink": [{}],
    "threshold": [{"threshold": 0.4, "default_value": -2.0}, {"threshold": -0.7, "default_value": 0.0}],
}

cases = []
for name, configs in CONFIGS.items():
    for config in configs:
        function = getattr(keras.activations, name)
        for z in (RAMP, MIXED):
            a, pull_back = jax.vjp(lambda z: function(z, **config), z)
            cases.append(
                {
                    "name": name,
                    "config": config,
                    "precision": golden.precision(lambda z: jax.vjp(lambda z: function(z, **config), z)[0], z),
                    "z": z,
                    "a": a,
                    "da": UPSTREAM,
                    "dz": pull_back(UPSTREAM)[0],
                }
            )
golden.write("activations", cases)
