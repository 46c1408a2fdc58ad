"""Scores of scikit-learn 1.9.1 and SciPy 1.17.1: binary, of several classes, of several labels, of labels, of numbers."""

import numpy as np
from cases import Cases
from scipy import stats
from sklearn import metrics

cases = Cases(__file__)
random = np.random.default_rng(15)


def both(score, weights, /, *arguments, **options):
    """Without and with weights."""
    return [score(*arguments, **options), score(*arguments, sample_weight=weights, **options)]


def weights_of(rows):
    """Fractions, some of them 0."""
    return np.where(random.random(rows) < 0.1, 0.0, random.gamma(2.0, 0.5, rows).round(6))


# Two classes, with ties and a number of rows that 10 does not divide.
rows = 123
truth = (random.random(rows) < 0.35).astype(int)
score = np.clip(0.35 + 0.25 * (truth - 0.35) + random.normal(0, 0.2, rows), 0.01, 0.99).round(3)
score[:12] = [0.2, 0.2, 0.2, 0.7, 0.7, 0.7, 0.4, 0.4, 0.4, 0.4, 0.5, 0.5]
coarse = score.round(1)
weights = weights_of(rows)
label = (score > 0.4).astype(int)
order = np.argsort(-score, kind="stable")
sizes = [len(part) for part in np.array_split(order, 10)]
# The positives within the first rows; of equal scores in proportion.
expected = np.array([truth[score == score[row]].mean() for row in order])
positives = np.array([part.sum() for part in np.split(expected, np.cumsum(sizes)[:-1])])
beta = [0.0, 0.5, 1.0, 2.0]
top_1 = metrics.top_k_accuracy_score(truth, score, k=1)
cases.case(
    "scores_binary",
    truth=truth,
    score=score,
    coarse=coarse,
    label=label,
    weights=weights,
    average_precision=metrics.average_precision_score(truth, score),
    average_precision_weighted=metrics.average_precision_score(truth, score, sample_weight=weights),
    log_loss=metrics.log_loss(truth, score),
    log_loss_weighted=metrics.log_loss(truth, score, sample_weight=weights),
    brier=metrics.brier_score_loss(truth, score),
    brier_weighted=metrics.brier_score_loss(truth, score, sample_weight=weights),
    fbeta=[metrics.fbeta_score(truth, label, beta=b) for b in beta],
    fbeta_weighted=[metrics.fbeta_score(truth, label, beta=b, sample_weight=weights) for b in beta],
    accuracy_precision_recall_weighted=[
        score_of(truth, label, sample_weight=weights)
        for score_of in (metrics.accuracy_score, metrics.precision_score, metrics.recall_score)
    ],
    roc_auc=both(metrics.roc_auc_score, weights, truth, score),
    gini=2 * metrics.roc_auc_score(truth, score) - 1,
    gini_weighted=2 * metrics.roc_auc_score(truth, score, sample_weight=weights) - 1,
    ks_score=stats.ks_2samp(score[truth == 1], score[truth == 0]).statistic,
    ks_coarse=stats.ks_2samp(coarse[truth == 1], coarse[truth == 0]).statistic,
    top_1=[top_1, metrics.top_k_accuracy_score(truth, np.log(score / (1 - score)), k=1)],
    roc_curve_weighted=metrics.roc_curve(truth, score, sample_weight=weights)[1],
    recall_weighted=metrics.precision_recall_curve(truth, score, sample_weight=weights)[1],
    gains_rows=sizes,
    gains_positives=positives,
    gains_cumulative=np.cumsum(positives) / truth.sum(),
    gains_lift=positives / sizes / truth.mean(),
)
cases.case(
    "scores_extreme",
    truth=[0, 1, 0, 1],
    score=[0.0, 1.0, 1.0, 1e-20],
    log_loss=metrics.log_loss([0, 1, 0, 1], [0.0, 1.0, 1.0, 1e-20]),
)

# Four classes.
truth = random.choice(4, rows, p=[0.4, 0.3, 0.2, 0.1])
logits = random.normal(0, 1, (rows, 4)) + 1.2 * np.eye(4)[truth]
score = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
weights = weights_of(rows)
averages = ["macro", "micro", "weighted"]
indicators = np.eye(4, dtype=int)[truth]
label = score.argmax(axis=1)
kinds = {"precision": metrics.precision_score, "recall": metrics.recall_score}
kinds["f2"] = lambda *a, **o: metrics.fbeta_score(*a, beta=2.0, **o)
cases.case(
    "scores_multiclass",
    truth=truth,
    score=score,
    label=label,
    weights=weights,
    log_loss=metrics.log_loss(truth, score),
    log_loss_weighted=metrics.log_loss(truth, score, sample_weight=weights),
    brier=metrics.brier_score_loss(truth, score),
    brier_weighted=metrics.brier_score_loss(truth, score, sample_weight=weights),
    average_precision=[metrics.average_precision_score(truth, score, average=a) for a in averages],
    average_precision_weighted=[
        metrics.average_precision_score(truth, score, average=a, sample_weight=weights) for a in averages
    ],
    roc_auc_ovr=[metrics.roc_auc_score(truth, score, multi_class="ovr", average=a) for a in averages],
    roc_auc_ovr_weighted=[
        metrics.roc_auc_score(truth, score, multi_class="ovr", average=a, sample_weight=weights) for a in averages
    ],
    roc_auc_ovo=[
        metrics.roc_auc_score(truth, score, multi_class="ovo", average=a) for a in ["macro", "weighted"]
    ],
    **{
        name: [kind(truth, label, average=a, sample_weight=w) for w in (None, weights) for a in averages]
        for name, kind in kinds.items()
    },
)

# Scores with ties, among them of the true class.
truth = random.integers(0, 4, rows)
score = random.integers(0, 4, (rows, 4)).astype(float)
weights = weights_of(rows)
cases.case(
    "scores_top_k",
    truth=truth,
    score=score,
    weights=weights,
    top_k=[metrics.top_k_accuracy_score(truth, score, k=k) for k in (1, 2, 3)],
    top_k_weighted=[metrics.top_k_accuracy_score(truth, score, k=k, sample_weight=weights) for k in (1, 2, 3)],
)

# Three labels at the same time.
truth = (random.random((rows, 3)) < [0.5, 0.3, 0.1]).astype(int)
score = np.clip(0.3 + 0.3 * truth + random.normal(0, 0.25, (rows, 3)), 0, 1).round(2)
weights = weights_of(rows)
label = (score > 0.5).astype(int)
cases.case(
    "scores_multilabel",
    truth=truth,
    score=score,
    weights=weights,
    average_precision=[metrics.average_precision_score(truth, score, average=a) for a in averages],
    average_precision_weighted=[
        metrics.average_precision_score(truth, score, average=a, sample_weight=weights) for a in averages
    ],
    roc_auc=[metrics.roc_auc_score(truth, score, average=a) for a in averages],
    roc_auc_weighted=[metrics.roc_auc_score(truth, score, average=a, sample_weight=weights) for a in averages],
    accuracy=both(metrics.accuracy_score, weights, truth, label),
    **{
        name: [kind(truth, label, average=a, sample_weight=w) for w in (None, weights) for a in averages]
        for name, kind in kinds.items()
    },
)


# Labels of two and of several classes, one of which is never predicted and one never true.
def labels(truth, label):
    weights = weights_of(len(truth))
    kappa = metrics.cohen_kappa_score
    balanced = metrics.balanced_accuracy_score
    return {
        "truth": truth,
        "label": label,
        "weights": weights,
        "balanced_accuracy": both(balanced, weights, truth, label),
        "balanced_accuracy_adjusted": both(balanced, weights, truth, label, adjusted=True),
        "matthews": both(metrics.matthews_corrcoef, weights, truth, label),
        "kappa": both(kappa, weights, truth, label),
        "kappa_linear": both(kappa, weights, truth, label, weights="linear"),
        "kappa_quadratic": both(kappa, weights, truth, label, weights="quadratic"),
    }


def mixed(truth, classes, agreement):
    return np.where(random.random(len(truth)) < agreement, truth, random.choice(classes, len(truth)))


two = random.choice([0, 1], 80, p=[0.8, 0.2])
five = random.choice([0, 1, 3, 4, 7], 150, p=[0.4, 0.3, 0.15, 0.1, 0.05])
cases.case(
    "scores_labels",
    cases=[
        labels(two, mixed(two, [0, 1], 0.6)),
        labels(five, mixed(five, [0, 1, 2, 3, 4], 0.5)),
        labels(2 * two - 1, mixed(2 * two - 1, [-1, 1], 0.4)),
    ],
)

# Three outputs of different size.
truth = random.normal(0, 1, (90, 3)) * [1.0, 20.0, 0.1] + [0.0, 5.0, 3.0]
predicted = (truth - truth.mean(axis=0)) * 0.7 + truth.mean(axis=0) + random.normal(0, 0.4, (90, 3)) * [1.0, 20.0, 0.2]
weights = weights_of(90)
functions = [
    "mean_absolute_error",
    "median_absolute_error",
    "root_mean_squared_error",
    "mean_absolute_percentage_error",
    "r2_score",
    "explained_variance_score",
]
fields = {}
for name in functions:
    fields[name] = both(getattr(metrics, name), weights, truth, predicted)
    fields[f"{name}_one"] = both(getattr(metrics, name), weights, truth[:, 0], predicted[:, 0])
for name in ("r2_score", "explained_variance_score"):
    fields[f"{name}_variance"] = both(
        getattr(metrics, name), weights, truth, predicted, multioutput="variance_weighted"
    )
for quantile in (0.1, 0.9):
    fields[f"pinball_{quantile}"] = both(metrics.mean_pinball_loss, weights, truth, predicted, alpha=quantile)
cases.case(
    "scores_numbers",
    truth=truth,
    predicted=predicted,
    weights=weights,
    max_error_one=metrics.max_error(truth[:, 0], predicted[:, 0]),
    **fields,
)
constant = [1.5, 1.5, 1.5]
cases.case(
    "scores_constant",
    r2=[metrics.r2_score(constant, [1.5, 1.5, 1.5]), metrics.r2_score(constant, [1.5, 1.5, 1.0])],
    explained_variance=[
        metrics.explained_variance_score(constant, [1.0, 1.0, 1.0]),
        metrics.explained_variance_score(constant, [1.5, 1.5, 1.0]),
    ],
)
cases.write()
