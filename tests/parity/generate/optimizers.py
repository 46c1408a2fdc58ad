"""Twenty steps of every optimizer under its own and the shared options, on recorded gradients."""

import golden
import jax
import keras
import numpy as np

STEPS = 20
KEPT = (1, 2, 5, 10, 20)
NAMES = ["dense/kernel", "dense/bias", "dense_1/kernel", "dense_1/bias"]
SHAPES = [[3, 4], [4], [4, 2], [2]]

generator = np.random.default_rng(4)
INITIAL = [golden.decimals(generator, shape) for shape in SHAPES]
# A trend and noise about it, as a training run has.
TREND = [golden.decimals(generator, shape) for shape in SHAPES]
GRADIENTS = [
    [np.round(trend * 0.9**step + golden.decimals(generator, trend.shape, -0.4, 0.4), 2) for trend in TREND]
    for step in range(STEPS)
]

schedule = golden.spec
OPTIMIZERS = {
    "Adadelta": [{}, {"learning_rate": 1.0}, {"rho": 0.8, "epsilon": 1e-4, "learning_rate": 0.5}],
    "Adafactor": [
        {},
        {"learning_rate": 0.05, "relative_step": False},
        {"learning_rate": 0.05, "beta_2_decay": -0.5, "clip_threshold": 0.5},
        {"learning_rate": 0.05, "epsilon_1": 1e-4, "epsilon_2": 0.1},
    ],
    "Adagrad": [{}, {"learning_rate": 0.1, "initial_accumulator_value": 0.5, "epsilon": 1e-3}],
    "Adam": [
        {},
        {"learning_rate": 0.05},
        {"learning_rate": 0.05, "amsgrad": True},
        {"learning_rate": 0.05, "beta_1": 0.7, "beta_2": 0.9, "epsilon": 1e-3},
        {"learning_rate": schedule("ExponentialDecay", initial_learning_rate=0.1, decay_steps=4, decay_rate=0.5)},
        {"learning_rate": schedule("PiecewiseConstantDecay", boundaries=[3, 9], values=[0.1, 0.03, 0.01])},
        {
            "learning_rate": schedule(
                "CosineDecay", initial_learning_rate=0.0, decay_steps=12, warmup_target=0.1, warmup_steps=4
            ),
            "gradient_accumulation_steps": 3,
        },
    ],
    "AdamW": [{}, {"learning_rate": 0.05, "weight_decay": 0.2}, {"learning_rate": 0.05, "amsgrad": True}],
    "Adamax": [{}, {"learning_rate": 0.05, "beta_1": 0.7, "beta_2": 0.9, "epsilon": 1e-3}],
    "Ftrl": [
        {},
        {"learning_rate": 0.1, "learning_rate_power": -0.8, "initial_accumulator_value": 0.3},
        {"learning_rate": 0.1, "l1_regularization_strength": 0.05},
        {"learning_rate": 0.1, "l2_regularization_strength": 0.05},
        {"learning_rate": 0.1, "l2_shrinkage_regularization_strength": 0.05, "beta": 0.4},
        {"learning_rate": 0.1, "l1_regularization_strength": 0.8, "l2_regularization_strength": 0.1, "beta": 0.1},
    ],
    "Lamb": [{}, {"learning_rate": 0.05, "beta_1": 0.7, "beta_2": 0.9, "epsilon": 1e-3}],
    "Lion": [{}, {"learning_rate": 0.05, "beta_1": 0.8, "beta_2": 0.7}],
    "Muon": [
        {},
        {"learning_rate": 0.05, "nesterov": False},
        {"learning_rate": 0.05, "momentum": 0.7, "ns_steps": 3, "rms_rate": None},
        {"learning_rate": 0.05, "exclude_layers": ["dense_1"], "adam_lr_ratio": 0.1},
        {"learning_rate": 0.05, "adam_weight_decay": None, "adam_beta_1": 0.7, "adam_beta_2": 0.9, "epsilon": 1e-3},
        {"learning_rate": 0.05, "weight_decay": 0.1, "adam_weight_decay": 0.2},
        {"learning_rate": 0.05, "muon_a": 2.0, "muon_b": -1.5, "muon_c": 0.5},
    ],
    "Nadam": [{}, {"learning_rate": 0.05, "beta_1": 0.7, "beta_2": 0.9, "epsilon": 1e-3}],
    "RMSprop": [
        {},
        {"learning_rate": 0.05, "momentum": 0.5},
        {"learning_rate": 0.05, "centered": True},
        {"learning_rate": 0.05, "rho": 0.7, "momentum": 0.9, "centered": True, "epsilon": 1e-3},
    ],
    "SGD": [
        {},
        {"learning_rate": 0.1, "momentum": 0.9},
        {"learning_rate": 0.1, "momentum": 0.9, "nesterov": True},
        {
            "learning_rate": schedule("InverseTimeDecay", initial_learning_rate=0.1, decay_steps=5, decay_rate=0.5),
            "momentum": 0.5,
        },
    ],
    "ScheduleFreeAdamW": [
        {},
        {"learning_rate": 0.05, "warmup_steps": 6},
        {"learning_rate": 0.05, "beta_1": 0.7, "beta_2": 0.9, "epsilon": 1e-3},
    ],
}
LEARNING_RATE = {"Adadelta": 1.0}
SHARED = [
    {"weight_decay": 0.1},
    {"weight_decay": 0.1, "exclude_from_weight_decay": ["bias"]},
    {"clipnorm": 0.8},
    {"clipvalue": 0.3},
    {"global_clipnorm": 1.0},
    {"use_ema": True, "ema_momentum": 0.8},
    {"use_ema": True, "ema_momentum": 0.8, "ema_overwrite_frequency": 4},
    {"gradient_accumulation_steps": 3},
]
COMBINED = [
    {"gradient_accumulation_steps": 3, "clipnorm": 0.8, "weight_decay": 0.1},
    {"gradient_accumulation_steps": 3, "use_ema": True, "ema_momentum": 0.8, "ema_overwrite_frequency": 2},
    {"use_ema": True, "weight_decay": 0.1, "global_clipnorm": 1.0},
]


def variables():
    made = []
    for name, initial in zip(NAMES, INITIAL):
        layer, variable = name.split("/")
        with keras.name_scope(layer):
            made.append(keras.Variable(initial, name=variable))
    assert [variable.path for variable in made] == NAMES
    return made


def case(class_name, config):
    options = dict(config)
    excluded = options.pop("exclude_from_weight_decay", None)
    optimizer = golden.create("optimizers", class_name, options)
    if excluded:
        optimizer.exclude_from_weight_decay(var_names=excluded)
    trained = variables()
    optimizer.build(trained)
    values, slots = [v.value for v in trained], [v.value for v in optimizer.variables]
    precision = golden.precision(optimizer.stateless_apply, slots, GRADIENTS[0], values)
    apply = jax.jit(optimizer.stateless_apply)
    kept = []
    for step, gradients in enumerate(GRADIENTS, start=1):
        values, slots = apply(slots, gradients, values)
        if step in KEPT:
            kept.append({"step": step, "values": values})
    for variable, value in zip(trained + optimizer.variables, values + slots):
        variable.assign(value)
    optimizer.finalize_variable_values(trained)
    return {
        "class": class_name,
        "config": config,
        "precision": precision,
        "names": NAMES,
        "shapes": SHAPES,
        "initial": INITIAL,
        "gradients": GRADIENTS,
        "parameters": kept,
        "finalized": [v.numpy() for v in trained] if options.get("use_ema") else None,
    }


cases = []
for class_name, configs in OPTIMIZERS.items():
    rate = {"learning_rate": LEARNING_RATE.get(class_name, 0.05)}
    shared = SHARED + (COMBINED if class_name in ("Adam", "SGD", "RMSprop", "Nadam", "Muon") else [])
    cases += [case(class_name, config) for config in configs + [{**rate, **options} for options in shared]]
golden.write("optimizers", cases)
