"""Golden values for the unit tests of preprocessing, model_selection and metrics.

Writes sklearn_reference.json beside itself. Made with scikit-learn 1.9.1, pandas 3.1.1:

    pip install scikit-learn==1.9.1 pandas==3.1.1
    python tests/parity/sklearn_reference.py

Every case holds its inputs too, so that the tests need no Python. Infinity and NaN are written as strings.
"""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn import metrics, model_selection, preprocessing
from sklearn.utils.class_weight import compute_class_weight


def plain(value):
    """Arrays as nested lists, infinity and NaN as strings."""
    if isinstance(value, (np.ndarray, list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (np.bool_, bool)):
        return bool(value)
    if isinstance(value, (np.integer, int)):
        return int(value)
    if isinstance(value, (np.floating, float)):
        number = float(value)
        return number if math.isfinite(number) else {"nan": "NaN"}.get(str(number), str(number))
    return value


rng = np.random.default_rng(20240607)
cases = {}


def case(name, **fields):
    cases[name] = {field: plain(value) for field, value in fields.items()}


# ---- scalers: ordinary, constant, constant of many digits, large mean with small spread
n = 9
x = np.column_stack([
    rng.normal(3.0, 2.0, n),
    np.full(n, 5.0),
    np.full(n, 0.1 + 0.2),
    1e3 + rng.normal(0.0, 1.0, n),
    rng.lognormal(10.0, 1.5, n),
])
standard = preprocessing.StandardScaler().fit(x)
case("standard_scaler", x=x, mean=standard.mean_, scale=standard.scale_, transformed=standard.transform(x))
minmax = preprocessing.MinMaxScaler(feature_range=(-1, 2)).fit(x)
case("min_max_scaler", x=x, data_min=minmax.data_min_, data_max=minmax.data_max_, scale=minmax.scale_,
     transformed=minmax.transform(x))

# ---- table: correlations and quantiles with missing values and ties
a = rng.normal(size=40)
frame = pd.DataFrame({
    "a": a,
    "b": np.round(0.6 * a + rng.normal(size=40), 0),
    "c": np.where(rng.random(40) < 0.2, np.nan, rng.lognormal(size=40) - a),
    "d": rng.integers(0, 3, 40).astype(float),
})
described = frame.describe()
case("table", columns=frame.to_numpy().T, pearson=frame.corr().to_numpy(),
     spearman=frame.corr(method="spearman").to_numpy(),
     count=described.loc["count"].to_numpy(), mean=described.loc["mean"].to_numpy(), std=described.loc["std"].to_numpy(),
     quantiles=described.loc[["min", "25%", "50%", "75%", "max"]].to_numpy().T)

# ---- splitting: rows per class; the counts are such that no two classes have the same remainder
splits = []
for counts, test_size in [([819, 181], 0.3), ([70, 23, 8], 0.3), ([53, 31, 17, 3], 0.25), ([401553, 88868], 0.3),
                          ([10, 7], 0.5), ([997, 3], 0.34)]:
    y = np.repeat(np.arange(len(counts)), counts)
    train, test = model_selection.train_test_split(y, test_size=test_size, stratify=y, random_state=0)
    splits.append({"counts": counts, "test_size": test_size, "train": plain(np.bincount(train, minlength=len(counts))),
                   "test": plain(np.bincount(test, minlength=len(counts)))})
cases["splits"] = {"cases": splits}
sizes = []
for rows, share in [(10, 0.3), (11, 0.25), (490421, 0.3), (7, 0.5), (3, 0.01), (1000, 0.1)]:
    train, test = model_selection.train_test_split(np.arange(rows), test_size=share, random_state=0)
    sizes.append([rows, share, len(train), len(test)])
case("split_sizes", cases=sizes)
y = rng.choice([2, 0, 1], 23, p=[0.5, 0.3, 0.2])
folds = list(model_selection.StratifiedKFold(4).split(np.zeros(23), y))
membership = np.zeros(23, int)
for index, (_, test) in enumerate(folds):
    membership[test] = index
case("stratified_k_fold", y=y, fold=membership)
membership = np.zeros(23, int)
for index, (_, test) in enumerate(model_selection.KFold(5).split(np.zeros(23))):
    membership[test] = index
case("k_fold", fold=membership)
case("class_weight", y=y, weight=compute_class_weight("balanced", classes=np.array([0, 1, 2]), y=y))

# ---- metrics of two classes: scores with ties
truth = (rng.random(60) < 0.3).astype(int)
score = np.clip(np.round(0.25 * truth + rng.random(60) * 0.75, 2), 0, 1)
label = (score > 0.5).astype(int)
fpr, tpr, roc_thresholds = metrics.roc_curve(truth, score)
precision, recall, thresholds = metrics.precision_recall_curve(truth, score)
case("binary", truth=truth, score=score, label=label, confusion=metrics.confusion_matrix(truth, label),
     normalized=metrics.confusion_matrix(truth, label, normalize="true"),
     precision=metrics.precision_score(truth, label), recall=metrics.recall_score(truth, label),
     f1=metrics.f1_score(truth, label), accuracy=metrics.accuracy_score(truth, label),
     roc_auc=metrics.roc_auc_score(truth, score), fpr=fpr, tpr=tpr, roc_thresholds=roc_thresholds,
     curve_precision=precision, curve_recall=recall, curve_thresholds=thresholds,
     average_precision=metrics.average_precision_score(truth, score))
cases["binary"]["report"] = metrics.classification_report(truth, label)

# ---- metrics of several classes; class 7 is never predicted, class 3 never true
truth = rng.choice([0, 1, 5, 7], 80, p=[0.4, 0.3, 0.2, 0.1])
label = np.where(rng.random(80) < 0.6, truth, rng.choice([0, 1, 3, 5], 80))
label[label == 7] = 0
fields = {}
for average in ["macro", "micro", "weighted"]:
    fields[average] = list(metrics.precision_recall_fscore_support(truth, label, average=average, zero_division=0)[:3])
case("multiclass", truth=truth, label=label, labels=np.union1d(truth, label),
     confusion=metrics.confusion_matrix(truth, label), normalized=metrics.confusion_matrix(truth, label, normalize="true"),
     per_class=np.array(metrics.precision_recall_fscore_support(truth, label, zero_division=0)).T,
     accuracy=metrics.accuracy_score(truth, label), **fields)
cases["multiclass"]["report"] = metrics.classification_report(truth, label, zero_division=0)

# ---- numbers far from zero, and constants
near = rng.normal(0.0, 3.0, 50)
guess = near + rng.normal(0.0, 1.0, 50)
weight = rng.integers(0, 4, 50)
far = {}
for shift in [0.0, 1e6, -1e8]:
    far[f"r2_{shift:g}"] = metrics.r2_score(near + shift, guess + shift)
    far[f"weighted_r2_{shift:g}"] = metrics.r2_score(near + shift, guess + shift, sample_weight=weight)
    far[f"pearson_{shift:g}"] = pd.Series(near + shift).corr(pd.Series(guess + shift))
case("far_from_zero", y=near, p=guess, weight=weight, **far,
     constant=[metrics.r2_score(np.full(10, c), np.full(10, c + d)) for c in (5.0, 0.1) for d in (0.0, 0.1)],
     variance_weighted=metrics.r2_score(np.full((3, 2), 0.3), np.full((3, 2), 0.3), multioutput="variance_weighted"),
     constant_std=pd.Series([4.761904762] * 37).std(),
     constant_corr=pd.DataFrame({"c": [4.761904762] * 37, "y": np.arange(37.0)}).corr().to_numpy())

# ---- labels other than 0 and 1: the positive one is stated
truth, label = [1, 2, 2, 1, 2], [1, 1, 2, 2, 2]
case("labels", truth=truth, label=label,
     precision=[metrics.precision_score(truth, label, pos_label=positive) for positive in (1, 2)],
     recall=[metrics.recall_score(truth, label, pos_label=positive) for positive in (1, 2)])

target = Path(__file__).with_name("sklearn_reference.json")
lines = [f'"{name}": {json.dumps(fields)}' for name, fields in cases.items()]
target.write_text("{\n" + ",\n".join(lines) + "\n}\n")
