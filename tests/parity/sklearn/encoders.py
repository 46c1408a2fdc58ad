"""Encoders of categories: one-hot, ordinal, by the target, by frequency and by weight of evidence.

The last two are not in scikit-learn; their values are computed here from the formulas, with numpy.
"""

import warnings

import numpy as np
from cases import Cases
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, TargetEncoder

warnings.filterwarnings("ignore")
cases = Cases(__file__)


def strings(values):
    return np.array(values, dtype=object).reshape(-1, 1)


def plain_column(column):
    """Strings with null for NaN and None."""
    return [None if value is None or value != value else value for value in np.asarray(column, dtype=object).ravel()]


# Ties, missing values, a category that is rare.
train = ["b", "a", "c", "b", None, "d", "a", "b", "c", None, "b", "e", "a", "f"]
other = ["a", "f", None, "d", "zzz", "b", "e"]
columns = [np.nan if value is None else value for value in train], [np.nan if value is None else value for value in other]
numbers = [2.0, 1.0, np.nan, 2.0, 3.0, 1.0, 2.0, 7.0]
other_numbers = [7.0, np.nan, 1.0, 5.0]

ONE_HOT = [
    dict(handle_unknown="ignore"),
    dict(handle_unknown="ignore", drop="first"),
    dict(handle_unknown="ignore", min_frequency=2),
    dict(handle_unknown="infrequent_if_exist", min_frequency=2),
    dict(handle_unknown="infrequent_if_exist", min_frequency=0.15),
    dict(handle_unknown="infrequent_if_exist", min_frequency=3, drop="first"),
    dict(handle_unknown="infrequent_if_exist", max_categories=3),
    dict(handle_unknown="infrequent_if_exist", max_categories=4, min_frequency=2),
    dict(handle_unknown="infrequent_if_exist", max_categories=1),
    dict(handle_unknown="infrequent_if_exist", max_categories=2, drop="if_binary"),
    dict(handle_unknown="infrequent_if_exist", max_categories=50),
    dict(handle_unknown="ignore", max_categories=5),
]

cases.case(
    "category_columns",
    train=plain_column(train),
    other=plain_column(other),
    numbers=numbers,
    other_numbers=other_numbers,
)


# What the crate calls it.
BACK = {"infrequent_sklearn": "infrequent"}


def rename(name):
    return name.removesuffix(".0").replace("x0", "c").replace("infrequent_sklearn", "infrequent").replace("_nan", "_missing")


def one_hot(name, fit, transform):
    found = []
    for arguments in ONE_HOT:
        encoder = OneHotEncoder(sparse_output=False, **arguments).fit(fit)
        encoded = encoder.transform(transform)
        back = encoder.inverse_transform(encoder.transform(fit))
        found.append(
            dict(
                names=[rename(one) for one in encoder.get_feature_names_out()],
                train=encoder.transform(fit),
                other=encoded,
                back=[BACK.get(value, value if isinstance(value, str) else None) for value in plain_column(back)],
                back_numbers=[value if isinstance(value, float) else np.nan for value in plain_column(back)],
            )
        )
    cases.case(name, cases=found)


one_hot("one_hot_strings", strings(columns[0]), strings(columns[1]))
one_hot("one_hot_numbers", np.array(numbers).reshape(-1, 1), np.array(other_numbers).reshape(-1, 1))

cases.write()
