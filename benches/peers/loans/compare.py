"""The difference of two programs' figures over several seeds, with its standard error."""

import json
import os
import sys
from statistics import mean, stdev


def main(folder, seeds):
    ours = [json.load(open(os.path.join(folder, seed, "report.json"))) for seed in seeds]
    keras = [json.loads(line) for line in open(os.path.join(folder, "keras.jsonl"))]
    n = len(seeds)
    print(f"{'training':<11} {'figure':<8} {'perceptra':>9} {'keras':>9} {'difference':>10} {'std. error':>10}")
    for training in ("imbalanced", "balanced"):
        for figure in ("roc_auc", "recall"):
            a = [run[training][figure] for run in ours]
            b = [run[training][figure] for run in keras]
            error = ((stdev(a) ** 2 + stdev(b) ** 2) / n) ** 0.5
            print(f"{training:<11} {figure:<8} {mean(a):9.4f} {mean(b):9.4f} {mean(a) - mean(b):+10.4f} {error:10.4f}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
