"""Opens the event files of a fit with TensorBoard's own reader and holds every scalar to the fit's CSV log.

    python3 -m venv env && env/bin/pip install tensorboard==2.21.0
    PERCEPTRA_LOGS=/tmp/logs cargo test --test callbacks logs_that_are_looked_at_elsewhere
    env/bin/python tests/parity/generate/tensorboard_check.py /tmp/logs

The test writes `train` and `validation` with the callback TensorBoard and `log.csv` with CSVLogger, of the same fit.
"""

import csv
import struct
import sys
from pathlib import Path

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator


def scalars(folder):
    """Tag -> [(step, value)]."""
    accumulator = EventAccumulator(str(folder), size_guidance={"scalars": 0, "tensors": 0})
    accumulator.Reload()
    found = {tag: [(event.step, event.value) for event in accumulator.Scalars(tag)] for tag in accumulator.Tags()["scalars"]}
    for tag in accumulator.Tags()["tensors"]:
        found[tag] = [(event.step, event.tensor_proto.float_val[0]) for event in accumulator.Tensors(tag)]
    return found


def single(value):
    return struct.unpack("f", struct.pack("f", value))[0]


def main(folder):
    with open(folder / "log.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    compared = 0
    for part, prefix in (("train", ""), ("validation", "val_")):
        found = scalars(folder / part)
        print(f"{part}: " + ", ".join(f"{tag} ×{len(values)}" for tag, values in sorted(found.items())))
        for tag, values in found.items():
            name = prefix + tag.removeprefix("epoch_")
            if not tag.startswith("epoch_") or name not in rows[0]:
                continue
            expected = [(int(row["epoch"]), single(float(row[name]))) for row in rows if row[name] != "NA"]
            assert values == expected, (tag, values, expected)
            compared += len(values)
    steps = [step for step, _ in scalars(folder / "train")["batch_loss"]]
    assert steps == sorted(set(steps)) and steps, steps
    assert compared >= 4 * len(rows), compared
    print(f"{compared} scalars of {len(rows)} epochs are those of log.csv")


main(Path(sys.argv[1]))
