"""Golden cases of parts of dates and of spans between them; ../sklearn/cases.py writes them.

Made with pandas 3.1.1, numpy as it comes with it:

    pip install pandas==3.1.1
    python tests/parity/pandas/dates.py
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "sklearn"))

import numpy as np
import pandas as pd
from cases import Cases

cases = Cases(__file__)
strings = [
    "2024-02-29", "2023-12-31T23:59:00", "2000-02-29T00:30:15.25", "1999-03-01", "1970-01-01", "1969-12-31T12:00:00",
    "1900-03-01", "1753-06-15T06:07:08", "2100-02-28T18:00:00", "2262-01-01", "2024-12-30", "2016-01-03T11:11:11.000001",
]
at = pd.Series(pd.to_datetime(strings, format="ISO8601").astype("datetime64[us]"))
cases.cases["date_strings"] = strings
parts = {
    "year": at.dt.year, "quarter": at.dt.quarter, "month": at.dt.month, "day": at.dt.day, "weekday": at.dt.day_of_week,
    "day_of_year": at.dt.day_of_year, "hour": at.dt.hour, "minute": at.dt.minute,
}
cases.case("date_parts", **{name: values.to_numpy() for name, values in parts.items()})
periods = {
    "quarter": (1, 4), "month": (1, 12), "day": (1, at.dt.days_in_month), "weekday": (0, 7),
    "day_of_year": (1, 365 + at.dt.is_leap_year.astype(int)), "hour": (0, 24), "minute": (0, 60),
}
cycles = {}
for name, (first, period) in periods.items():
    angle = 2 * np.pi * (parts[name] - first) / period
    cycles[f"{name}_sin"], cycles[f"{name}_cos"] = np.sin(angle).to_numpy(), np.cos(angle).to_numpy()
cases.case("date_cycles", **cycles)
later = pd.Series(np.roll(at.to_numpy(), -1))
since = at - pd.Timestamp("2020-01-01T12:00:00")
spans = {}
for name, unit in [("seconds", "1s"), ("hours", "1h"), ("days", "1D")]:
    spans[f"between_{name}"] = ((later - at) / pd.Timedelta(unit)).to_numpy()
    spans[f"since_{name}"] = (since / pd.Timedelta(unit)).to_numpy()
cases.case("date_spans", **spans)
cases.write()
