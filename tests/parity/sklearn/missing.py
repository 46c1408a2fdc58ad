"""Golden cases of imputers, missing indicators, binning and the selection of columns that vary; see cases.py."""

import warnings

import numpy as np
from cases import Cases
from sklearn.feature_selection import VarianceThreshold
from sklearn.impute import MissingIndicator, SimpleImputer
from sklearn.preprocessing import KBinsDiscretizer

warnings.filterwarnings("ignore")
cases = Cases(__file__)
nan = float("nan")
random = np.random.default_rng(15)


def with_gaps(count, rate):
    values = np.round(random.lognormal(1.0, 1.5, count), 3)
    values[random.random(count) < rate] = nan
    return values


def imputer():
    train = np.column_stack(
        [
            with_gaps(40, 0.2),
            with_gaps(40, 0.0),
            np.where(np.arange(40) % 3 == 0, nan, np.arange(40) % 4),  # ties of the most frequent
            np.full(40, nan),
            np.full(40, 2.5),
            np.where(np.arange(40) == 7, -3.0, nan),  # one value
        ]
    )
    other = np.column_stack([np.where(np.arange(6) == i, nan, i + np.arange(6.0)) for i in range(6)])
    for strategy in ["mean", "median", "most_frequent", "constant"]:
        for keep in [False, True]:
            fitted = SimpleImputer(
                strategy=strategy,
                fill_value=-7.25 if strategy == "constant" else None,
                add_indicator=True,
                keep_empty_features=keep,
            ).fit(train)
            yield {
                "strategy": strategy,
                "keep": str(keep),
                "train": train.T,
                "other": other.T,
                "names": fitted.get_feature_names_out().tolist(),
                "transformed": fitted.transform(other).T,
            }


def imputer_of_strings():
    columns = [["b", "a", None, "b", "a", "c"], ["x", None, None, "x", "y", "z"], ["é", "z", None, "Z", None, None]]
    table = np.array(columns, dtype=object).T
    for strategy, fill in [("most_frequent", None), ("constant", "none")]:
        fitted = SimpleImputer(missing_values=None, strategy=strategy, fill_value=fill).fit(table)
        yield {
            "strategy": strategy,
            "columns": [[x or "" for x in column] for column in columns],
            "transformed": fitted.transform(table).T.tolist(),
        }


def indicator():
    train = np.array([[nan, 1, 3, nan], [4, 0, nan, nan], [8, 1, 0, nan]])
    other = np.array([[5, 1, nan, 1], [nan, 2, 3, nan], [2, 4, 0, 2]])
    for features in ["missing-only", "all"]:
        fitted = MissingIndicator(features=features).fit(train)
        yield {
            "features": features,
            "train": train.T,
            "other": other.T,
            "indices": fitted.features_,
            "transformed": fitted.transform(other).T,
        }


def bins():
    columns = {
        "lognormal": np.round(random.lognormal(0.0, 1.0, 60), 3),
        "normal": np.round(random.normal(5.0, 2.0, 97), 4),
        "ties": np.floor(random.normal(0.0, 1.3, 80)),
        "zeros": np.where(np.arange(50) % 5 == 0, np.round(random.exponential(3.0, 50), 3), 0.0),
        "few": np.array([0.0, 1.0, 1.0, 4.0, 9.0, 9.0, 9.0]),
        # k-means starts with centres that have no values; without numbers halfway between two centres, which rounding assigns.
        "outlier": np.append(np.round(random.lognormal(1.0, 0.6, 20), 3), 1000.0),
        "clusters": np.round(np.concatenate([random.normal(m, 0.2, 15) for m in (0.0, 3.0, 11.0, 12.0)]), 3),
        "constant": np.full(9, 0.3),
        "narrow": np.array([0.0, 1e-9, 2e-9, 0.5, 0.5 + 1e-9, 1.0, 2.0, 3.0, 4.0, 5.0]),
        "two": np.array([3.0, 7.0] * 6),
    }
    for x in columns.values():
        weights = np.round(np.abs(np.sin(np.arange(len(x)) * 1.7)) * 4)
        fits = [
            bins_of(x, strategy, n_bins, weights if weighted else None)
            for strategy in ["uniform", "quantile", "kmeans"]
            for n_bins, weighted in [(2, False), (3, True), (5, False), (5, True), (7, False)]
            if strategy != "kmeans" or len(x) >= n_bins
        ]
        yield {"x": x, "weights": weights, "fits": fits}


def bins_of(x, strategy, n_bins, weights):
    fitted = KBinsDiscretizer(n_bins, encode="ordinal", strategy=strategy, subsample=None)
    fitted.fit(x[:, None], sample_weight=weights)
    edges = fitted.bin_edges_[0]
    is_constant = not np.isfinite(edges).all()
    other = np.concatenate([x[:8], edges[np.isfinite(edges)], [-2.0, 1e6]])
    bins = fitted.transform(other[:, None])
    return {
        "strategy": strategy,
        "n_bins": n_bins,
        "weighted": str(weights is not None).lower(),
        # Here both edges of a constant column are its value, which so comes back.
        "edges": [x[0], x[0]] if is_constant else edges,
        "other": other,
        "bins": bins[:, 0],
        "centres": np.full(len(other), x[0]) if is_constant else fitted.inverse_transform(bins)[:, 0],
    }


def variances():
    columns = [
        np.full(11, 0.1),
        random.normal(0.0, 1e-3, 11),
        np.where(np.arange(11) == 3, nan, np.arange(11.0) / 10),  # whose range is NaN to scikit-learn, and above its variance
        np.full(11, 1e6),
        np.arange(11.0) * 1e-9 + 1e3,
        np.array([0.0] * 10 + [1.0]),
        1e4 * np.arange(11.0),
    ]
    for threshold in [0.0, 1e-7, 0.08, 9.0]:
        fitted = VarianceThreshold(threshold).fit(np.column_stack(columns))
        yield {
            "threshold": threshold,
            "columns": [{"x": column} for column in columns],
            "variances": fitted.variances_,
            "kept": np.flatnonzero(fitted.get_support()),
        }


def piecewise():
    columns = [np.round(random.lognormal(0.0, 1.0, 50), 3), np.floor(random.normal(0.0, 2.0, 60))]
    columns += [np.array([1.0, 2.0, 2.0, 2.0, 5.0]), np.array([0.0, 1.0] * 4)]
    for x in columns:
        other = np.concatenate([x[:5], [x.min() - 1.0, x.max() + 2.0, np.median(x)]])
        for bins in [1, 4, 16]:
            for extrapolate in [False, True]:
                edges = np.unique(np.quantile(x, np.linspace(0, 1, bins + 1)))
                codes = (other[None] - edges[:-1, None]) / np.diff(edges)[:, None]
                for t in range(len(codes)):
                    if not (extrapolate and t == 0):
                        codes[t] = np.maximum(codes[t], 0.0)
                    if not (extrapolate and t == len(codes) - 1):
                        codes[t] = np.minimum(codes[t], 1.0)
                yield {
                    "x": x,
                    "bins": bins,
                    "extrapolate": str(extrapolate).lower(),
                    "other": other,
                    "edges": edges,
                    "codes": codes,
                }


cases.case("simple_imputer", cases=list(imputer()))
cases.case("simple_imputer_of_strings", cases=list(imputer_of_strings()))
cases.case("missing_indicator", cases=list(indicator()))
cases.case("k_bins", cases=list(bins()))
cases.case("variance_threshold", cases=list(variances()))
cases.case("piecewise_linear", cases=list(piecewise()))
cases.write()
