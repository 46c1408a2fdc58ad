"""Value and gradient of every loss, under every reduction, with and without sample weights."""

import golden
import jax
import numpy as np

REDUCTIONS = ["sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "none"]
WEIGHTS = [None, [0.5, 2.0, 1.0, 0.0, 1.5, 0.25]]

generator = np.random.default_rng(2)
ZERO_ONE = np.array(
    [[1.0, 0.0, 1.0], [0.0, 0.0, 1.0], [1.0, 1.0, 0.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 1.0]]
)
ONE_COLUMN = ZERO_ONE[:, :1]
ONE_HOT = np.eye(3)[[2, 0, 1, 1, 0, 2]]
CLASSES = np.array([[2.0], [0.0], [1.0], [1.0], [0.0], [2.0]])
SOFT = np.array(
    [[0.2, 0.3, 0.5], [0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.3, 0.6, 0.1], [0.6, 0.1, 0.3], [0.25, 0.25, 0.5]]
)

PROBABILITIES = golden.decimals(generator, (6, 3), 0.05, 0.95)
LOGITS = golden.decimals(generator, (6, 3), -3.0, 3.0)
LARGE_LOGITS = golden.decimals(generator, (6, 3), -60.0, 60.0)
SHARES = golden.decimals(generator, (6, 3), 0.1, 0.4)
SHARES[:, 2] = np.round(1.0 - SHARES[:, 0] - SHARES[:, 1], 3)
NOT_NORMALIZED = golden.decimals(generator, (6, 3), 0.1, 2.0)

TARGETS = golden.decimals(generator, (6, 3), -2.0, 2.0)
PREDICTIONS = golden.decimals(generator, (6, 3), -2.0, 2.0)
POSITIVE_TARGETS = golden.decimals(generator, (6, 3), 0.2, 4.0)
POSITIVE_PREDICTIONS = golden.decimals(generator, (6, 3), 0.2, 4.0)

REGRESSION = [({}, TARGETS, PREDICTIONS), ({}, TARGETS[:, :1], PREDICTIONS[:, :1])]
POSITIVE = [
    ({}, POSITIVE_TARGETS, POSITIVE_PREDICTIONS),
    ({}, POSITIVE_TARGETS[:, :1], POSITIVE_PREDICTIONS[:, :1]),
]
MARGIN = [
    ({}, ZERO_ONE, PREDICTIONS),
    ({}, 2.0 * ONE_COLUMN - 1.0, PREDICTIONS[:, :1]),
    ({}, ONE_COLUMN, PREDICTIONS[:, :1]),
]

# Class -> (config, y_true, y_pred), the smallest set that moves every argument.
LOSSES = {
    "BinaryCrossentropy": [
        ({}, ONE_COLUMN, PROBABILITIES[:, :1]),
        ({}, ZERO_ONE, PROBABILITIES),
        ({"label_smoothing": 0.1}, ZERO_ONE, PROBABILITIES),
        ({"from_logits": True}, ONE_COLUMN, LOGITS[:, :1]),
        ({"from_logits": True, "label_smoothing": 0.2}, ZERO_ONE, LARGE_LOGITS),
    ],
    "BinaryFocalCrossentropy": [
        ({}, ONE_COLUMN, PROBABILITIES[:, :1]),
        ({"apply_class_balancing": True}, ZERO_ONE, PROBABILITIES),
        ({"apply_class_balancing": True, "alpha": 0.4, "gamma": 1.5}, ONE_COLUMN, PROBABILITIES[:, :1]),
        ({"gamma": 3.0, "label_smoothing": 0.1}, ZERO_ONE, PROBABILITIES),
        ({"from_logits": True, "apply_class_balancing": True, "label_smoothing": 0.1}, ZERO_ONE, LOGITS),
    ],
    "CategoricalCrossentropy": [
        ({}, ONE_HOT, SHARES),
        ({}, SOFT, NOT_NORMALIZED),
        ({"label_smoothing": 0.1}, ONE_HOT, SHARES),
        ({"from_logits": True}, ONE_HOT, LARGE_LOGITS),
        ({"from_logits": True, "label_smoothing": 0.2}, SOFT, LOGITS),
    ],
    "CategoricalFocalCrossentropy": [
        ({}, ONE_HOT, SHARES),
        ({"alpha": 0.5, "gamma": 1.5}, ONE_HOT, NOT_NORMALIZED),
        ({"alpha": [0.2, 0.3, 0.5]}, ONE_HOT, SHARES),
        ({"label_smoothing": 0.1}, ONE_HOT, SHARES),
        ({"from_logits": True, "gamma": 3.0}, SOFT, LOGITS),
    ],
    "CategoricalGeneralizedCrossEntropy": [
        ({}, CLASSES, SHARES),
        ({"q": 0.8}, CLASSES, SHARES),
    ],
    "CategoricalHinge": [({}, ONE_HOT, SHARES), ({}, ONE_HOT, PREDICTIONS)],
    "CosineSimilarity": [({}, TARGETS, PREDICTIONS), ({}, POSITIVE_TARGETS, POSITIVE_PREDICTIONS)],
    "Dice": [
        ({}, ZERO_ONE, PROBABILITIES),
        ({}, ONE_COLUMN, PROBABILITIES[:, :1]),
        ({"axis": 1}, ZERO_ONE, PROBABILITIES),
    ],
    "Hinge": MARGIN,
    "Huber": REGRESSION + [({"delta": 0.5}, TARGETS, PREDICTIONS), ({"delta": 2.0}, TARGETS, PREDICTIONS)],
    "KLDivergence": [({}, SOFT, SHARES), ({}, ONE_HOT, SHARES), ({}, SOFT, PROBABILITIES)],
    "LogCosh": REGRESSION,
    "MeanAbsoluteError": REGRESSION,
    "MeanAbsolutePercentageError": POSITIVE + [({}, TARGETS, PREDICTIONS)],
    "MeanSquaredError": REGRESSION,
    "MeanSquaredLogarithmicError": POSITIVE,
    "Poisson": POSITIVE,
    "SparseCategoricalCrossentropy": [
        ({}, CLASSES, SHARES),
        ({}, CLASSES, NOT_NORMALIZED),
        ({"from_logits": True}, CLASSES, LARGE_LOGITS),
        ({"ignore_class": 1}, CLASSES, SHARES),
        ({"ignore_class": -1}, CLASSES - 1.0 + np.array([[0], [0], [1], [1], [0], [1]]), SHARES),
        ({"from_logits": True, "ignore_class": 0}, CLASSES, LOGITS),
    ],
    "SquaredHinge": MARGIN,
    "Tversky": [
        ({}, ZERO_ONE, PROBABILITIES),
        ({"alpha": 0.3, "beta": 0.7}, ZERO_ONE, PROBABILITIES),
        ({"alpha": 0.3, "beta": 0.7}, ONE_COLUMN, PROBABILITIES[:, :1]),
        ({"axis": 1}, ZERO_ONE, PROBABILITIES),
    ],
}


def case(class_name, config, y_true, y_pred, weights, reduction):
    loss = golden.create("losses", class_name, {**config, "reduction": reduction})
    weights_array = None if weights is None else np.array(weights)
    # This class alone broadcasts a column of labels against all rows (a batch × batch table of losses),
    # contrary to its documentation; a vector of labels gives what it documents.
    labels = y_true[:, 0] if class_name == "CategoricalGeneralizedCrossEntropy" else y_true

    def value(y_pred):
        return loss(labels, y_pred, weights_array)

    result = value(jax.numpy.asarray(y_pred))
    gradient = jax.grad(value)(y_pred) if result.ndim == 0 else None
    return {
        "class": class_name,
        "config": config,
        "reduction": reduction,
        "precision": golden.precision(value, y_pred),
        "y_true": y_true,
        "y_pred": y_pred,
        "sample_weight": weights,
        "value": result,
        "gradient": gradient,
    }


golden.write(
    "losses",
    [
        case(class_name, *variant, weights, reduction)
        for class_name, variants in LOSSES.items()
        for variant in variants
        for weights in WEIGHTS
        for reduction in REDUCTIONS
    ],
)
