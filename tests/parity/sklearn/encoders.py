"""Encoders of categories: one-hot, ordinal, by the target, by frequency and by weight of evidence.

The last two are not in scikit-learn; their values are computed here from the formulas, with numpy.
"""

import warnings

import numpy as np
from cases import Cases
from sklearn.model_selection import StratifiedKFold
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


def came_back(back):
    if back is None:
        return {}
    return dict(
        back=[BACK.get(value, value if isinstance(value, str) else None) for value in back],
        back_numbers=[value if isinstance(value, float) else np.nan for value in back],
    )


def one_hot(name, fit, transform):
    found = []
    for arguments in ONE_HOT:
        encoder = OneHotEncoder(sparse_output=False, **arguments).fit(fit)
        encoded = encoder.transform(transform)
        back = encoder.inverse_transform(encoder.transform(fit))
        names = [rename(one) for one in encoder.get_feature_names_out()]
        found.append(dict(names=names, train=encoder.transform(fit), other=encoded, **came_back(plain_column(back))))
    cases.case(name, cases=found)


one_hot("one_hot_strings", strings(columns[0]), strings(columns[1]))
one_hot("one_hot_numbers", np.array(numbers).reshape(-1, 1), np.array(other_numbers).reshape(-1, 1))

ORDINAL = [
    dict(handle_unknown="use_encoded_value", unknown_value=-1),
    dict(handle_unknown="use_encoded_value", unknown_value=np.nan, encoded_missing_value=-2),
    dict(handle_unknown="use_encoded_value", unknown_value=-1, min_frequency=2),
    dict(handle_unknown="use_encoded_value", unknown_value=-1, min_frequency=0.15, encoded_missing_value=-2),
    dict(handle_unknown="use_encoded_value", unknown_value=-1, max_categories=3),
    dict(handle_unknown="use_encoded_value", unknown_value=-1, max_categories=1),
    dict(handle_unknown="use_encoded_value", unknown_value=-1, max_categories=4, min_frequency=2),
]


def ordinal(name, fit, transform):
    found = []
    for arguments in ORDINAL:
        encoder = OrdinalEncoder(**arguments).fit(fit)
        codes = encoder.transform(fit), encoder.transform(transform)
        # With infrequent categories and a missing value the inverse of 1.9.1 takes one code for another: it is left out.
        back = plain_column(encoder.inverse_transform(codes[0])) if complete(fit) else None
        found.append(dict(train=codes[0], other=codes[1], **came_back(back)))
    cases.case(name, cases=found)


def complete(column):
    return all(value == value for value in column.ravel())


some_strings, some_numbers = strings(columns[0]), np.array(numbers).reshape(-1, 1)
ordinal("ordinal_strings", some_strings, strings(columns[1]))
ordinal("ordinal_numbers", some_numbers, np.array(other_numbers).reshape(-1, 1))
whole = [value for value in columns[0] if value == value]
ordinal("ordinal_complete_strings", strings(whole), strings([value for value in columns[1] if value == value]))
whole = [value for value in numbers if value == value]
ordinal("ordinal_complete_numbers", np.array(whole).reshape(-1, 1), np.array([7.0, 1.0, 5.0]).reshape(-1, 1))

given = OrdinalEncoder(categories=[["low", "medium", "high"]])
cases.case("ordinal_given", codes=given.fit_transform(strings(["high", "low", "low", "medium"])))

# Encoders that learn from the target.
random = np.random.default_rng(7)
rows = 61
city = random.choice(["Rome", "Oslo", "Lima", "Bern", "Cairo"], rows, p=[0.4, 0.3, 0.15, 0.1, 0.05]).astype(object)
city[[3, 17, 40]] = np.nan
city[55] = "Accra"
floor = random.integers(0, 4, rows).astype(float)
floor[[8, 9]] = np.nan
price = np.round(random.normal(3.0, 1.0, rows) + (city == "Rome") * 2.0, 3)
status = np.where(random.random(rows) < 0.3 + 0.3 * (city == "Oslo"), "default", "paid").astype(object)
grade = np.array(["A", "B", "C"], dtype=object)[np.clip(random.integers(0, 4, rows) - (floor == 2), 0, 2)]
grade[[1, 2]] = "D"
unknown_city = ["Rome", "Bern", np.nan, "Accra", "Quito"]
unknown_floor = [2.0, np.nan, 0.0, 7.0, 3.0]
cases.case(
    "target_columns",
    city=plain_column(city),
    floor=floor,
    price=price,
    status=plain_column(status),
    flag=[1.0 if one == "paid" else 0.0 for one in status],
    grade=plain_column(grade),
    other_city=plain_column(unknown_city),
    other_floor=unknown_floor,
)
x = np.array([list(city), list(floor)], dtype=object).T
other = np.array([unknown_city, unknown_floor], dtype=object).T

for name, y in [("price", price), ("status", status), ("grade", grade)]:
    found = []
    for smooth in ["auto", 0.0, 1.0, 20.0]:
        encoder = TargetEncoder(smooth=smooth, shuffle=False)
        crossed = encoder.fit_transform(x, y)
        names = [
            one.replace("x0", "city").replace("x1", "floor") for one in encoder.get_feature_names_out()
        ]
        found.append(
            dict(
                names=names,
                crossed=crossed,
                other=encoder.transform(other),
                mean=np.atleast_1d(encoder.target_mean_),
            )
        )
    cases.case(f"target_{name}", cases=found)


def category(value):
    return None if value is None or value != value else value


def weights(column, positive, smoothing):
    column = [category(value) for value in column]
    known = sorted(set(column), key=str)
    positives, negatives = np.sum(positive), np.sum(~positive)
    found, information = {}, 0.0
    for one in known:
        inside = np.array([value == one for value in column])
        event = (np.sum(inside & positive) + smoothing) / (positives + smoothing * len(known))
        other = (np.sum(inside & ~positive) + smoothing) / (negatives + smoothing * len(known))
        found[one] = np.log(event) - np.log(other)
        information += (event - other) * found[one]
    return found, information


paid = status == "paid"
found = []
for smoothing in [0.5, 2.0]:
    columns_found, others, crossed, information = [], [], [], []
    for fit, transform in [(city, unknown_city), (floor, unknown_floor)]:
        table, value = weights(fit, paid, smoothing)
        information.append(value)
        columns_found.append([table[category(one)] for one in fit])
        others.append([table.get(category(one), 0.0) for one in transform])
        of_rows = np.zeros(rows)
        for train_rows, test_rows in StratifiedKFold(5).split(fit, status):
            table, _ = weights(fit[train_rows], paid[train_rows], smoothing)
            of_rows[test_rows] = [table.get(category(one), 0.0) for one in fit[test_rows]]
        crossed.append(of_rows)
    found.append(
        dict(
            train=np.array(columns_found).T,
            other=np.array(others).T,
            crossed=np.array(crossed).T,
            information_values=information,
        )
    )
cases.case("weight_of_evidence", cases=found)

frequencies = []
for fit, transform in [(city, unknown_city), (floor, unknown_floor)]:
    all_values = [category(value) for value in fit]
    frequencies.append([all_values.count(category(one)) for one in transform])
cases.case("frequencies", counts=np.array(frequencies).T, fractions=np.array(frequencies).T / rows)

cases.write()
