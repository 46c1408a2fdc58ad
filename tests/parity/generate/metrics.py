"""Every metric after three updates, after a reset, and the direction it declares."""

import golden
import numpy as np

ROWS = 8
generator = np.random.default_rng(3)


def clear_of_thresholds(shape):
    """Probabilities that no even grid of thresholds used below touches, in single precision either."""
    grids = np.array([199, 49, 9, 4, 20])
    while True:
        values = golden.decimals(generator, shape, 0.02, 0.98, 4)
        scaled = values[..., None] * grids
        if np.abs(scaled - np.round(scaled)).min() > 0.004 and len(np.unique(values)) == values.size:
            return values


def shares(classes):
    values = generator.dirichlet(np.ones(classes), ROWS).round(4)
    values[:, -1] = np.round(1.0 - values[:, :-1].sum(axis=1), 4)
    return values


def each(make):
    return [make() for _ in range(3)]


def pairs(make_true, make_pred):
    return each(lambda: (make_true(), make_pred()))


def zero_one(columns):
    return generator.integers(0, 2, (ROWS, columns)).astype(float)


def one_hot(classes):
    return np.eye(classes)[generator.integers(0, classes, ROWS)]


def labels(classes):
    return generator.integers(0, classes, (ROWS, 1)).astype(float)


WEIGHTS = each(lambda: generator.integers(0, 9, ROWS) / 4)

BINARY = pairs(lambda: zero_one(1), lambda: clear_of_thresholds((ROWS, 1)))
MULTI_LABEL = pairs(lambda: zero_one(3), lambda: clear_of_thresholds((ROWS, 3)))
# Predictions on thresholds that both precisions hold exactly: a tie is not above the threshold.
EDGES = [
    (np.array([[0.0], [1.0], [0.0], [1.0], [1.0], [0.0], [1.0], [0.0]]), np.array([[p] for p in column]))
    for column in (
        [0.0, 0.0, 0.25, 0.25, 0.5, 0.5, 0.75, 1.0],
        [0.5, 0.5, 1.0, 1.0, 0.75, 0.25, 0.0, 0.0],
        [0.125, 0.375, 0.625, 0.875, 0.5, 1.0, 0.25, 0.75],
    )
]
BINARY_LOGITS = pairs(lambda: zero_one(1), lambda: golden.decimals(generator, (ROWS, 1), -4.0, 4.0))
LABEL_LOGITS = pairs(lambda: zero_one(3), lambda: golden.decimals(generator, (ROWS, 3), -4.0, 4.0))
CATEGORICAL = pairs(lambda: one_hot(4), lambda: shares(4))
SPARSE = pairs(lambda: labels(4), lambda: shares(4))
LOGITS = pairs(lambda: one_hot(4), lambda: golden.decimals(generator, (ROWS, 4), -4.0, 4.0))
SPARSE_LOGITS = pairs(lambda: labels(4), lambda: golden.decimals(generator, (ROWS, 4), -4.0, 4.0))
SEVEN_CLASSES = pairs(lambda: one_hot(7), lambda: shares(7))
SPARSE_SEVEN = pairs(lambda: labels(7), lambda: shares(7))
SOFT = pairs(lambda: shares(3), lambda: shares(3))
REGRESSION = pairs(
    lambda: golden.decimals(generator, (ROWS, 2), -3, 3), lambda: golden.decimals(generator, (ROWS, 2), -3, 3)
)
ONE_OUTPUT = [(y_true[:, :1], y_pred[:, :1]) for y_true, y_pred in REGRESSION]
POSITIVE = pairs(
    lambda: golden.decimals(generator, (ROWS, 2), 0.2, 4), lambda: golden.decimals(generator, (ROWS, 2), 0.2, 4)
)
MARGIN = pairs(lambda: zero_one(1), lambda: golden.decimals(generator, (ROWS, 1), -2, 2))
SIGNED = pairs(lambda: 2 * zero_one(1) - 1, lambda: golden.decimals(generator, (ROWS, 1), -2, 2))
EQUALITY = pairs(lambda: labels(3), lambda: labels(3))
ROW_WISE = pairs(lambda: golden.decimals(generator, (ROWS, 5)), lambda: golden.decimals(generator, (ROWS, 5)))

THRESHOLDED = [
    ({}, BINARY),
    ({}, EDGES),
    ({"thresholds": 0.3}, BINARY),
    ({"thresholds": [0.3, 0.6]}, BINARY),
    ({"thresholds": [0.25, 0.5, 0.75]}, EDGES),
    ({"thresholds": [0.0, 0.5, 1.0]}, EDGES),
    ({}, MULTI_LABEL),
]
RANKED = THRESHOLDED + [
    ({"class_id": 1}, MULTI_LABEL),
    ({"top_k": 1}, CATEGORICAL),
    ({"top_k": 2}, CATEGORICAL),
    ({"top_k": 2, "class_id": 2}, CATEGORICAL),
    ({"class_id": 0, "thresholds": [0.2, 0.4]}, CATEGORICAL),
    ({"top_k": 2, "thresholds": 0.3}, CATEGORICAL),
]
AVERAGES = (None, "micro", "macro", "weighted")
F_SCORES = [({"average": average}, CATEGORICAL) for average in AVERAGES]
F_SCORES += [({"average": average, "threshold": 0.4}, MULTI_LABEL) for average in AVERAGES]
F_SCORES += [({"threshold": 0.5}, BINARY)]


def at(argument, value):
    return [
        ({argument: value}, BINARY),
        ({argument: 0.9}, BINARY),
        ({argument: value, "num_thresholds": 50}, BINARY),
        ({argument: value, "num_thresholds": 1}, BINARY),
        ({argument: value, "num_thresholds": 5}, EDGES),
        ({argument: value, "class_id": 2}, CATEGORICAL),
        ({argument: 0.25, "class_id": 0}, CATEGORICAL),
        ({argument: value, "class_id": 1}, MULTI_LABEL),
    ]


AUC = [
    ({"curve": curve, "summation_method": method, **rest}, data)
    for curve in ("ROC", "PR")
    for method in ("interpolation", "majoring", "minoring")
    for rest, data in (
        ({}, BINARY),
        ({"num_thresholds": 10}, BINARY),
        ({"num_thresholds": 5}, EDGES),
        ({"thresholds": [0.1, 0.35, 0.5, 0.9]}, BINARY),
        ({"from_logits": True, "num_thresholds": 50}, BINARY_LOGITS),
        ({"multi_label": True, "num_labels": 3}, MULTI_LABEL),
        ({"multi_label": True, "thresholds": [0.2, 0.3, 0.7]}, MULTI_LABEL),
        ({"multi_label": True, "label_weights": [0.5, 1.0, 2.0]}, MULTI_LABEL),
        ({"label_weights": [0.5, 1.0, 2.0], "thresholds": [0.2, 0.3, 0.7]}, MULTI_LABEL),
        ({"multi_label": True, "from_logits": True, "num_thresholds": 10}, LABEL_LOGITS),
    )
] + [({"curve": "PRGAIN"}, BINARY), ({"curve": "PRGAIN", "num_thresholds": 10}, BINARY), ({}, MULTI_LABEL)]
AUC[0] = ({}, BINARY)

METRICS = {
    "AUC": AUC,
    "Accuracy": [({}, EQUALITY)],
    "BinaryAccuracy": [({}, BINARY), ({}, EDGES), ({"threshold": 0.7}, BINARY), ({}, MULTI_LABEL)],
    "BinaryCrossentropy": [
        ({}, BINARY),
        ({}, MULTI_LABEL),
        ({"label_smoothing": 0.1}, BINARY),
        ({"from_logits": True}, BINARY_LOGITS),
    ],
    "CategoricalAccuracy": [({}, CATEGORICAL), ({}, LOGITS)],
    "CategoricalCrossentropy": [
        ({}, CATEGORICAL),
        ({"label_smoothing": 0.1}, CATEGORICAL),
        ({"from_logits": True}, LOGITS),
    ],
    "CategoricalHinge": [({}, CATEGORICAL)],
    "ConcordanceCorrelation": [({}, ROW_WISE), ({"axis": 0}, REGRESSION)],
    "CosineSimilarity": [({}, REGRESSION)],
    "F1Score": F_SCORES,
    "FBetaScore": [({**config, "beta": 2.0}, data) for config, data in F_SCORES] + [({"beta": 0.5}, CATEGORICAL)],
    "FalseNegatives": THRESHOLDED,
    "FalsePositives": THRESHOLDED,
    "Hinge": [({}, MARGIN), ({}, SIGNED)],
    "KLDivergence": [({}, SOFT)],
    "LogCoshError": [({}, REGRESSION)],
    "MeanAbsoluteError": [({}, REGRESSION), ({}, ONE_OUTPUT)],
    "MeanAbsolutePercentageError": [({}, POSITIVE)],
    "MeanSquaredError": [({}, REGRESSION), ({}, ONE_OUTPUT)],
    "MeanSquaredLogarithmicError": [({}, POSITIVE)],
    "PearsonCorrelation": [({}, ROW_WISE), ({"axis": 0}, REGRESSION)],
    "Poisson": [({}, POSITIVE)],
    "Precision": RANKED,
    "PrecisionAtRecall": at("recall", 0.5),
    "R2Score": [
        ({}, ONE_OUTPUT),
        ({}, REGRESSION),
        ({"class_aggregation": "variance_weighted_average"}, REGRESSION),
        ({"class_aggregation": None}, REGRESSION),
        ({"num_regressors": 3}, REGRESSION),
        ({"num_regressors": 2}, ONE_OUTPUT),
    ],
    "Recall": RANKED,
    "RecallAtPrecision": at("precision", 0.5),
    "RootMeanSquaredError": [({}, REGRESSION), ({}, ONE_OUTPUT)],
    "SensitivityAtSpecificity": at("specificity", 0.5),
    "SparseCategoricalAccuracy": [({}, SPARSE), ({}, SPARSE_LOGITS)],
    "SparseCategoricalCrossentropy": [
        ({}, SPARSE),
        ({"from_logits": True}, SPARSE_LOGITS),
        ({"ignore_class": 2}, SPARSE),
    ],
    "SparseTopKCategoricalAccuracy": [({}, SPARSE_SEVEN), ({"k": 2}, SPARSE)],
    "SpecificityAtSensitivity": at("sensitivity", 0.5),
    "SquaredHinge": [({}, MARGIN), ({}, SIGNED)],
    "TopKCategoricalAccuracy": [({}, SEVEN_CLASSES), ({"k": 2}, CATEGORICAL)],
    "TrueNegatives": THRESHOLDED,
    "TruePositives": THRESHOLDED,
}


def case(class_name, config, updates):
    metric = golden.create("metrics", class_name, config)
    results = []
    for update in updates:
        metric.update_state(**update)
        results.append(np.array(metric.result()))
    metric.reset_state()
    metric.update_state(**updates[0])

    def once(update):
        return metric.stateless_result(metric.stateless_update_state([v.value for v in metric.variables], **update))

    arrays = {key: value for key, value in updates[0].items() if value is not None}
    return {
        "class": class_name,
        "config": config,
        "direction": getattr(metric, "_direction", None),
        "precision": golden.precision(once, arrays),
        "updates": updates,
        "results": results,
        "after_reset": np.array(metric.result()),
    }


def weighted_and_not(data, names):
    for weights in ([None] * 3, WEIGHTS):
        yield [dict(zip(names, (*arrays, w))) for arrays, w in zip(data, weights)]


cases = [
    case(class_name, config, updates)
    for class_name, variants in METRICS.items()
    for config, data in variants
    for updates in weighted_and_not(data, ("y_true", "y_pred", "sample_weight"))
    # A correlation over the rows has one value per column, which weights per row do not fit.
    if config.get("axis") != 0 or updates[0]["sample_weight"] is None
]
VALUES = each(lambda: (golden.decimals(generator, ROWS, -2, 2),))
cases += [
    case(class_name, {}, updates)
    for class_name in ("Mean", "Sum")
    for updates in weighted_and_not(VALUES, ("values", "sample_weight"))
]
golden.write("metrics", cases)
