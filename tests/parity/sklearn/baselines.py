"""Linear models with an L2 penalty, as the baselines of cross-validation are; see cases.py."""

import numpy as np
from cases import Cases
from sklearn.linear_model import LogisticRegression, Ridge

cases = Cases(__file__)
rng = np.random.default_rng(7)
n, features = 60, 3
x = rng.normal(size=(n, features))
x[:, 2] = (x[:, 2] > 0).astype(float)
z = x @ np.array([1.5, -1.0, 0.5])
weight = rng.uniform(0.2, 2.0, n)

y = (z + rng.logistic(size=n) > 0).astype(int)
classes = np.digitize(z + rng.normal(size=n), [-1.0, 0.8])
numbers = np.column_stack([3.0 * z + rng.normal(size=n) + 10.0, -z])


def logistic(target, **options):
    return LogisticRegression(C=1.0, tol=1e-12, max_iter=100_000, solver="newton-cholesky", **options).fit(x, target, weight)


cases.case(
    "linear_baselines", x=x, weight=weight, y=y, classes=classes, numbers=numbers,
    binary=logistic(y).predict_proba(x)[:, 1],
    multiclass=logistic(classes).predict_proba(x),
    ridge=Ridge(alpha=1.0, solver="cholesky").fit(x, numbers, weight).predict(x),
)
cases.write()
