"""Folds and splits: row by row where scikit-learn draws nothing, the sizes of the parts where it does."""

import numpy as np
from cases import Cases
from sklearn.model_selection import (
    GroupKFold,
    GroupShuffleSplit,
    PredefinedSplit,
    ShuffleSplit,
    StratifiedGroupKFold,
    StratifiedShuffleSplit,
    TimeSeriesSplit,
)

cases = Cases(__file__)
random = np.random.default_rng(20)


def membership(folds, rows):
    """The number of the fold that each row is tested in."""
    fold_of = np.full(rows, -1)
    for number, (_, test) in enumerate(folds):
        fold_of[test] = number
    assert (fold_of >= 0).all()
    return fold_of


def parts(folds):
    return [{"train": train, "test": test} for train, test in folds]


def group_k_fold(n_splits, groups):
    groups = np.asarray(groups)
    folds = GroupKFold(n_splits).split(np.zeros(len(groups)), groups=groups)
    return {"n_splits": n_splits, "groups": groups, "fold": membership(folds, len(groups))}


cases.case(
    "group_k_fold",
    cases=[
        group_k_fold(2, [0, 0, 2, 2, 3, 3]),
        # Ties of all groups, a group larger than a fold, as many groups as folds.
        group_k_fold(3, np.arange(10)),
        group_k_fold(3, [5] * 12 + [1, 1, 2, 9, 9, 3]),
        group_k_fold(4, [7, 1, 1, 3, 5, 5, 5]),
        # Many groups, with many ties.
        group_k_fold(5, random.integers(0, 60, 200)),
        group_k_fold(7, random.geometric(0.1, 150)),
    ],
)


def stratified_group_k_fold(n_splits, groups, y):
    groups, y = np.asarray(groups), np.asarray(y)
    folds = StratifiedGroupKFold(n_splits).split(np.zeros(len(y)), y, groups)
    return {"n_splits": n_splits, "groups": groups, "y": y, "fold": membership(folds, len(y))}


def drawn(n_splits, rows, groups, classes):
    """Groups of unequal sizes with classes of unequal frequency, each frequent enough."""
    y = np.minimum(random.geometric(0.4, rows) - 1, classes - 1)
    y[: n_splits * classes] = np.arange(n_splits * classes) % classes
    of_rows = (random.random(rows) ** 2 * groups).astype(int)
    return stratified_group_k_fold(n_splits, of_rows, y)


cases.case(
    "stratified_group_k_fold",
    cases=[
        # The example of scikit-learn's documentation.
        stratified_group_k_fold(
            3, [1, 1, 2, 2, 3, 3, 3, 4, 5, 5, 5, 5, 6, 6, 7, 8, 8], [0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        ),
        # Ties of all groups, one class, a group larger than a fold, a class in one group alone.
        stratified_group_k_fold(3, np.arange(12), np.arange(12) % 2),
        stratified_group_k_fold(2, [0, 0, 1, 2, 2, 3], np.zeros(6, int)),
        stratified_group_k_fold(3, [0] * 10 + [1, 1, 2, 3, 3, 4], [0, 1] * 8),
        stratified_group_k_fold(2, [0, 0, 1, 1, 2, 2], [1, 1, 0, 0, 0, 0]),
        drawn(5, 150, 40, 2),
        drawn(4, 120, 50, 3),
        # More than eight classes and folds, whose sums NumPy adds in another order.
        drawn(10, 300, 60, 9),
        drawn(9, 400, 80, 12),
        drawn(11, 300, 70, 1),
    ],
)

values = random.normal(size=300) * 10.0 ** random.integers(-8, 8, 300)
cases.case("pairwise_sum", values=values, **{f"sum_{n}": [values[:n].sum()] for n in (5, 8, 21, 128, 300)})


def time_series_split(rows, n_splits, **options):
    folds = parts(TimeSeriesSplit(n_splits, **options).split(np.zeros(rows)))
    fields = {"max_train_size": [], "test_size": [], "gap": 0} | {name: [value] for name, value in options.items()}
    return {"rows": rows, "n_splits": n_splits, "folds": folds} | fields


cases.case(
    "time_series_split",
    cases=[
        time_series_split(6, 5),
        time_series_split(23, 5),
        time_series_split(23, 4, max_train_size=6),
        time_series_split(23, 3, test_size=2),
        time_series_split(23, 3, test_size=2, gap=2),
        time_series_split(23, 2, max_train_size=3, test_size=5, gap=4),
    ],
)

test_fold = [2, -1, 0, 0, 5, 2, -1, 5, 0, 2]
cases.case("predefined_split", test_fold=test_fold, folds=parts(PredefinedSplit(test_fold).split()))


def sizes(test_size, train_size):
    return [test_size] if train_size is None else [test_size, train_size]


def shuffle_split(rows, test_size, train_size=None):
    (train, test), *_ = ShuffleSplit(1, test_size=test_size, train_size=train_size).split(np.zeros(rows))
    return {"rows": rows, "sizes": sizes(test_size, train_size), "parts": [len(train), len(test)]}


cases.case(
    "shuffle_split",
    cases=[shuffle_split(10, 0.1), shuffle_split(23, 0.3), shuffle_split(23, 0.3, 0.5), shuffle_split(2, 0.5, 0.5)],
)


def stratified_shuffle_split(y, test_size, train_size=None):
    y = np.asarray(y)
    splits = StratifiedShuffleSplit(20, test_size=test_size, train_size=train_size, random_state=0).split(y, y)
    counts = [(np.bincount(y[train], minlength=3).tolist(), np.bincount(y[test], minlength=3).tolist()) for train, test in splits]
    # Without ties of remainders the numbers are the same in every split.
    assert all(split == counts[0] for split in counts), counts
    return {"y": y, "sizes": sizes(test_size, train_size), "train": counts[0][0], "test": counts[0][1]}


cases.case(
    "stratified_shuffle_split",
    cases=[
        stratified_shuffle_split([0] * 20 + [1] * 10 + [2] * 7, 0.3),
        stratified_shuffle_split([0] * 11 + [1] * 10 + [2] * 4, 0.2, 0.5),
        stratified_shuffle_split([0, 1, 2] * 8 + [0, 0], 0.25),
    ],
)


def group_shuffle_split(groups, test_size, train_size=None):
    groups = np.asarray(groups)
    splitter = GroupShuffleSplit(1, test_size=test_size, train_size=train_size)
    (train, test), *_ = splitter.split(groups, groups=groups)
    distinct = [len(np.unique(groups[train])), len(np.unique(groups[test]))]
    return {"groups": groups, "sizes": sizes(test_size, train_size), "parts": distinct}


cases.case(
    "group_shuffle_split",
    cases=[
        group_shuffle_split(random.integers(0, 9, 60), 0.2),
        group_shuffle_split(random.integers(0, 12, 60), 0.3, 0.5),
        group_shuffle_split([0, 0, 0, 0, 0, 1, 2, 3], 0.5),
    ],
)

cases.write()
