"""Golden cases of sorting, grouping and joining tables; ../sklearn/cases.py writes them.

Made with pandas 3.1.1:

    pip install pandas==3.1.1
    python tests/parity/pandas/tables.py

A frame is written column by column; null is a missing value. Rows of the right table with a missing key are left out before a join, since
pandas takes missing keys for equal.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "sklearn"))

import numpy as np
import pandas as pd
from cases import Cases

cases = Cases(__file__)
random = np.random.default_rng(17)
n, m = 40, 12


def with_gaps(values, rate):
    return pd.array([None if random.random() < rate else value for value in values], dtype=values.dtype)


def strings(count):
    return pd.Series(random.choice(["a", "b", "B", "ä", "zz"], count), dtype="string")


left = pd.DataFrame({
    "row": np.arange(n, dtype=float),
    "key": with_gaps(strings(n), 0.15),
    "code": with_gaps(pd.Series(random.integers(-3, 4, n), dtype="Int64"), 0.15),
    "x": with_gaps(pd.Series(np.round(random.normal(size=n) * 4) / 2, dtype="Float64"), 0.2),
    "flag": with_gaps(pd.Series(random.random(n) < 0.5, dtype="boolean"), 0.2),
})
at = pd.Series(pd.Timestamp("2024-02-27").as_unit("us") + pd.to_timedelta(random.integers(0, 20, n) * 6, unit="h"))
left["at"] = at.mask(random.random(n) < 0.2)
right = pd.DataFrame({
    "key": with_gaps(strings(m), 0.1),
    "code": with_gaps(pd.Series(random.integers(-3, 4, m), dtype="Int64"), 0.1),
    "y": np.round(random.normal(size=m), 3),
    "z": with_gaps(strings(m), 0.3),
})


def plain(value):
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, pd.Timestamp):
        return value.isoformat() if value.time() != pd.Timestamp(0).time() else value.date().isoformat()
    return value.item() if hasattr(value, "item") else value


def kind(dtype):
    name = str(dtype).lower()
    for start, kind in [("int", "integers"), ("float", "numbers"), ("bool", "booleans"), ("datetime", "dates")]:
        if name.startswith(start):
            return kind
    return "strings"


def frame(name, table):
    columns = [[column, kind(table[column].dtype), [plain(value) for value in table[column]]] for column in table.columns]
    cases.cases[f"table_{name}"] = {"columns": columns}


frame("left", left)
frame("right", right)
orders = {}
for column in ["key", "code", "x", "flag", "at"]:
    for ascending, direction in [(True, "ascending"), (False, "descending")]:
        order = left.sort_values(column, ascending=ascending, kind="stable", na_position="last")
        orders[f"{column}_{direction}"] = order["row"].to_numpy()
orders["key_code"] = left.sort_values(["key", "code"], ascending=[True, False], kind="stable")["row"].to_numpy()
cases.case("table_sorted", **orders)

by_key = left.groupby("key", dropna=False, sort=True)
for column in ["x", "code"]:
    made = pd.DataFrame({"rows": by_key.size()})
    for ours, theirs in [("count", "count"), ("distinct", "nunique"), ("sum", "sum"), ("mean", "mean"), ("min", "min"),
                         ("max", "max"), ("first", "first")]:
        made[f"{column}_{ours}"] = getattr(by_key[column], theirs)()
    frame(f"grouped_{column}", made.reset_index())
by_both = left.groupby(["key", "flag"], dropna=False, sort=True)
made = pd.DataFrame({"rows": by_both.size(), "at_min": by_both["at"].min(), "last": by_both["at"].max()})
made = made.reset_index()
made["again"] = made["key"]
frame("grouped_both", made)

for keys in [["key"], ["code"], ["key", "code"]]:
    other = right[keys + ["y", "z"]].dropna(subset=keys)
    name = "_".join(keys)
    columns = list(left.columns) + ["y", "z"]
    frame(f"inner_join_{name}", left.dropna(subset=keys).merge(other, on=keys, how="inner")[columns])
    frame(f"left_join_{name}", left.merge(other, on=keys, how="left")[columns])
cases.write()
