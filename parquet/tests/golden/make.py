"""Parquet files as pandas and Polars write them, and what both say of them.

    pip install pandas==3.1.1 pyarrow==26.0.1 polars==2.1.0
    python parquet/tests/golden/make.py

The files and `expected.json` are committed; a run writes them anew. `expected.json` has for each file and each of the two readers the columns in order:
their name, what they hold, the number of missing values, and the values. A date is its microseconds since 1970-01-01 UTC, an integer a string of
its digits.
"""

import datetime as dt
import decimal
import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe

here = Path(__file__).parent
DAY = dt.timedelta(days=1)
EPOCH = dt.date(1970, 1, 1)


def pandas_frame():
    at = pd.to_datetime(["2024-02-29T12:30:00.123456789", None, "1969-12-31T23:59:59.999999999", "2262-04-11"], format="ISO8601")
    return pd.DataFrame({
        "float64": [0.1, np.nan, -1e300, 5e-324],
        "float32": np.array([0.1, np.nan, -3.5, 1e30], dtype=np.float32),
        "float_of_nulls": pd.array([1.5, None, 2.5, None], dtype="Float64"),
        "int8": np.array([-128, 0, 1, 127], dtype=np.int8),
        "int64": np.array([-(2**63), 2**63 - 1, 2**53 + 1, 0]),
        "uint32": np.array([0, 1, 2**32 - 1, 7], dtype=np.uint32),
        "int_of_nulls": pd.array([2**60 + 1, None, -5, None], dtype="Int64"),
        "bool": [True, False, True, True],
        "bool_of_nulls": pd.array([True, None, False, None], dtype="boolean"),
        "nanoseconds": pd.Series(at).astype("datetime64[ns]"),
        "zoned": pd.Series(at).astype("datetime64[us]").dt.tz_localize("UTC").dt.tz_convert("Europe/Berlin"),
        "date": [dt.date(2024, 2, 29), None, dt.date(1900, 1, 1), dt.date(1970, 1, 2)],
        "string": ["München", None, "", "a,\"b\"\n"],
        "category": pd.Categorical(["b", None, "a", "b"], categories=["c", "b", "a"]),
        "category_of_ints": pd.Categorical([30, 10, None, 30]),
        "decimal": [decimal.Decimal("12.30"), None, decimal.Decimal("-0.07"), decimal.Decimal("99999999.99")],
        "nothing": [None, None, None, None],
    })


def polars_frame():
    at = [dt.datetime(2024, 2, 29, 12, 30, 0, 123456), None, dt.datetime(1969, 12, 31, 23, 59, 59, 999000), dt.datetime(2262, 4, 11)]
    return pl.DataFrame({
        "float64": pl.Series([0.1, None, math.nan, 5e-324], dtype=pl.Float64),
        "float32": pl.Series([0.1, None, -3.5, 1e30], dtype=pl.Float32),
        "int16": pl.Series([-32768, None, 32767, 0], dtype=pl.Int16),
        "int64": pl.Series([-(2**63), None, 2**63 - 1, 2**53 + 1], dtype=pl.Int64),
        "uint64": pl.Series([0, None, 2**63 - 1, 7], dtype=pl.UInt64),
        "boolean": pl.Series([True, None, False, True]),
        "date": pl.Series([dt.date(2024, 2, 29), None, dt.date(1, 1, 1), dt.date(9999, 12, 31)]),
        "microseconds": pl.Series(at, dtype=pl.Datetime("us")),
        "milliseconds": pl.Series(at, dtype=pl.Datetime("ms")),
        "nanoseconds": pl.Series(at, dtype=pl.Datetime("ns")),
        "zoned": pl.Series(at, dtype=pl.Datetime("us")).dt.replace_time_zone("UTC"),
        "string": pl.Series(["München", None, "", "a,\"b\"\n"]),
        "categorical": pl.Series(["b", None, "a", "b"], dtype=pl.Categorical),
        "enum": pl.Series(["low", None, "high", "low"], dtype=pl.Enum(["low", "middle", "high"])),
        "decimal": pl.Series(["12.30", None, "-0.07", "99999999.99"]).cast(pl.Decimal(12, 2)),
        "nothing": pl.Series([None, None, None, None], dtype=pl.Null),
    })


def microseconds(value):
    if isinstance(value, (dt.datetime, pd.Timestamp)):
        stamp = pd.Timestamp(value)
        return stamp.value // 1000
    return (value - EPOCH) // DAY * 86_400_000_000


def column(name, kind, values):
    values = [None if value is None or value is pd.NA or value is pd.NaT or value != value else value for value in values]
    written = {
        "number": float, "integer": lambda value: str(int(value)), "boolean": bool, "date": microseconds, "string": str,
    }[kind]
    values = [None if value is None else written(value) for value in values]
    return {"name": name, "kind": kind, "missing": sum(value is None for value in values), "values": values}


def said_by_pandas(path):
    frame = pd.read_parquet(path, dtype_backend="numpy_nullable")
    columns = []
    for name in frame.columns:
        values = frame[name]
        known = values.dropna()
        kinds = pd.api.types
        dtype = values.dtype.categories.dtype if isinstance(values.dtype, pd.CategoricalDtype) else values.dtype
        if len(known) == 0:
            kind = "number"
        elif kinds.is_bool_dtype(dtype):
            kind = "boolean"
        elif kinds.is_integer_dtype(dtype):
            kind = "integer"
        elif kinds.is_float_dtype(dtype) or isinstance(known.iloc[0], decimal.Decimal):
            kind = "number"
        elif kinds.is_datetime64_any_dtype(dtype) or isinstance(known.iloc[0], dt.date):
            kind = "date"
        else:
            kind = "string"
        columns.append(column(name, kind, list(values)))
    return columns


def said_by_polars(path):
    columns = []
    for values in pl.read_parquet(path):
        dtype = values.dtype
        if dtype == pl.Boolean:
            kind = "boolean"
        elif dtype.is_integer():
            kind = "integer"
        elif dtype.is_numeric() or dtype == pl.Null:
            kind = "number"
        elif dtype.is_temporal():
            kind = "date"
            values = values.dt.epoch("us")
            counts = [None if value is None else int(value) for value in values]
            columns.append({"name": values.name, "kind": kind, "missing": counts.count(None), "values": counts})
            continue
        else:
            kind = "string"
        columns.append(column(values.name, kind, values.to_list()))
    return columns


expected = {}
pandas_frame().to_parquet(here / "pandas.parquet", index=False)
polars_frame().write_parquet(here / "polars.parquet")
for name in ("pandas.parquet", "polars.parquet"):
    expected[name] = {"pandas": said_by_pandas(here / name), "polars": said_by_polars(here / name)}
(here / "expected.json").write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n")

# Ten rows in groups of four, four and two, by each codec and by both versions of data pages.
rows = pa.table({"row": pa.array(range(10), pa.int64()), "name": [f"name {row % 3}" for row in range(10)]})
for codec in ("none", "snappy", "gzip", "lz4", "zstd", "brotli"):
    pq.write_table(rows, here / f"codec_{codec}.parquet", compression=codec, row_group_size=4)
pq.write_table(rows, here / "pages_2.parquet", data_page_version="2.0", row_group_size=4, version="2.6")
pq.write_table(
    pa.table({"at": pa.array([0, None, 86_400_000_000_123], pa.timestamp("ns"))}), here / "int96.parquet",
    use_deprecated_int96_timestamps=True,
)

# What a table does not have.
pq.write_table(
    pa.table({
        "kept": [1, 2],
        "list": [[1], [2, 3]],
        "struct": [{"a": 1}, {"a": 2}],
        "duration": pa.array([1, 2], pa.duration("us")),
        "time": pa.array([1, 2], pa.time64("us")),
        "binary": pa.array([b"a", b"\xff"]),
        "too_large": pa.array([0, 2**64 - 1], pa.uint64()),
    }),
    here / "unsupported.parquet",
)
pq.write_table(rows.schema.empty_table(), here / "no_rows.parquet")


class Keys(pe.KmsClient):
    """Keys that are not wrapped: they protect nothing here."""

    def __init__(self, _):
        pe.KmsClient.__init__(self)

    def wrap_key(self, key, _):
        return key

    def unwrap_key(self, key, _):
        return key


for plaintext in (False, True):
    factory = pe.CryptoFactory(Keys)
    config = pe.EncryptionConfiguration(footer_key="footer", column_keys={"column": ["row"]}, plaintext_footer=plaintext)
    properties = factory.file_encryption_properties(pe.KmsConnectionConfig(), config)
    name = "encrypted_columns.parquet" if plaintext else "encrypted.parquet"
    with pq.ParquetWriter(here / name, rows.schema, encryption_properties=properties) as writer:
        writer.write_table(rows)
