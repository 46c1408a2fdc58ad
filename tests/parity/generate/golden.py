"""What all generators share: Keras in double precision, fixed inputs, one layout of a suite on disk."""

import json
import os
from pathlib import Path

# Generators import this module before Keras, which reads its backend once.
os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_PLATFORMS"] = "cpu"

import jax
import keras
import numpy as np
from keras.src.backend.common import dtypes

assert keras.backend.backend() == "jax"
jax.config.update("jax_enable_x64", True)
keras.backend.set_floatx("float64")
# On JAX, Keras narrows every float64 that meets its type promotion to float32, even with float64 as the
# default type and 64-bit JAX. Without this entry the same formulas run in double precision throughout.
dtypes.BIT64_TO_BIT32_DTYPE["float64"] = "float64"

SUITES = Path(__file__).resolve().parent.parent / "suites"
FAMILIES = {
    "activations": keras.activations,
    "constraints": keras.constraints,
    "initializers": keras.initializers,
    "layers": keras.layers,
    "losses": keras.losses,
    "metrics": keras.metrics,
    "optimizers": keras.optimizers,
    "regularizers": keras.regularizers,
    "schedules": keras.optimizers.schedules,
    "callbacks": keras.callbacks,
}
NESTED = ("initializers", "regularizers", "constraints", "schedules", "layers")


def create(family, class_name, config):
    """The Keras object that a case names; nested {"class", "config"} objects are created first."""
    return getattr(FAMILIES[family], class_name)(**{key: nested(value) for key, value in config.items()})


def nested(value):
    if not (isinstance(value, dict) and set(value) == {"class", "config"}):
        return value
    family = next(name for name in NESTED if hasattr(FAMILIES[name], value["class"]))
    return create(family, value["class"], value["config"])


def spec(class_name, **config):
    return {"class": class_name, "config": config}


def decimals(generator, shape, low=-1.0, high=1.0, places=3):
    """Uniform numbers with few decimals, so that inputs are short to write and never on a kink by accident."""
    return np.round(generator.uniform(low, high, shape), places)


def precision(function, *arguments):
    """ "f32" where Keras casts to single precision somewhere on the way although everything it gets is double."""
    try:
        return "f32" if "f32[" in str(jax.make_jaxpr(function)(*arguments)) else "f64"
    except (jax.errors.TracerArrayConversionError, jax.errors.TracerBoolConversionError):
        # Some metrics cannot be traced: AUC with thresholds for several labels, the adjusted R².
        return "f32" if np.asarray(function(*arguments)).dtype == np.float32 else "f64"


def plain(value):
    """Arrays as nested lists; a float32 becomes the shortest decimal that reads back to the same float32."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    value = np.asarray(value)
    if value.ndim:
        return [plain(item) for item in value]
    if value.dtype == np.bool_ or np.issubdtype(value.dtype, np.integer):
        return value.item()
    assert np.isfinite(value), "golden data must be finite"
    return float(str(np.float32(value))) if value.dtype == np.float32 else float(value)


def write(suite, cases):
    """One case per line, so that a difference between two versions of Keras reads well."""
    lines = ",\n".join(json.dumps(plain(case), separators=(",", ":"), allow_nan=False) for case in cases)
    head = f'{{"keras":"{keras.__version__}","backend":"{keras.backend.backend()}","cases":[\n'
    text = head + lines + "\n]}\n"
    SUITES.mkdir(exist_ok=True)
    (SUITES / f"{suite}.json").write_text(text)
    print(f"{suite}: {len(cases)} cases, {len(text) / 1e6:.2f} MB")
