"""What every constraint makes of a kernel and of a bias."""

import golden
import jax
import numpy as np

generator = np.random.default_rng(10)
KERNEL = golden.decimals(generator, (4, 3), -2.0, 2.0)
# Columns and rows whose norms lie below, between and above the limits used here.
KERNEL = np.round(KERNEL * np.array([0.1, 0.5, 2.0]), 4)
BIAS = golden.decimals(generator, (5,), -2.0, 2.0)

CONSTRAINTS = {
    "MaxNorm": [{}, {"max_value": 0.8}, {"max_value": 0.8, "axis": 1}],
    "MinMaxNorm": [
        {},
        {"min_value": 0.5, "max_value": 1.5},
        {"min_value": 0.5, "max_value": 1.5, "rate": 0.3},
        {"min_value": 0.5, "max_value": 1.5, "axis": 1},
    ],
    "NonNeg": [{}],
    "UnitNorm": [{}, {"axis": 1}],
}

cases = []
for class_name, configs in CONSTRAINTS.items():
    for config in configs:
        for w in [KERNEL] if config.get("axis") == 1 else [KERNEL, BIAS]:
            constraint = golden.create("constraints", class_name, config)
            cases.append(
                {
                    "class": class_name,
                    "config": config,
                    "precision": golden.precision(constraint, w),
                    "w": w,
                    "result": constraint(jax.numpy.asarray(w)),
                }
            )
golden.write("constraints", cases)
