"""Golden values of scalers: what scikit-learn, NumPy and SciPy make of columns with missing values, ties and constants.

    pip install scikit-learn==1.9.1 pandas==3.1.1 mpmath==1.4.1
    python tests/parity/sklearn/scalers.py
"""

import warnings

import mpmath
import numpy as np
from cases import Cases
from scipy import stats
from sklearn import preprocessing

warnings.simplefilter("ignore")
cases = Cases(__file__)
rng = np.random.default_rng(20250915)

# ---- columns: normal, skewed, constant, with ties, with missing values, of few values, large with a small spread
n = 40
x = np.column_stack([
    rng.normal(3.0, 2.0, n),
    rng.lognormal(10.0, 1.5, n),
    np.full(n, 0.1 + 0.2),
    rng.integers(0, 6, n).astype(float),
    np.where(rng.random(n) < 0.3, np.nan, rng.normal(-5.0, 10.0, n)),
    np.where(rng.random(n) < 0.8, 0.0, rng.exponential(2.0, n)),
    1e3 + rng.normal(0.0, 1.0, n),
])
# Numbers of the fit, between them, and beyond them.
new = np.vstack([x[:4], x[4:8] + 0.37, np.nanmin(x, axis=0) - 1.5, np.nanmax(x, axis=0) + 2.5, np.full(7, np.nan)])
one_row = np.array([[2.0, -3.0]])
one_row_new = np.array([[2.0, -3.0], [1.0, 4.0], [np.nan, 0.0]])


def fields(transformer, x, new):
    fitted = transformer.fit(x)
    transformed = fitted.transform(x)
    return dict(x=x, new=new, transformed=transformed, transformed_new=fitted.transform(new),
                inverse=fitted.inverse_transform(transformed))


def robust(x, new, quantile_range=(25.0, 75.0), **flags):
    scaler = preprocessing.RobustScaler(quantile_range=quantile_range, **flags)
    given = [flags.get("with_centering", True), flags.get("with_scaling", True), flags.get("unit_variance", False)]
    return dict(flags=given, quantile_range=quantile_range, **fields(scaler, x, new))


cases.case("robust_scaler", cases=[
    robust(x, new),
    robust(x, new, quantile_range=(10.0, 85.0)),
    robust(x, new, with_centering=False),
    robust(x, new, with_scaling=False),
    robust(x, new, unit_variance=True),
    robust(one_row, one_row_new),
])

# ---- functions of numbers by themselves
above = np.vstack([np.abs(x), np.full(7, -0.5), np.full(7, 1e-12)])
cases.case("log1p", x=above, new=above[:3], transformed=np.log1p(above), transformed_new=np.log1p(above[:3]),
           inverse=np.expm1(np.log1p(above)))
clipped = np.clip(x, -1.0, 4.5)
cases.case("clip_values", bounds=[-1.0, 4.5], x=x, new=new, transformed=clipped,
           transformed_new=np.clip(new, -1.0, 4.5), inverse=clipped)
low, high = np.nanquantile(x, 0.05, axis=0), np.nanquantile(x, 0.9, axis=0)
clipped = np.clip(x, low, high)
cases.case("clip_quantiles", bounds=[0.05, 0.9], x=x, new=new, transformed=clipped,
           transformed_new=np.clip(new, low, high), inverse=clipped)


def smooth(z, limit):
    return z / np.sqrt(1.0 + (z / limit) ** 2)


z = np.column_stack([rng.normal(0.0, 3.0, n), np.where(rng.random(n) < 0.2, np.nan, rng.normal(0.0, 1.0, n))])
cases.case("smooth_clip", limit=2.5, x=z, new=z[:5] * 1.7, transformed=smooth(z, 2.5),
           transformed_new=smooth(z[:5] * 1.7, 2.5), inverse=z)

# ---- the normal distribution, to 17 digits
mpmath.mp.dps = 60
p = [1e-120, 1e-100, 1e-20, 1e-12, 9.99e-8, 1e-7, 1e-4, 0.01, 0.074999, 0.075, 0.2, 0.3, 0.49, 0.5 - 1e-9, 0.5 + 1e-9,
     0.6, 0.925, 0.92501, 0.999, 1.0 - 1e-7, 1.0 - 2.0 ** -53]
quantile = [float(mpmath.sqrt(2) * mpmath.erfinv(2 * mpmath.mpf(value) - 1)) if value > 1e-50 else
            float(mpmath.findroot(lambda t: mpmath.log(mpmath.ncdf(t)) - mpmath.log(mpmath.mpf(value)),
                                  stats.norm.ppf(value)))
            for value in p]
at = [-37.0, -20.0, -8.3, -5.2, -3.0, -1.0, -0.3, -1e-9, 0.0, 1e-9, 0.5, 1.0, 2.0, 5.2, 8.0]
cases.case("normal", p=p, quantile=quantile, z=at, cdf=[float(mpmath.ncdf(value)) for value in at])


# ---- quantiles
def quantiles(x, new, n_quantiles, distribution):
    transformer = preprocessing.QuantileTransformer(
        n_quantiles=n_quantiles, output_distribution=distribution, subsample=None)
    return dict(n_quantiles=n_quantiles, normal=distribution == "normal", **fields(transformer, x, new))


many = np.column_stack([rng.lognormal(0.0, 1.0, 120), np.round(rng.normal(0.0, 2.0, 120)),
                        np.where(rng.random(120) < 0.4, np.nan, rng.exponential(1.0, 120))])
many_new = np.vstack([many[:10], many[10:30] * 1.01 - 0.003, [[-9.0, -9.0, -9.0], [99.0, 99.0, 99.0]]])
cases.case("quantile_transformer", cases=[
    quantiles(x_of, new_of, count, distribution)
    for distribution in ["uniform", "normal"]
    for x_of, new_of, count in [(x, new, 1000), (x, new, 7), (many, many_new, 50), (many, many_new, 1000),
                                (one_row, one_row_new, 10), (x, new, 1)]
])


# ---- powers
def power(x, new, method, standardize):
    transformer = preprocessing.PowerTransformer(method=method, standardize=standardize)
    found = fields(transformer, x, new)
    llf = stats.yeojohnson_llf if method == "yeo-johnson" else stats.boxcox_llf
    present = [column[~np.isnan(column)] for column in x.T]
    likelihood = [llf(lam, column) if np.ptp(column) > 0 else 0.0 for lam, column in zip(transformer.lambdas_, present)]
    return dict(box_cox=method == "box-cox", standardize=standardize, lambdas=transformer.lambdas_,
                likelihood=likelihood, **found)


# Without the column of a small spread, whose power has no digits left in scikit-learn.
signed, signed_new = x[:, :6], new[:, :6]
negative = np.column_stack([-rng.lognormal(1.0, 0.8, n), -np.abs(rng.normal(0.0, 1.0, n))])
positive = np.column_stack([rng.lognormal(2.0, 1.0, n), rng.gamma(3.0, 2.0, n),
                            np.where(rng.random(n) < 0.3, np.nan, rng.exponential(1.0, n) + 0.01)])
cases.case("power_transformer", cases=[
    power(x_of, new_of, method, standardize)
    for standardize in [True, False]
    for x_of, new_of, method in [(signed, signed_new, "yeo-johnson"), (negative, negative[:9] * 0.9, "yeo-johnson"),
                                 (positive, positive[:9] * 1.2, "yeo-johnson"),
                                 (positive, positive[:9] * 1.2, "box-cox")]
])

cases.write()
