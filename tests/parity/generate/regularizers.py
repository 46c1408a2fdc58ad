"""Value and gradient of every regularizer."""

import golden
import jax
import numpy as np

generator = np.random.default_rng(9)
KERNEL = golden.decimals(generator, (5, 3))
SQUARE = golden.decimals(generator, (4, 4))
BIAS = golden.decimals(generator, (5,))

REGULARIZERS = {
    "L1": [{}, {"l1": 0.3}],
    "L2": [{}, {"l2": 0.3}],
    "L1L2": [{}, {"l1": 0.2}, {"l2": 0.1}, {"l1": 0.2, "l2": 0.1}],
    "OrthogonalRegularizer": [{}, {"factor": 0.5}, {"factor": 0.5, "mode": "columns"}],
}

cases = []
for class_name, configs in REGULARIZERS.items():
    for config in configs:
        for w in (KERNEL, SQUARE) if class_name == "OrthogonalRegularizer" else (KERNEL, BIAS):
            regularizer = golden.create("regularizers", class_name, config)
            value, gradient = jax.value_and_grad(lambda w: regularizer(w) + 0.0)(w)
            cases.append(
                {
                    "class": class_name,
                    "config": config,
                    "precision": golden.precision(regularizer, jax.numpy.asarray(w)),
                    "w": w,
                    "value": value,
                    "gradient": gradient,
                }
            )
golden.write("regularizers", cases)
