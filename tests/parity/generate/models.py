"""Sequential models as plain data: a list of {"class", "config"}, initial weights and the arguments of compile."""

import golden
import keras
import numpy as np


def use(dtype):
    keras.backend.set_floatx(dtype)
    keras.config.set_dtype_policy(dtype)


def item(family, entry):
    """A metric or loss: a string is passed on as it is, an object is created."""
    return entry if isinstance(entry, str) else golden.create(family, entry["class"], entry["config"])


def build(layers, input_dim):
    """Names count from the start in every model: dense, dense_1, recall."""
    keras.backend.clear_session(free_memory=False)
    made = [keras.Input((input_dim,))] + [golden.create("layers", entry["class"], entry["config"]) for entry in layers]
    return keras.Sequential(made)


def initialize(model, seed, scale=0.5):
    """Kernels get short uniform numbers; what Keras starts at a constant (biases, moving averages) stays there."""
    generator = np.random.default_rng(seed)
    for variable in model.weights:
        if variable.name in ("kernel", "embeddings"):
            variable.assign(golden.decimals(generator, variable.shape, -scale, scale))


def compile(model, optimizer, loss, metrics=(), weighted_metrics=()):
    options = dict(optimizer["config"])
    excluded = options.pop("exclude_from_weight_decay", None)
    made = golden.create("optimizers", optimizer["class"], options)
    if excluded:
        made.exclude_from_weight_decay(var_names=excluded)
    model.compile(
        optimizer=made,
        loss=item("losses", loss),
        metrics=[item("metrics", entry) for entry in metrics],
        weighted_metrics=[item("metrics", entry) for entry in weighted_metrics],
    )


def weights(model):
    """All weights, layer after layer: those of a layer as Keras orders them, but the vector of a SpectralNormalization, which
    Keras puts between kernel and bias, behind them."""
    return [
        {"name": f"{layer.name}/{variable.name}", "shape": list(variable.shape), "value": variable.numpy()}
        for layer in model.layers
        for variable in sorted(layer.weights, key=lambda variable: variable.name == "vector_u")
    ]
