"""Every layer on a small batch: outputs, state and gradients in training and in inference mode.

The layers that draw random numbers are described by the distribution of their outputs instead.
"""

import golden
import jax
import keras
import numpy as np

spec = golden.spec
generator = np.random.default_rng(7)
X = golden.decimals(generator, (6, 4), -2.0, 2.0)
WIDE = golden.decimals(generator, (5, 12), -2.0, 2.0)
CODES = np.array([[0.0, 3.0], [4.0, 1.0], [2.0, 2.0], [0.0, 4.0], [1.0, 3.0]])

DENSE = [
    {"units": 3},
    {"units": 1, "activation": "sigmoid"},
    {"units": 3, "use_bias": False},
    {"units": 5, "activation": "relu"},
    {"units": 3, "activation": "softmax"},
    {"units": 3, "activation": "leaky_relu", "use_bias": False},
    {"units": 3, "activation": "tanh", "kernel_regularizer": spec("L2", l2=0.1)},
    {
        "units": 3,
        "activation": "gelu",
        "kernel_regularizer": spec("L1", l1=0.05),
        "bias_regularizer": spec("L2", l2=0.2),
    },
    {"units": 3, "activation": "elu", "activity_regularizer": spec("L1L2", l1=0.02, l2=0.03)},
    {
        "units": 3,
        "kernel_regularizer": spec("OrthogonalRegularizer", factor=0.3),
        "activity_regularizer": spec("L2", l2=0.1),
    },
    {
        "units": 3,
        "kernel_regularizer": spec("L1L2", l1=0.01, l2=0.02),
        "bias_regularizer": spec("L1", l1=0.03),
        "trainable": False,
    },
]
BATCH_NORMALIZATION = [
    {},
    {"momentum": 0.7, "epsilon": 0.01},
    {"center": False},
    {"scale": False},
    {"center": False, "scale": False, "momentum": 0.5},
    {"gamma_regularizer": spec("L2", l2=0.1), "beta_regularizer": spec("L1", l1=0.05)},
    {"trainable": False},
]
AFFINE = [{}, {"epsilon": 0.1}, {"center": False}, {"scale": False}, {"center": False, "scale": False}]

# Class -> configs, all on the same input unless the last entry names another one.
LAYERS = {
    "Dense": DENSE,
    "Activation": [{"activation": name} for name in ("relu", "tanh", "softmax", "mish", "linear")],
    "Identity": [{}],
    "Flatten": [{}],
    "BatchNormalization": BATCH_NORMALIZATION,
    "LayerNormalization": AFFINE + [{"gamma_regularizer": spec("L2", l2=0.1)}],
    "GroupNormalization": [
        {"groups": 1},
        {"groups": 2},
        {"groups": 4},
        {"groups": -1},
        {"groups": 2, "epsilon": 0.1},
        {"groups": 2, "center": False},
        {"groups": 2, "scale": False},
    ],
    "RMSNormalization": [{}, {"epsilon": 0.1}],
    "UnitNormalization": [{}],
    "SpectralNormalization": [
        {"layer": spec("Dense", units=3)},
        {"layer": spec("Dense", units=3, activation="tanh"), "power_iterations": 3},
        {"layer": spec("Dense", units=5, use_bias=False), "power_iterations": 2},
    ],
    "ReLU": [
        {},
        {"max_value": 1.5},
        {"negative_slope": 0.1},
        {"max_value": 1.5, "negative_slope": 0.1, "threshold": 0.45},
    ],
    "LeakyReLU": [{}, {"negative_slope": 0.1}],
    "PReLU": [{}, {"alpha_regularizer": spec("L2", l2=0.1)}],
    "ELU": [{}, {"alpha": 0.5}],
    "Softmax": [{}],
    "ActivityRegularization": [{"l1": 0.1}, {"l2": 0.2}, {"l1": 0.1, "l2": 0.2}],
}
CASES = [(class_name, config, X) for class_name, configs in LAYERS.items() for config in configs]
CASES += [("GroupNormalization", {"groups": 3}, WIDE), ("GroupNormalization", {"groups": 1, "epsilon": 1e-5}, WIDE)]
CASES += [
    ("Embedding", {"input_dim": 5, "output_dim": 3}, CODES),
    ("Embedding", {"input_dim": 5, "output_dim": 2, "embeddings_regularizer": spec("L2", l2=0.1)}, CODES),
    ("Embedding", {"input_dim": 5, "output_dim": 2}, CODES[:, :1]),
]


def fill(layer, rng):
    """Every weight away from its initial value, so that none can be left out unnoticed."""
    for variable in layer.weights:
        low = 0.2 if variable.name in ("moving_variance", "gamma", "alpha", "scale") else -1.0
        variable.assign(golden.decimals(rng, variable.shape, low, 1.5))


def flat(output):
    """Batch × features: an embedding of c columns in d dimensions has its c·d numbers in one row."""
    return output.reshape(output.shape[0], -1)


def mode(model, x, dy, training):
    """One layer as a model of its own: only in a model does Keras add the loss of an activity regularizer."""
    trainable = [v.value for v in model.trainable_variables]
    state = [v.value for v in model.non_trainable_variables]

    def call(trainable, x):
        output, after, losses = model.stateless_call(trainable, state, x, training=training, return_losses=True)
        return flat(output), sum(losses, jax.numpy.zeros(())), after, losses

    output, loss, after, losses = call(trainable, x)
    upstream = dy[: output.shape[0], : output.shape[1]]
    weights, inputs = jax.grad(lambda *given: (call(*given)[0] * upstream).sum(), argnums=(0, 1))(trainable, x)
    loss_weights, loss_inputs = jax.grad(lambda *given: call(*given)[1], argnums=(0, 1))(trainable, x)
    names = [v.name for v in model.non_trainable_variables]
    return {
        "output": output,
        "state_after": [{"name": name, "value": value} for name, value in zip(names, after)],
        "gradients": {"input": inputs, "weights": weights},
        "losses": loss,
        "loss_gradients": {"input": loss_inputs, "weights": loss_weights} if losses else None,
    }, golden.precision(lambda *given: call(*given)[:2], trainable, x)


def case(class_name, config, x, seed):
    layer = golden.create("layers", class_name, config)
    model = keras.Sequential([keras.Input(x.shape[1:]), layer])
    rng = np.random.default_rng(seed)
    fill(layer, rng)
    dy = golden.decimals(rng, (len(x), 12))
    trained, precision = mode(model, x, dy, True)
    inferred, _ = mode(model, x, dy, False)
    trainable = {id(v) for v in layer.trainable_variables}
    weights = [
        {"name": v.name, "shape": list(v.shape), "trainable": id(v) in trainable, "value": v.numpy()}
        for v in layer.weights
    ]
    extra = {}
    if class_name == "SpectralNormalization":
        # Called eagerly it also overwrites the kernel; in a compiled training step on JAX it does not.
        layer(x, training=True)
        extra = {"kernel_after": layer.kernel.numpy()}
    return {
        "class": class_name,
        "config": config,
        "precision": precision,
        "inputs": x,
        "weights": weights,
        "upstream": dy[:, : trained["output"].shape[1]],
        "training": trained,
        "inference": inferred,
        **extra,
    }


RANDOM = [
    ("Dropout", {"rate": 0.25}),
    ("Dropout", {"rate": 0.5}),
    ("Dropout", {"rate": 0.25, "noise_shape": [None, 1]}),
    ("Dropout", {"rate": 0.25, "noise_shape": [1, None]}),
    ("Dropout", {"rate": 0.0}),
    ("AlphaDropout", {"rate": 0.25}),
    ("AlphaDropout", {"rate": 0.1, "noise_shape": [None, 1]}),
    ("GaussianDropout", {"rate": 0.25}),
    ("GaussianDropout", {"rate": 0.5}),
    ("GaussianNoise", {"stddev": 0.3}),
]


def random_case(class_name, config, value):
    layer = golden.create("layers", class_name, {**config, "seed": 8})
    shape = [500, 400]
    x = np.full(shape, value)
    output = np.array(layer(x, training=True))
    assert np.array_equal(layer(x, training=False), x)
    distinct = np.unique(output)
    return {
        "class": class_name,
        "config": config,
        "precision": "f64",
        "shape": shape,
        "input_value": value,
        "mean": output.mean(),
        "std": output.std(),
        "zeros": (output == 0).mean(),
        # With the share of each; null where outputs are continuous.
        "values": [[v, (output == v).mean()] for v in distinct] if len(distinct) < 4 else None,
        "rows_alike": bool((output == output[:, :1]).all()),
        "columns_alike": bool((output == output[:1]).all()),
        "inference": "identity",
    }


golden.write("layers", [case(*entry, seed) for seed, entry in enumerate(CASES)])
golden.write("random_layers", [random_case(*entry, value) for entry in RANDOM for value in (1.0, -0.7)])
