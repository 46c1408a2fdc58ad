"""Golden cases: named inputs and what scikit-learn makes of them, written as one JSON file for the unit tests.

Made with scikit-learn 1.9.1, pandas 3.1.1. A script of this folder writes the file of its name:

    pip install scikit-learn==1.9.1 pandas==3.1.1
    python tests/parity/sklearn/scalers.py

Every case holds its inputs too, so that the tests need no Python. Infinity and NaN are written as strings.
"""

import json
import math
from pathlib import Path

import numpy as np


def plain(value):
    """Arrays as nested lists, infinity and NaN as strings."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (np.ndarray, list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (np.bool_, bool)):
        return bool(value)
    if isinstance(value, (np.integer, int)):
        return int(value)
    if isinstance(value, (np.floating, float)):
        number = float(value)
        return number if math.isfinite(number) else {"nan": "NaN"}.get(str(number), str(number))
    return value


class Cases:
    """The cases of one script."""

    def __init__(self, script):
        self.target = Path(script).with_suffix(".json")
        self.cases = {}

    def case(self, name, **fields):
        assert name not in self.cases, name
        self.cases[name] = plain(fields)

    def write(self):
        lines = [f'"{name}": {json.dumps(fields)}' for name, fields in self.cases.items()]
        self.target.write_text("{\n" + ",\n".join(lines) + "\n}\n")
