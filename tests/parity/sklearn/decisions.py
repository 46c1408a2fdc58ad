"""Thresholds by scikit-learn 1.9.1: from its curves, and by TunedThresholdClassifierCV; conformal regions and stability by plain NumPy.

The conformal cases follow the definitions of Angelopoulos and Bates, *A gentle introduction to conformal prediction*, 2023, and of Barber
et al., *Predictive inference with the jackknife+*, 2021; the last case is the usual population stability index.
"""

import numpy as np
from cases import Cases
from sklearn import metrics
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.frozen import FrozenEstimator
from sklearn.model_selection import TunedThresholdClassifierCV

cases = Cases(__file__)
random = np.random.default_rng(1616)


class Given(ClassifierMixin, BaseEstimator):
    """Predicts the probabilities that it is given as x."""

    def fit(self, x, y):
        self.classes_ = np.unique(y)
        return self

    def predict_proba(self, x):
        return np.column_stack([1 - x[:, 0], x[:, 0]])

    def predict(self, x):
        return (x[:, 0] > 0.5).astype(int)


def tuned(scorer, p, y):
    """The best of all distinct probabilities, which the classifier wants ascending."""
    model = TunedThresholdClassifierCV(
        FrozenEstimator(Given().fit(p[:, None], y)),
        scoring=scorer,
        thresholds=np.unique(p),
        cv="prefit",
        refit=False,
    ).fit(p[:, None], y)
    return model.best_threshold_, model.best_score_


rows = 250
truth = (random.random(rows) < 0.3).astype(int)
p = np.clip(0.3 + 0.3 * (truth - 0.3) + random.normal(0, 0.2, rows), 0.01, 0.99).round(2)
weights = np.where(random.random(rows) < 0.1, 0.0, random.gamma(2.0, 0.5, rows).round(6))
amounts = random.gamma(2.0, 5000.0, rows).round(2)
fields = {"truth": truth, "p": p, "weights": weights, "amounts": amounts}
levels = [0.05, 0.3, 0.5, 0.8, 0.95, 1.0]
precisions = [0.1, 0.3, 0.5, 0.7]
betas = [0.5, 1.0, 2.0]
capacities = [0, 1, 10, 60, 249, 1000]
fields |= {"levels": levels, "precisions": precisions, "betas": betas, "capacities": capacities}
for name, w in [("", np.ones(rows)), ("_weighted", weights)]:
    fpr, tpr, thresholds = metrics.roc_curve(truth, p, sample_weight=w, drop_intermediate=False)
    precision, recall, pr_thresholds = metrics.precision_recall_curve(truth, p, sample_weight=w)
    # Both curves by descending threshold.
    precision, recall, pr_thresholds = precision[:-1][::-1], recall[:-1][::-1], pr_thresholds[::-1]
    fields[f"recall{name}"] = [thresholds[np.argmax(tpr >= r)] for r in levels]
    fields[f"rate{name}"] = [thresholds[np.flatnonzero(fpr <= a)[-1]] for a in levels]
    fields[f"precision{name}"] = [pr_thresholds[np.flatnonzero(precision >= q)[-1]] for q in precisions]
    best, values = [], []
    for beta in betas:
        f = np.array([metrics.fbeta_score(truth, p >= t, beta=beta, sample_weight=w, zero_division=0) for t in thresholds])
        best.append(thresholds[f.argmax()])
        values.append(f.max())
    fields[f"f{name}"], fields[f"f_values{name}"] = best, values
    totals = np.array([w[p >= t].sum() for t in thresholds])
    fields[f"capacity{name}"] = [thresholds[np.flatnonzero(totals <= k)[-1]] for k in capacities]
    costs = np.array([w @ np.where(p >= t, (1 - truth) * 1.0, truth * 4.0) for t in thresholds]) / w.sum()
    fields[f"cost{name}"] = [thresholds[costs.argmin()], costs.min()]
    fields[f"cost_curve{name}"] = costs
    fields[f"cost_thresholds{name}"] = thresholds
    losses = np.array([w @ (amounts * np.where(p >= t, (1 - truth) * 0.15, truth * 0.6)) for t in thresholds]) / w.sum()
    fields[f"row_cost{name}"] = [thresholds[losses.argmin()], losses.min()]
fields["tuned_f"] = [
    number for beta in betas for number in tuned(metrics.make_scorer(metrics.fbeta_score, beta=beta, zero_division=0), p, truth)
]


def gain(y, predicted):
    return -np.where(predicted == 1, (1 - y) * 1.0, y * 4.0).mean()


fields["tuned_cost"] = list(tuned(metrics.make_scorer(gain), p, truth))
cases.case("thresholds", **fields)

# Conformal: intervals.
n, new = 60, 20
y = random.normal(10, 3, n)
predicted = y + random.normal(0, 1, n)
at = random.normal(10, 3, new)
alphas = [0.05, 0.1, 0.32, 0.5]
sorted_residuals = np.sort(abs(y - predicted))
quantiles = [sorted_residuals[int(np.ceil((n + 1) * (1 - alpha))) - 1] for alpha in alphas]
cases.case("conformal_numbers", y=y, predicted=predicted, at=at, alphas=alphas, quantiles=quantiles)

# Conformal: sets of classes.
classes = 5
p = random.dirichlet(np.full(classes, 0.6), n)
truth = np.array([random.choice(classes, p=row) for row in p])
at = random.dirichlet(np.full(classes, 0.6), new)


def cumulative(p):
    """The sum of the probabilities that are at least as large."""
    order = np.argsort(-p, axis=1, kind="stable")
    sums = np.take_along_axis(p, order, axis=1).cumsum(axis=1)
    return np.take_along_axis(sums, np.argsort(order, axis=1), axis=1)


fields = {}
for name, scores, new_scores in [("lac", 1 - p, 1 - at), ("aps", cumulative(p), cumulative(at))]:
    of_truth = np.sort(scores[np.arange(n), truth])
    q = [of_truth[int(np.ceil((n + 1) * (1 - alpha))) - 1] for alpha in alphas]
    top = np.eye(classes, dtype=bool)[at.argmax(axis=1)]
    fields |= {f"{name}_quantiles": q, f"{name}_sets": [(new_scores <= limit) | top for limit in q]}
cases.case("conformal_classes", truth=truth, p=p, at=at, alphas=alphas, **fields)

# Jackknife+ and CV+: the models of the folds predict each new row.
folds = 5
fold = np.arange(n) % folds
residuals = abs(random.normal(0, 1, n))
of_folds = random.normal(10, 3, (new, 1)) + random.normal(0, 0.3, (new, folds))
low, high = [], []
for alpha in alphas:
    k = int(np.ceil((n + 1) * (1 - alpha)))
    low.append([-np.sort(-(row[fold] - residuals))[k - 1] for row in of_folds])
    high.append([np.sort(row[fold] + residuals)[k - 1] for row in of_folds])
cases.case("jackknife_plus", fold=fold, residuals=residuals, of_folds=of_folds, alphas=alphas, low=low, high=high)

# Stability of a column of numbers with ten quantile bins and one for missing values, and of categories.
old = np.where(random.random(1000) < 0.05, np.nan, random.normal(0, 1, 1000))
recent = np.where(random.random(600) < 0.08, np.nan, random.normal(0.3, 1.1, 600))
homes = random.choice(["RENT", "OWN", "MORTGAGE"], 1000, p=[0.4, 0.1, 0.5])
recent_homes = random.choice(["RENT", "OWN", "MORTGAGE", "OTHER"], 600, p=[0.3, 0.15, 0.5, 0.05])


def index(expected, actual):
    e = np.maximum(expected, 0.5) / expected.sum()
    a = np.maximum(actual, 0.5) / actual.sum()
    return ((a - e) * np.log(a / e)).sum()


edges = np.quantile(old[~np.isnan(old)], np.linspace(0, 1, 11)[1:-1])


def counts(x):
    inside = np.bincount(np.searchsorted(edges, x[~np.isnan(x)]), minlength=10)
    return np.append(inside, np.isnan(x).sum()).astype(float)


names = ["MORTGAGE", "OTHER", "OWN", "RENT"]
of_names = lambda x: np.array([(x == name).sum() for name in names], dtype=float)
cases.case(
    "stability",
    old=old,
    recent=recent,
    homes=homes.tolist(),
    recent_homes=recent_homes.tolist(),
    numbers=index(counts(old), counts(recent)),
    categories=index(of_names(homes), of_names(recent_homes)),
)
cases.write()
