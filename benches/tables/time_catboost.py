"""Fits CatBoost on the sets of FOLDER on this machine, to compare its processor time with that of `run`.

    pip install catboost==1.2.10 pandas==3.1.1
    python time_catboost.py FOLDER OUT [SETS]

OUT receives predictions and `times.csv` in the form that README.md describes, so OUT can be copied to FOLDER/peers. The
arguments are those of pytabkit's tuned defaults for CatBoost; early stopping is by the validation rows of each split.
Two threads; fit and prediction are timed, reading the table is not.
"""

import json
import os
import sys
import time

import numpy as np
import pandas as pd
from catboost import CatBoostClassifier, CatBoostRegressor, Pool

COMMON = dict(iterations=1000, thread_count=2, verbose=False, allow_writing_files=False, boosting_type="Plain",
              border_count=254, bootstrap_type="Bernoulli", subsample=0.9, od_type="Iter", od_wait=300,
              use_best_model=True, l2_leaf_reg=1e-5, random_strength=0)
REGRESSION = dict(learning_rate=0.09, depth=9, one_hot_max_size=20, leaf_estimation_iterations=20,
                  loss_function="RMSE")
CLASSES = dict(learning_rate=0.08, depth=7, one_hot_max_size=15, leaf_estimation_iterations=1)


def table(folder, name, meta):
    """The columns of a set; a missing category is one of its own, a missing number is NaN."""
    missing = {column: [""] for column in meta["numbers"]}
    rows = pd.read_csv(f"{folder}/{name}.csv", keep_default_na=False, na_values=missing)
    for column in meta["categories"]:
        rows[column] = rows[column].astype(str).replace("", "missing")
    return rows


def model(task, seed):
    if task == "regression":
        return CatBoostRegressor(random_seed=seed, **COMMON, **REGRESSION)
    loss = "Logloss" if task == "binary" else "MultiClass"
    return CatBoostClassifier(random_seed=seed, loss_function=loss, **COMMON, **CLASSES)


def clocks():
    return np.array([time.perf_counter(), time.process_time()])


def main(folder, out, wanted=None):
    os.makedirs(out, exist_ok=True)
    sets = json.load(open(f"{folder}/meta.json"))
    times = []
    for name in wanted.split(",") if wanted else sets:
        meta = sets[name]
        rows = table(folder, name, meta)
        x, y = rows[meta["numbers"] + meta["categories"]], rows["target"]
        splits = pd.read_csv(f"{folder}/splits/{name}.csv")
        for split, column in enumerate(splits):
            train, validation, test = (np.flatnonzero(splits[column].to_numpy() == part) for part in range(3))
            pool = lambda part: Pool(x.iloc[part], y.iloc[part], cat_features=meta["categories"])
            begin = clocks()
            fitted = model(meta["task"], split)
            fitted.fit(pool(train), eval_set=pool(validation))
            trained = clocks()
            if meta["task"] == "regression":
                predictions = {"prediction": fitted.predict(x.iloc[test])}
            else:
                probabilities = fitted.predict_proba(x.iloc[test])
                predictions = {f"p{k}": probabilities[:, k] for k in range(probabilities.shape[1])}
            done = clocks()
            pd.DataFrame({"row": test, **predictions}).to_csv(f"{out}/{name}_{split}_test.csv", index=False)
            fit, predict = trained - begin, done - trained
            times.append([name, split, fit[0], fit[1], predict[0], predict[1]])
            print(name, split, f"{fit[1] + predict[1]:.2f} s of the processor", flush=True)
    columns = "set,split,fit_wall,fit_cpu,predict_wall,predict_cpu".split(",")
    pd.DataFrame(times, columns=columns).to_csv(f"{out}/times.csv", index=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
