"""Student's t distribution of SciPy 1.17.1, and the corrected resampled t-test of Nadeau and Bengio (2003)."""

import numpy as np
from cases import Cases
from scipy import stats

cases = Cases(__file__)
random = np.random.default_rng(21)

# Nearer to 0 SciPy, which rounds ν/(ν + t²) to next to 1, loses digits; the unit tests have closed forms for these.
t, degrees = map(
    np.ravel,
    np.meshgrid(
        [0.01, 0.3, 0.7, 1.0, 1.4, 1.9, 2.5, 4.0, 7.0, 12.0, 30.0, 200.0],
        [1, 2, 3, 4, 5, 9, 14, 29, 49, 99, 100, 499, 2500],
    ),
)
p = 2 * stats.t.sf(t, degrees)
kept = p > 1e-250
cases.case("student_t", t=t[kept], degrees_of_freedom=degrees[kept], p=p[kept])


def comparison(folds, n_train, n_test, shift):
    a, b = random.normal(0.8, 0.02, folds), random.normal(0.8 - shift, 0.02, folds)
    d = a - b
    error = np.sqrt((1 / folds + n_test / n_train) * d.var(ddof=1))
    t = d.mean() / error
    expected = [d.mean(), error, t, 2 * stats.t.sf(abs(t), folds - 1)]
    return {"a": a, "b": b, "rows": [n_train, n_test], "expected": expected}


cases.case(
    "paired_comparison",
    cases=[
        comparison(2, 100, 100, 0.0),
        comparison(5, 800, 200, 0.01),
        comparison(5, 274_635, 68_659, 0.1),
        comparison(10, 900, 100, -0.01),
        comparison(50, 900, 100, 0.02),
    ],
)

cases.write()
