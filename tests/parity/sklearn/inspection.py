"""Permutation importance and partial dependence of scikit-learn 1.9.1, accumulated local effects by their definition, Shapley values of SHAP 0.51.0.

SHAP is not needed elsewhere; it is installed beside scikit-learn for this script alone:

    pip install scikit-learn==1.9.1 pandas==3.1.1 shap==0.51.0
    python tests/parity/sklearn/inspection.py
"""

import numpy as np
import shap
from cases import Cases
from sklearn.inspection import partial_dependence, permutation_importance
from sklearn.linear_model import LinearRegression
from sklearn.base import BaseEstimator, RegressorMixin

cases = Cases(__file__)
random = np.random.default_rng(16)


class Network(RegressorMixin, BaseEstimator):
    """One hidden layer of tanh and a sigmoid behind it, with fixed weights."""

    def __init__(self, w1=None, b1=None, w2=None, b2=None):
        self.w1, self.b1, self.w2, self.b2 = w1, b1, w2, b2

    def fit(self, x, y):
        self.is_fitted_ = True
        return self

    def predict(self, x):
        z = np.tanh(np.asarray(x) @ self.w1 + self.b1) @ self.w2 + self.b2
        return 1 / (1 + np.exp(-z[:, 0]))


rows = 60
x = np.column_stack([random.normal(0, 1, rows), random.normal(2, 3, rows), random.integers(0, 5, rows).astype(float)])
x[:, 0] += 0.3 * x[:, 1]
network = Network(random.normal(0, 0.7, (3, 6)), random.normal(0, 0.5, 6), random.normal(0, 1.2, (6, 1)), np.array([0.2]))
network.fit(x, x[:, 0])
cases.case("inspected_network", x=x, w1=network.w1, b1=network.b1, w2=network.w2, b2=network.b2, predicted=network.predict(x))

# The orders that permutation_importance draws: the same seed for each column; each repeat permutes what the last one left.
y = x @ np.array([1.5, -0.5, 0.25]) + random.normal(0, 0.3, rows)
model = LinearRegression().fit(x, y)
weights = random.uniform(0.5, 2.0, rows)
importance = permutation_importance(
    model, x, y, scoring="r2", n_repeats=4, random_state=np.random.RandomState(5), sample_weight=weights
)
seed = np.random.RandomState(5).randint(np.iinfo(np.int32).max + 1)
shuffler, moved, orders = np.random.RandomState(seed), np.arange(rows), [np.arange(rows)]
for _ in range(4):
    shuffler.shuffle(moved)
    orders.append(orders[-1][moved])
cases.case(
    "permutation_importance",
    x=x,
    y=y,
    row_weights=weights,
    weights=model.coef_,
    bias=[model.intercept_],
    orders=orders[1:],
    importances=importance.importances,
    means=importance.importances_mean,
)

for name, columns, resolution, percentiles in [
    ("all_values", [2], 100, (0.05, 0.95)),
    ("between_quantiles", [0], 9, (0.05, 0.95)),
    ("other_quantiles", [1], 12, (0.1, 0.8)),
    ("two_columns", [0, 2], 7, (0.05, 0.95)),
]:
    found = partial_dependence(
        network, x, columns, kind="both", method="brute", grid_resolution=resolution, percentiles=percentiles
    )
    cases.case(
        f"partial_dependence_{name}",
        columns=columns,
        resolution=[resolution],
        percentiles=percentiles,
        grid=found.grid_values[0],
        second=found.grid_values[1] if len(columns) > 1 else [],
        average=found.average[0].ravel(),
        individual=found.individual[0].reshape(rows, -1),
    )
weighted = partial_dependence(network, x, [0], method="brute", grid_resolution=5, sample_weight=weights)
cases.case("partial_dependence_weighted", row_weights=weights, average=weighted.average[0])


def accumulated_local_effects(predict, x, column, bins):
    """Apley and Zhu, as their package ALEPlot computes it: quantiles of type 1, intervals closed on the right."""
    values = x[:, column]
    edges = np.unique(np.concatenate([[values.min()], np.quantile(values, np.arange(1, bins + 1) / bins, method="inverted_cdf")]))
    of = np.clip(np.searchsorted(edges, values, side="left") - 1, 0, len(edges) - 2)
    lower, upper = x.copy(), x.copy()
    lower[:, column], upper[:, column] = edges[of], edges[of + 1]
    steps = predict(upper) - predict(lower)
    counts = np.bincount(of, minlength=len(edges) - 1)
    means = np.array([steps[of == k].mean() if counts[k] else 0 for k in range(len(edges) - 1)])
    effects = np.concatenate([[0], np.cumsum(means)])
    effects -= ((effects[:-1] + effects[1:]) / 2 * counts).sum() / counts.sum()
    return {"column": [column], "bins": [bins], "edges": edges, "effects": effects, "counts": counts}


cases.case(
    "accumulated_local_effects",
    cases=[accumulated_local_effects(network.predict, x, *which) for which in [(0, 5), (1, 10), (2, 4), (0, 59), (1, 1)]],
)

background, records = x[:20], x[40:44]
masker = shap.maskers.Independent(background, max_samples=20)
exact = shap.explainers.Exact(network.predict, masker)(records)
cases.case("shapley_values", rows=[20], first=[40], values=exact.values, baselines=np.broadcast_to(exact.base_values, 4))

cases.write()
