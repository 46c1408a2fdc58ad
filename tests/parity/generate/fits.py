"""Whole fits of mixed models without shuffling: history, final weights, predictions, evaluation."""

import golden
import models
import numpy as np

spec = golden.spec
generator = np.random.default_rng(11)
ROWS = 90
X = np.round(generator.normal(size=(ROWS, 5)), 2)
HELD_OUT = np.round(generator.normal(size=(37, 5)), 2)
CODES = generator.integers(0, 6, (ROWS, 3)).astype(float)
# Exact in both precisions, zero included.
WEIGHTS = generator.integers(0, 9, ROWS) / 4
HELD_OUT_WEIGHTS = generator.integers(0, 9, 37) / 4


def score(x):
    return np.sin(x[:, 0]) + x[:, 1] * x[:, 2] - 0.5 * x[:, 3] + 0.2 * generator.normal(size=len(x))


def column(values):
    return np.round(np.asarray(values, float), 3)[:, None]


def classes(x):
    return np.digitize(score(x), [-0.5, 0.7]).astype(float)[:, None]


VALUE, HELD_OUT_VALUE = column(score(X)), column(score(HELD_OUT))
BINARY, HELD_OUT_BINARY = column(score(X) > 0.3), column(score(HELD_OUT) > 0.3)
CLASSES, HELD_OUT_CLASSES = classes(X), classes(HELD_OUT)
ONE_HOT = np.eye(3)[CLASSES[:, 0].astype(int)]
SIGNED = 2 * BINARY - 1
CODED = column(np.cos(CODES).sum(axis=1))


def dense(units, activation=None, **config):
    return spec("Dense", units=units, **({"activation": activation} if activation else {}), **config)


FITS = [
    {
        "fit": "class weights, kernel regularizer, partial last batch",
        "layers": [dense(8, "relu", kernel_regularizer=spec("L2", l2=0.01)), dense(1, "sigmoid")],
        "optimizer": spec("Adam", learning_rate=0.01),
        "loss": spec("BinaryCrossentropy"),
        "metrics": ["accuracy", spec("AUC")],
        "weighted_metrics": [spec("BinaryCrossentropy"), spec("Recall")],
        "x": X,
        "y": BINARY,
        "arguments": {"batch_size": 32, "epochs": 4, "class_weight": [[0, 0.5], [1, 2.0]]},
    },
    {
        "fit": "sample weights, weighted validation data",
        "layers": [dense(7, "tanh"), dense(4, "softplus"), dense(1)],
        "optimizer": spec("Adam", learning_rate=0.01, amsgrad=True),
        "loss": spec("Huber", delta=0.7),
        "metrics": ["mae", spec("R2Score")],
        "weighted_metrics": [spec("MeanSquaredError")],
        "x": X,
        "y": VALUE,
        "arguments": {
            "batch_size": 16,
            "epochs": 4,
            "sample_weight": WEIGHTS,
            "validation_data": {"x": HELD_OUT, "y": HELD_OUT_VALUE, "sample_weight": HELD_OUT_WEIGHTS},
        },
    },
    {
        "fit": "sparse labels, last rows for validation",
        "layers": [dense(9, "relu"), dense(3, "softmax")],
        "optimizer": spec("SGD", learning_rate=0.1, momentum=0.9),
        "loss": spec("SparseCategoricalCrossentropy"),
        "metrics": ["accuracy", spec("SparseTopKCategoricalAccuracy", k=2)],
        "x": X,
        "y": CLASSES,
        "arguments": {"batch_size": 20, "epochs": 5, "validation_split": 0.27},
    },
    {
        "fit": "batch normalization, logits, label smoothing",
        "layers": [
            dense(8, use_bias=False),
            spec("BatchNormalization", momentum=0.8),
            spec("LeakyReLU", negative_slope=0.1),
            dense(6, "swish"),
            spec("BatchNormalization", center=False, epsilon=0.01),
            dense(3),
        ],
        "optimizer": spec("Nadam", learning_rate=0.02),
        "loss": spec("CategoricalCrossentropy", from_logits=True, label_smoothing=0.1),
        "metrics": ["accuracy"],
        "x": X,
        "y": ONE_HOT,
        "arguments": {"batch_size": 32, "epochs": 4, "validation_split": 0.2},
    },
    {
        "fit": "frozen layers",
        "layers": [
            dense(6, "relu", trainable=False, kernel_regularizer=spec("L2", l2=0.1)),
            spec("BatchNormalization", trainable=False),
            dense(5, "elu"),
            dense(1),
        ],
        "optimizer": spec("RMSprop", learning_rate=0.01, momentum=0.5, centered=True),
        "loss": spec("LogCosh"),
        "metrics": [spec("RootMeanSquaredError")],
        "x": X,
        "y": VALUE,
        "arguments": {"batch_size": 32, "epochs": 3},
    },
    {
        "fit": "weight decay without biases, layer normalization",
        "layers": [dense(8, "gelu"), spec("LayerNormalization"), dense(4, "mish"), dense(1, "sigmoid")],
        "optimizer": spec(
            "AdamW", learning_rate=0.02, weight_decay=0.1, exclude_from_weight_decay=["bias", "beta", "gamma"]
        ),
        "loss": spec("BinaryFocalCrossentropy", apply_class_balancing=True),
        "metrics": ["accuracy", spec("F1Score", threshold=0.5)],
        "x": X,
        "y": BINARY,
        "arguments": {"batch_size": 32, "epochs": 4},
    },
    {
        "fit": "schedule by steps",
        "layers": [dense(6, "selu"), spec("UnitNormalization"), dense(6, "softsign"), dense(1)],
        "optimizer": spec(
            "SGD",
            learning_rate=spec(
                "CosineDecay", initial_learning_rate=0.01, decay_steps=10, warmup_target=0.2, warmup_steps=5
            ),
            momentum=0.8,
            nesterov=True,
        ),
        "loss": spec("MeanAbsoluteError"),
        "metrics": ["mse", spec("LogCoshError")],
        "x": X,
        "y": VALUE,
        "arguments": {"batch_size": 25, "epochs": 4},
    },
    {
        "fit": "early stopping restores the best weights",
        "layers": [dense(16, "relu"), dense(16, "relu"), dense(1)],
        "optimizer": spec("Adam", learning_rate=0.05),
        "loss": spec("MeanSquaredError"),
        "metrics": ["mae"],
        "x": X,
        "y": VALUE,
        "arguments": {
            "batch_size": 16,
            "epochs": 30,
            "validation_data": {"x": HELD_OUT, "y": HELD_OUT_VALUE},
        },
        "callbacks": [spec("EarlyStopping", patience=3, restore_best_weights=True)],
    },
    {
        "fit": "learning rate reduced on a plateau",
        "layers": [dense(8, "relu"), dense(1)],
        "optimizer": spec("SGD", learning_rate=0.3),
        "loss": spec("MeanSquaredError"),
        "metrics": [],
        "x": X,
        "y": VALUE,
        "arguments": {"batch_size": 32, "epochs": 12, "validation_split": 0.3},
        "callbacks": [spec("ReduceLROnPlateau", factor=0.5, patience=1, cooldown=1, min_delta=0.02, min_lr=0.01)],
    },
    {
        "fit": "constraints, activity regularizer, learned slopes",
        "layers": [
            dense(8, kernel_constraint=spec("MaxNorm", max_value=0.9), bias_constraint=spec("NonNeg")),
            # Not from zero: JAX takes 1 for the slope of |w| at 0, TensorFlow, PyTorch and this crate take 0.
            spec("PReLU", alpha_initializer=spec("Constant", value=0.25)),
            spec("ActivityRegularization", l1=0.002, l2=0.01),
            dense(4, "relu", kernel_constraint=spec("UnitNorm"), activity_regularizer=spec("L2", l2=0.01)),
            dense(
                1,
                bias_initializer=spec("Constant", value=0.1),
                kernel_regularizer=spec("L1L2", l1=0.01, l2=0.01),
                bias_regularizer=spec("L1", l1=0.02),
            ),
        ],
        "optimizer": spec("Adagrad", learning_rate=0.1),
        "loss": spec("MeanSquaredError"),
        "metrics": ["mae"],
        "x": X,
        "y": VALUE,
        "arguments": {"batch_size": 32, "epochs": 4, "validation_split": 0.2},
    },
    {
        "fit": "gradient accumulation with clipping",
        "layers": [dense(8, "relu"), dense(3, "softmax")],
        "optimizer": spec("Adam", learning_rate=0.05, gradient_accumulation_steps=3, global_clipnorm=0.2),
        "loss": spec("CategoricalCrossentropy"),
        "metrics": ["accuracy", spec("Precision", top_k=1)],
        "x": X,
        "y": ONE_HOT,
        "arguments": {"batch_size": 20, "epochs": 4, "class_weight": [[0, 1.5], [2, 0.5]]},
    },
    {
        "fit": "averaged weights",
        "layers": [dense(8, "relu"), dense(1)],
        "optimizer": spec("RMSprop", learning_rate=0.02, use_ema=True, ema_momentum=0.9, clipnorm=0.5),
        "loss": spec("MeanSquaredError"),
        "metrics": [],
        "x": X,
        "y": VALUE,
        "arguments": {"batch_size": 32, "epochs": 3, "validation_split": 0.2},
    },
    {
        "fit": "embedded integer columns",
        "layers": [spec("Embedding", input_dim=6, output_dim=4), spec("Flatten"), dense(8, "relu"), dense(1)],
        "optimizer": spec("Adamax", learning_rate=0.05),
        "loss": spec("MeanSquaredError"),
        "metrics": ["mae"],
        "x": CODES,
        "y": CODED,
        "arguments": {"batch_size": 32, "epochs": 5},
    },
    {
        "fit": "validation every other epoch, limited steps, later start",
        "layers": [
            dense(6, "relu"),
            spec("GroupNormalization", groups=3),
            dense(6, "tanh"),
            spec("RMSNormalization"),
            dense(1, "tanh"),
        ],
        "optimizer": spec("Lion", learning_rate=0.005, weight_decay=0.01, clipvalue=0.1),
        "loss": spec("Hinge"),
        "metrics": [spec("BinaryAccuracy", threshold=0.0)],
        "x": X,
        "y": SIGNED,
        "arguments": {
            "batch_size": 16,
            "epochs": 7,
            "initial_epoch": 1,
            "validation_split": 0.4,
            "validation_batch_size": 10,
            "validation_steps": 3,
            "validation_freq": 2,
        },
    },
    {
        "fit": "spectral normalization",
        # Keras counts the wrapped layer when it forms names, this crate only the layers of the model.
        "layers": [spec("SpectralNormalization", layer=dense(6, "relu")), dense(1, name="head")],
        "optimizer": spec("Adam", learning_rate=0.02),
        "loss": spec("MeanSquaredError"),
        "metrics": [],
        "x": X,
        "y": VALUE,
        "arguments": {"batch_size": 32, "epochs": 3, "validation_split": 0.2},
    },
    {
        "fit": "scaled inputs, ranks of losses by weight mean",
        "layers": [
            spec("Normalization", mean=[0.1, -0.2, 0.3, 0.0, 0.5], variance=[1.5, 0.5, 2.0, 1.0, 0.8]),
            spec("Rescaling", scale=0.5, offset=0.1),
            dense(6, "relu6"),
            spec("ReLU", max_value=2.0, negative_slope=0.1),
            spec("ELU", alpha=0.7),
            dense(3),
            spec("Softmax"),
        ],
        "optimizer": spec("Ftrl", learning_rate=0.2, l2_regularization_strength=0.01),
        "loss": spec("SparseCategoricalCrossentropy", reduction="mean_with_sample_weight"),
        "metrics": ["accuracy"],
        "weighted_metrics": ["sparse_categorical_crossentropy"],
        "x": X,
        "y": CLASSES,
        "arguments": {
            "batch_size": 32,
            "epochs": 4,
            "sample_weight": WEIGHTS,
            "validation_data": {"x": HELD_OUT, "y": HELD_OUT_CLASSES},
        },
    },
]


def keras_arguments(arguments):
    given = dict(arguments)
    if "class_weight" in given:
        given["class_weight"] = dict(given["class_weight"])
    if "validation_data" in given:
        data = given["validation_data"]
        given["validation_data"] = tuple(data[key] for key in ("x", "y", "sample_weight") if key in data)
    return given


def case(fit, seed):
    model = models.build(fit["layers"], fit["x"].shape[1])
    models.initialize(model, seed)
    models.compile(model, fit["optimizer"], fit["loss"], fit["metrics"], fit.get("weighted_metrics", []))
    for layer in model.layers:
        for variable in layer.weights:
            if variable.name == "vector_u":
                variable.assign(golden.decimals(np.random.default_rng(seed), variable.shape))
    initial = models.weights(model)
    callbacks = [golden.create("callbacks", entry["class"], entry["config"]) for entry in fit.get("callbacks", [])]
    history = model.fit(
        fit["x"], fit["y"], shuffle=False, verbose=0, callbacks=callbacks, **keras_arguments(fit["arguments"])
    )
    return {
        **fit,
        "precision": "f64",
        "initial_weights": initial,
        "epochs": history.epoch,
        "history": history.history,
        "weights": models.weights(model),
        "predictions": model.predict(fit["x"], batch_size=32, verbose=0),
        "evaluation": model.evaluate(fit["x"], fit["y"], batch_size=32, verbose=0, return_dict=True),
    }


golden.write("fits", [case(fit, seed) for seed, fit in enumerate(FITS)])
