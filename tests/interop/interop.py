"""Exchanges models between Keras and this crate, and compares what both make of them.

    python interop.py COMMAND FOLDER [MODELS]

COMMAND is the program of `tests/interop/exchange`; FOLDER takes the files.
"""

import json
import os
import shutil
import subprocess
import sys
import zipfile

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import h5py
import io

import keras
import numpy as np

import random_models
import training

TOLERANCE = 1e-5
FORMS = ["keras", "keras", "h5", "folder", "keras"]


def predictions(model, x):
    """What the model gives for rows: by its call, which compiles nothing."""
    return np.asarray(model(x, training=False), dtype="float64").reshape(len(x), -1)


def close(a, b, tolerance=TOLERANCE):
    a, b = np.asarray(a, dtype="float64"), np.asarray(b, dtype="float64")
    return a.shape == b.shape and bool(np.all(np.abs(a - b) <= tolerance + tolerance * np.abs(b)))


def has_vocabulary_beside(model):
    """Keras 2's file has no place for a vocabulary that was learned."""
    return any(type(layer).__name__ == "IntegerLookup" and layer.input_vocabulary is None for layer in model.layers)


def save(model, folder, name, form):
    # Keras itself cannot write the state of Adafactor to such a file: its variables have one name.
    if form == "h5" and not has_vocabulary_beside(model) and not (model.compiled and type(model.optimizer).__name__ == "Adafactor"):
        path = f"{name}.h5"
        model.save(os.path.join(folder, path))
    # Keras 3.15.1 leaves a learned vocabulary out of the folder form, and cannot open what it wrote either.
    elif form == "folder" and not has_vocabulary_beside(model):
        path = f"{name}.folder"
        model.save(os.path.join(folder, path), zipped=False)
    else:
        path = f"{name}.keras"
        model.save(os.path.join(folder, path))
    return path


def variables(h5):
    """All arrays of a file of weights by their paths."""
    found = {}
    h5.visititems(lambda path, item: found.update({path: np.array(item)}) if isinstance(item, h5py.Dataset) else None)
    return found


def same_weights(model, path, folder):
    """Whether a file holds the very arrays that Keras writes for a model."""
    own = os.path.join(folder, "own.weights.h5")
    model.save_weights(own)
    with h5py.File(own) as expected, h5py.File(path) as found:
        expected, found = variables(expected), variables(found)
    # A Normalization's figures are arguments in files of this crate, not variables.
    names = {name for name in expected if "/normalization" not in name}
    if not any(name.startswith("optimizer/vars") for name in names - {"optimizer/vars/0", "optimizer/vars/1"}):
        # Keras writes no slots before the first step, but makes them when it opens the model.
        found = {name: array for name, array in found.items() if not name.startswith("optimizer")}
        names = {name for name in names if not name.startswith("optimizer")}
    if set(found) != names:
        return f"arrays differ: {sorted(set(found) ^ names)}"
    for name in names:
        if expected[name].shape != found[name].shape or not np.array_equal(expected[name], found[name]):
            # What Keras recomputes in every step, up to rounding.
            if model.compiled and type(model.optimizer).__name__ == "Adafactor" and name.startswith("optimizer"):
                continue
            return f"{name} differs"
    return None


def compiled(model):
    """What a model was compiled with, in Keras's own words."""
    if not model.compiled:
        return None
    config = model.get_compile_config()
    optimizer = config["optimizer"]["config"]
    optimizer.pop("name")
    if not isinstance(optimizer.get("exclude_layers", None), list):
        optimizer.pop("exclude_layers", None)

    def key(item):
        item = item["config"] if isinstance(item, dict) else item
        return {k: v for k, v in item.items() if k != "dtype"} if isinstance(item, dict) else item

    metrics = [key(metric) for metric in (config["metrics"] or []) + (config["weighted_metrics"] or [])]
    loss = config["loss"]
    return config["optimizer"]["class_name"], optimizer, loss if isinstance(loss, str) else key(loss), metrics


def differences(a, b, path=""):
    """Where two descriptions differ, numbers taken as float32."""
    if isinstance(a, dict) and isinstance(b, dict):
        ignored = {"registered_name", "module", "shared_object_id"}
        return [d for k in (set(a) | set(b)) - ignored for d in differences(a.get(k), b.get(k), f"{path}/{k}")]
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)) and len(a) == len(b):
        return [d for k, (x, y) in enumerate(zip(a, b)) for d in differences(x, y, f"{path}/{k}")]
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return [] if np.float32(a) == np.float32(b) else [f"{path}: {a} != {b}"]
    if isinstance(a, str) and isinstance(b, dict) and b.get("name") == a:
        return []
    # An empty list is none; a name became its class.
    return [] if a == b or (not a and not b) or path.startswith("/2") and isinstance(a, str) else [f"{path}: {a} != {b}"]


def models(command, folder, count):
    """Keras's models, opened and saved here, opened by Keras again."""
    cases = []
    for i in range(count):
        model, x = random_models.model(i)
        name = f"model_{i:04}"
        path = save(model, folder, name, FORMS[i % len(FORMS)])
        case = {"file": path, "x": x.tolist(), "compiled": bool(model.compiled)}
        with open(os.path.join(folder, f"{name}.case.json"), "w") as file:
            json.dump(case, file)
        cases.append((name, predictions(model, x), x, [type(layer).__name__ for layer in model.layers]))
    subprocess.run([command, "open", folder], check=True)
    failures = []
    for i, (name, expected, x, classes) in enumerate(cases):
        base = os.path.join(folder, name)
        with open(f"{base}.answer.json") as file:
            answer = json.load(file)
        if "error" in answer:
            failures.append(f"{name} {classes}: {answer['error']}")
            continue
        if not close(answer["predictions"], expected):
            worst = np.max(np.abs(np.asarray(answer["predictions"]) - expected)) if np.shape(answer["predictions"]) == expected.shape else "shape"
            failures.append(f"{name} {classes}: predictions here differ by {worst}")
        try:
            again = keras.models.load_model(f"{base}.back.keras")
            found = predictions(again, x)
        except Exception as error:
            reason = f"{type(error).__name__}: {str(error).strip().splitlines()[-1]}"
            failures.append(f"{name} {classes}: Keras cannot open what was saved here: {reason}")
            continue
        if not close(found, expected):
            failures.append(f"{name} {classes}: predictions of Keras differ by {np.max(np.abs(found - expected))}")
        original, x = random_models.model(i)
        difference = differences(compiled(original), compiled(again))
        if difference:
            failures.append(f"{name} compiled {difference}")
        problem = same_weights(original, f"{base}.back.weights.h5", folder)
        if problem:
            failures.append(f"{name} {classes}: {problem}")
        with zipfile.ZipFile(f"{base}.back.keras") as archive, h5py.File(f"{base}.back.weights.h5") as weights:
            with h5py.File(io.BytesIO(archive.read("model.weights.h5"))) as inner:
                if list(variables(inner)) != list(variables(weights)):
                    failures.append(f"{name}: the archive and the file of weights hold other arrays")
    return failures


def born(command, folder):
    """Models of this crate, opened by Keras."""
    subprocess.run([command, "born", folder], check=True)
    failures = []
    for file in sorted(os.listdir(folder)):
        if not file.endswith(".born.json"):
            continue
        name = file[: -len(".born.json")]
        with open(os.path.join(folder, file)) as text:
            case = json.load(text)
        try:
            model = keras.models.load_model(os.path.join(folder, f"{name}.keras"))
            dtype = model.inputs[0].dtype
            found = predictions(model, np.array(case["x"]).astype(dtype))
            if not close(found, case["predictions"]):
                failures.append(f"{name}: predictions differ by {np.max(np.abs(found - case['predictions']))}")
        except Exception as error:
            failures.append(f"{name}: {type(error).__name__}: {str(error).strip().splitlines()[-1]}")
    return failures


def main(command, folder, count):
    shutil.rmtree(folder, ignore_errors=True)
    for part in ("models", "born", "training"):
        os.makedirs(os.path.join(folder, part))
    checks = [
        (f"{count} random models, from Keras and back", lambda: models(command, os.path.join(folder, "models"), count)),
        ("models of this crate in Keras", lambda: born(command, os.path.join(folder, "born"))),
        ("three epochs there, three here, and the other way round", lambda: training.check(command, os.path.join(folder, "training"))),
    ]
    total = 0
    for what, check in checks:
        failures = check()
        total += len(failures)
        print(f"{what}: {len(failures)} differences", flush=True)
        for failure in failures:
            print("  " + failure, flush=True)
    return 1 if total else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 200))
