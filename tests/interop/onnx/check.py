"""Compares ONNX Runtime's answers with those that stand beside exported models."""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort

BOUND = 1e-5


def column(values, kind):
    rows = values["rows"]
    return np.array(rows, dtype=object if kind == "string" else kind).reshape(len(rows), -1)


def clear(probabilities, output, threshold):
    """Where rounding cannot have changed what was chosen by the probabilities."""
    if output["chosen_by"] == "threshold":
        return abs(probabilities - threshold) > BOUND
    ascending = np.sort(probabilities, axis=1)
    return ascending[:, -1:] - ascending[:, -2:-1] > BOUND


def check(path):
    """The largest distance, in units of the bound, over batches of several sizes, and the operators of the model."""
    onnx.checker.check_model(onnx.load(path), full_check=True)
    case = json.loads(path.with_suffix(".json").read_text())
    options = ort.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = 1
    session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    inputs = {one["name"]: column(one, one["type"]) for one in case["inputs"]}
    outputs = {one["name"]: column(one, one["type"]) for one in case["outputs"]}
    described = {one["name"]: one for one in case["outputs"]}
    assert {one.name for one in session.get_inputs()} == set(inputs), case["what"]
    assert [one.name for one in session.get_outputs()] == list(outputs), case["what"]
    total = len(next(iter(inputs.values())))
    worst = 0.0
    for rows in (1, 7, total):
        for start in range(0, total, rows) if rows > 1 else (0, 3, total - 1):
            part = slice(start, start + rows)
            answers = session.run(None, {name: values[part] for name, values in inputs.items()})
            for (name, expected), found in zip(outputs.items(), answers):
                expected = expected[part]
                assert found.shape == expected.shape, f"{case['what']}: {name} {found.shape} {expected.shape}"
                assert found.dtype == expected.dtype, f"{case['what']}: {name} {found.dtype}"
                if "chosen_by" in described[name]:
                    probabilities = next(iter(outputs.values()))[part]
                    certain = clear(probabilities, described[name], case["threshold"])
                    assert (found == expected)[certain].all(), f"{case['what']}: {name}"
                    continue
                distance = np.abs(found - expected) / (BOUND + BOUND * np.abs(expected))
                assert np.isfinite(found).all() and (distance <= 1).all(), (
                    f"{path.name}: {case['what']}: {name} differs by {distance.max() * BOUND}"
                )
                worst = max(worst, distance.max(initial=0.0))
    if "monotone" in case:
        # Of the rows, which ascend in one column alone; only the sigmoid may differ in the last digit.
        names = [one.name for one in session.get_outputs()]
        answers = session.run(None, inputs)[names.index(case["monotone"]["output"])][:, 0].astype("float64")
        assert (np.diff(answers) * case["monotone"]["direction"] >= -2.5e-7).all(), f"{case['what']}: not monotone"
    for change in case.get("refused", []):
        one = {name: values[:1].copy() for name, values in inputs.items()}
        for name, value in change.items():
            one[name][0, 0] = np.nan if value is None else value
        try:
            session.run(None, one)
        except Exception as error:  # the class of a failing operator is not public
            assert "Gather" in str(error), f"{case['what']}: {change}: {error}"
            continue
        raise AssertionError(f"{case['what']}: {change} was not refused")
    operators = {node.op_type for node in onnx.load(path).graph.node}
    return worst, operators


def main():
    folder, count, reference = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    onnx.checker.check_model(onnx.load(reference), full_check=True)
    paths = sorted(folder.glob("*.onnx"))
    assert len(paths) > count, f"{len(paths)} models where {count} and the pipelines were asked for"
    failures, worst, operators = [], 0.0, set()
    for path in paths:
        try:
            distance, used = check(path)
            worst, operators = max(worst, distance), operators | used
        except Exception as error:
            failures.append(f"{path.name}: {error}")
    for failure in failures:
        print(failure)
    print(f"{len(paths) - len(failures)} of {len(paths)} models: onnx.checker content, ONNX Runtime {ort.__version__} "
          f"within {worst * BOUND:.1e} of the crate (bound {BOUND:.0e}), {len(operators)} operators")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
