"""Calibration of scikit-learn 1.9.1 and SciPy 1.17.1: frozen estimators, isotonic regression, calibration curves.

The optimizers of scikit-learn end within their tolerances; `sigmoid_optimum` and `temperature_optimum` are the same optima by
Newton's method to the last digits.
"""

import numpy as np
from cases import Cases
from scipy.optimize import root, root_scalar
from scipy.special import expit, log_softmax, logit, softmax
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.calibration import CalibratedClassifierCV, calibration_curve
from sklearn.frozen import FrozenEstimator
from sklearn.isotonic import IsotonicRegression

cases = Cases(__file__)
random = np.random.default_rng(16)


class Given(ClassifierMixin, BaseEstimator):
    """Predicts the probabilities that it is given as x."""

    def fit(self, x, y):
        self.classes_ = np.unique(y)
        return self

    def predict_proba(self, x):
        return np.column_stack([1 - x[:, 0], x[:, 0]]) if x.shape[1] == 1 else x

    def predict(self, x):
        return self.predict_proba(x).argmax(axis=1)


class Scored(Given):
    """Has a decision function, the log-odds of the probabilities."""

    def decision_function(self, x):
        return logit(x[:, 0]) if x.shape[1] == 1 else logit(x)


class Logits(Given):
    """Has a decision function, the logarithms of the probabilities."""

    def decision_function(self, x):
        return logit(x[:, 0]) if x.shape[1] == 1 else np.log(x)


def calibrated(estimator, method, p, y, at, weights=None):
    model = CalibratedClassifierCV(FrozenEstimator(estimator().fit(p, y)), method=method, cv=2, ensemble=False)
    return model.fit(p, y, sample_weight=weights).predict_proba(at)


def sigmoid_optimum(f, y, weights):
    """Slope and intercept with Platt's targets, to the last digits."""
    n1, n0 = weights[y == 1].sum(), weights[y == 0].sum()
    target = np.where(y == 1, (n1 + 1) / (n1 + 2), 1 / (n0 + 2))

    def gradient(ab):
        error = weights * (expit(ab[0] * f + ab[1]) - target)
        return [error @ f, error.sum()]

    found = root(gradient, [1.0, 0.0], tol=1e-14)
    assert max(abs(np.array(gradient(found.x)))) < 1e-9, found
    return found.x


def temperature_optimum(z, y, weights):
    """The inverse temperature of softmax(β z), to the last digits."""

    def derivative(beta):
        p = softmax(beta * z, axis=1)
        return weights @ ((p * z).sum(axis=1) - z[np.arange(len(y)), y])

    return root_scalar(derivative, bracket=[1e-4, 1e4], xtol=1e-15, rtol=1e-15).root


# Two classes, probabilities too far from one half, with ties.
rows = 300
z = random.normal(-0.5, 1.2, rows)
truth = (random.random(rows) < expit(z)).astype(int)
p = expit(2.2 * z + 0.4 + random.normal(0, 0.4, rows)).round(3).clip(0.001, 0.999)
weights = np.where(random.random(rows) < 0.1, 0.0, random.gamma(2.0, 0.5, rows).round(6))
at = np.concatenate([[0.0005, 0.9995, 0.5], random.random(40)])
column, ones = p[:, None], np.ones(rows)
fields = {}
for name, w in [("", None), ("_weighted", weights)]:
    w_or_ones = ones if w is None else w
    slope, intercept = sigmoid_optimum(logit(p), truth, w_or_ones)
    beta = temperature_optimum(np.column_stack([0 * p, logit(p)]), truth, w_or_ones)
    fields |= {
        f"platt{name}": calibrated(Scored, "sigmoid", column, truth, at[:, None], w)[:, 1],
        f"platt_exact{name}": expit(slope * logit(at) + intercept),
        f"isotonic{name}": calibrated(Given, "isotonic", column, truth, at[:, None], w)[:, 1],
        f"temperature{name}": calibrated(Scored, "temperature", column, truth, at[:, None], w)[:, 1],
        f"temperature_exact{name}": expit(beta * logit(at)),
    }
cases.case("calibration_binary", truth=truth, p=p, weights=weights, at=at, **fields)

# Four classes.
rows, classes = 400, 4
z = random.normal(0, 1, (rows, classes)) + [0.6, 0.2, 0.0, -0.4]
truth = np.array([random.choice(classes, p=row) for row in softmax(z, axis=1)])
p = softmax(2.5 * z + random.normal(0, 0.5, z.shape), axis=1).clip(1e-6, 1)
p /= p.sum(axis=1, keepdims=True)
weights = np.where(random.random(rows) < 0.1, 0.0, random.gamma(2.0, 0.5, rows).round(6))
at = softmax(2.5 * random.normal(0, 1, (30, classes)), axis=1)
fields = {}
for name, w in [("", None), ("_weighted", weights)]:
    w_or_ones = np.ones(rows) if w is None else w
    exact = np.column_stack(
        [
            expit(np.dot(sigmoid_optimum(logit(p[:, k]), (truth == k).astype(int), w_or_ones), [logit(at[:, k]), np.ones(30)]))
            for k in range(classes)
        ]
    )
    beta = temperature_optimum(np.log(p), truth, w_or_ones)
    fields |= {
        f"platt{name}": calibrated(Scored, "sigmoid", p, truth, at, w),
        f"platt_exact{name}": exact / exact.sum(axis=1, keepdims=True),
        f"isotonic{name}": calibrated(Given, "isotonic", p, truth, at, w),
        f"temperature{name}": calibrated(Logits, "temperature", p, truth, at, w),
        f"temperature_exact{name}": np.exp(log_softmax(beta * np.log(at), axis=1)),
    }
cases.case("calibration_classes", truth=truth, p=p, weights=weights, at=at, **fields)

# Isotonic regression itself.
rows = 120
x = (random.random(rows) * 40).round() / 40
y = (random.random(rows) < x).astype(int)
at = np.concatenate([[0.0, 1.0, 0.5], random.random(30)])
weights = np.where(random.random(rows) < 0.1, 0.0, random.gamma(2.0, 0.5, rows).round(6))
for name, w in [("isotonic", np.ones(rows)), ("isotonic_weighted", weights)]:
    model = IsotonicRegression(out_of_bounds="clip").fit(x, y, sample_weight=w)
    cases.case(
        name,
        x=x,
        y=y,
        weights=w,
        at=at,
        x_thresholds=model.X_thresholds_,
        y_thresholds=model.y_thresholds_,
        predicted=model.predict(at),
    )

# Calibration curves, and the expected calibration error of their bins.
rows = 500
p = random.beta(0.8, 1.6, rows).round(3)
truth = (random.random(rows) < p**1.3).astype(int)
fields = {}
for strategy in ["uniform", "quantile"]:
    observed, predicted = calibration_curve(truth, p, n_bins=10, strategy=strategy)
    edges = np.percentile(p, np.linspace(0, 100, 11)) if strategy == "quantile" else np.linspace(0, 1, 11)
    counts = np.bincount(np.searchsorted(edges[1:-1], p), minlength=10)
    counts = counts[counts > 0]
    fields |= {
        f"{strategy}_observed": observed,
        f"{strategy}_predicted": predicted,
        f"{strategy}_counts": counts,
        f"{strategy}_error": (counts * abs(observed - predicted)).sum() / rows,
    }
cases.case("calibration_curve", truth=truth, p=p, **fields)
cases.write()
