"""Six epochs in Keras against three there and three here, in both orders, for every optimizer."""

import json
import os
import subprocess

import keras
import numpy as np

L, O, S = keras.layers, keras.optimizers, keras.optimizers.schedules

BOUND = 1e-4
ROWS, BATCH = 48, 16

OPTIMIZERS = {
    "sgd": lambda: O.SGD(0.05, momentum=0.9, nesterov=True),
    "adam": lambda: O.Adam(0.01),
    "adam_amsgrad": lambda: O.Adam(0.01, amsgrad=True, clipnorm=0.5),
    "adam_averaged": lambda: O.Adam(S.ExponentialDecay(0.02, 5, 0.8), use_ema=True, ema_momentum=0.9),
    "adam_accumulated": lambda: O.Adam(0.01, gradient_accumulation_steps=2),
    "adamw": lambda: O.AdamW(0.01, weight_decay=0.02),
    "adamax": lambda: O.Adamax(0.01),
    "adadelta": lambda: O.Adadelta(0.5),
    "adafactor": lambda: O.Adafactor(0.01),
    "adagrad": lambda: O.Adagrad(0.05),
    "ftrl": lambda: O.Ftrl(0.05, l2_regularization_strength=0.01),
    "lamb": lambda: O.Lamb(0.01),
    "lion": lambda: O.Lion(0.003),
    "muon": lambda: O.Muon(0.01, exclude_layers=["last"]),
    "nadam": lambda: O.Nadam(0.01),
    "rmsprop": lambda: O.RMSprop(0.01, momentum=0.3, centered=True),
    "schedule_free_adamw": lambda: O.ScheduleFreeAdamW(0.01, warmup_steps=6),
}


def network(optimizer):
    keras.utils.clear_session()
    keras.utils.set_random_seed(4)
    model = keras.Sequential(
        [
            keras.Input((4,)),
            L.Dense(8, activation="tanh", kernel_regularizer="l2"),
            L.BatchNormalization(momentum=0.8),
            L.Dense(6, activation="silu", kernel_constraint=keras.constraints.MaxNorm(2)),
            L.Dense(1, activation="sigmoid", name="last"),
        ]
    )
    model.compile(optimizer, "binary_crossentropy", metrics=["accuracy"])
    return model


def check(command, folder):
    generator = np.random.default_rng(3)
    x = generator.normal(size=(ROWS, 4)).astype("float32")
    y = (x[:, :1] - x[:, 1:2] + 0.3 * generator.normal(size=(ROWS, 1)) > 0).astype("float32")
    fit = {"batch_size": BATCH, "shuffle": False, "verbose": 0}
    expected = {}
    for name, optimizer in OPTIMIZERS.items():
        model = network(optimizer())
        model.save(os.path.join(folder, f"{name}_untrained.keras"))
        half = os.path.join(folder, f"{name}_half.keras")
        model.fit(x, y, epochs=3, **fit)
        model.save(half)
        # At the end of a fit averaged weights take the place of the weights; so six epochs are two fits.
        model = keras.models.load_model(half)
        model.fit(x, y, epochs=3, **fit)
        expected[name] = model.predict(x, verbose=0), [np.array(w) for w in model.weights]
        for part in ("untrained", "half"):
            case = {"file": f"{name}_{part}.keras", "x": x.tolist(), "y": y.tolist(), "epochs": 3, "batch_size": BATCH}
            with open(os.path.join(folder, f"{name}_{part}.train.json"), "w") as file:
                json.dump(case, file)
    subprocess.run([command, "train", folder], check=True)
    failures = []
    for name, (wanted, weights) in expected.items():
        for part in ("half", "untrained"):
            with open(os.path.join(folder, f"{name}_{part}.trained.json")) as file:
                answer = json.load(file)
            if "error" in answer:
                failures.append(f"{name}, {part}: {answer['error']}")
                continue
            model = keras.models.load_model(os.path.join(folder, f"{name}_{part}.trained.keras"))
            if part == "untrained":
                model.fit(x, y, epochs=3, **fit)
            found = model.predict(x, verbose=0)
            flat = [np.concatenate([np.ravel(w) for w in list(ws)]) for ws in ([np.array(w) for w in model.weights], weights)]
            of_weights = np.linalg.norm(flat[0] - flat[1]) / np.linalg.norm(flat[1])
            of_predictions = np.max(np.abs(found - wanted))
            order = "Keras, then here" if part == "half" else "here, then Keras"
            if not (of_predictions <= BOUND and of_weights <= BOUND):
                failures.append(f"{name}, {order}: predictions differ by {of_predictions:.1e}, weights by {of_weights:.1e}")
    return failures
