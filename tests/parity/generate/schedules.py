"""Fifty points of every learning-rate schedule."""

import golden
import jax

# Every step at first, then through and past all boundaries used below.
STEPS = [*range(25), *range(26, 46, 2), *range(50, 105, 5), 150, 200, 500, 1000]

SCHEDULES = {
    "CosineDecay": [
        {"initial_learning_rate": 0.1, "decay_steps": 40},
        {"initial_learning_rate": 0.1, "decay_steps": 40, "alpha": 0.1},
        {"initial_learning_rate": 0.01, "decay_steps": 30, "warmup_target": 0.2, "warmup_steps": 10},
        {"initial_learning_rate": 0.0, "decay_steps": 30, "alpha": 0.05, "warmup_target": 0.2, "warmup_steps": 15},
        {"initial_learning_rate": 0.1, "decay_steps": 30, "warmup_steps": 10},
    ],
    "CosineDecayRestarts": [
        {"initial_learning_rate": 0.1, "first_decay_steps": 7},
        {"initial_learning_rate": 0.1, "first_decay_steps": 9, "t_mul": 1.0, "m_mul": 0.8},
        {"initial_learning_rate": 0.1, "first_decay_steps": 6, "t_mul": 1.5, "m_mul": 0.9, "alpha": 0.2},
    ],
    "ExponentialDecay": [
        {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.9},
        {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5, "staircase": True},
    ],
    "InverseTimeDecay": [
        {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5},
        {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5, "staircase": True},
    ],
    "PiecewiseConstantDecay": [
        {"boundaries": [20], "values": [0.1, 0.01]},
        {"boundaries": [5, 40, 100], "values": [1.0, 0.5, 0.25, 0.125]},
    ],
    "PolynomialDecay": [
        {"initial_learning_rate": 0.1, "decay_steps": 40},
        {"initial_learning_rate": 0.1, "decay_steps": 40, "end_learning_rate": 0.01, "power": 2.0},
        {"initial_learning_rate": 0.1, "decay_steps": 15, "end_learning_rate": 0.02, "power": 0.5, "cycle": True},
        {"initial_learning_rate": 0.1, "decay_steps": 12, "cycle": True},
    ],
}
assert len(STEPS) == 50

cases = []
for class_name, configs in SCHEDULES.items():
    for config in configs:
        schedule = golden.create("schedules", class_name, config)
        # An optimizer's step counter is a 32-bit integer on JAX, which no constant of a schedule narrows.
        steps = [jax.numpy.int32(step) for step in STEPS]
        cases.append(
            {
                "class": class_name,
                "config": config,
                "precision": golden.precision(schedule, steps[1]),
                "steps": STEPS,
                "values": [schedule(step) for step in steps],
            }
        )
golden.write("schedules", cases)
