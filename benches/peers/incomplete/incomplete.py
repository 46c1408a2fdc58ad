"""Splits for both programs, scikit-learn's pipeline on them, and the comparison; `run` calls this."""

import os
import sys
import warnings
from statistics import mean, stdev

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.exceptions import ConvergenceWarning
from sklearn.impute import SimpleImputer
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

NUMBERS = ["funded_amnt_inv", "int_rate", "annual_inc", "total_rec_int", "tot_cur_bal"]
TARGET = "loan_status"
COLUMNS = NUMBERS + ["term", "home_ownership", TARGET]


def split(file, folder, splits):
    table = pd.read_csv(file)[COLUMNS]
    gap = table.isna().any(axis=1)
    rate = table[TARGET]
    print(f"{len(table)} rows, {gap.sum()} incomplete; label 1: {rate[gap].mean():.2%} of those, {rate[~gap].mean():.2%} of the others")
    for number in range(int(splits)):
        train, test = train_test_split(table, test_size=0.3, stratify=table[TARGET], random_state=number)
        for name, rows in (("train", train), ("dropped", train.dropna()), ("test", test)):
            rows.to_csv(os.path.join(folder, f"{name}_{number}.csv"), index=False)


def pipeline(epochs, seed):
    scaled = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
    columns = ColumnTransformer(
        [
            ("numbers", scaled, NUMBERS),
            ("term", StandardScaler(), ["term"]),
            ("home", OneHotEncoder(handle_unknown="ignore"), ["home_ownership"]),
        ],
        sparse_threshold=0,
    )
    # The penalty and the stop that are on by default are off, and there is one epoch after the other.
    network = MLPClassifier(
        (12, 12), solver="adam", alpha=0.0, batch_size=32, learning_rate_init=0.001, max_iter=epochs, tol=0.0,
        n_iter_no_change=epochs + 1, random_state=seed,
    )
    return make_pipeline(columns, network)


def read(folder, name, number):
    table = pd.read_csv(os.path.join(folder, f"{name}_{number}.csv"))
    table["term"] = table["term"].str.extract(r"(\d+)").astype(float)
    return table


def compare(folder, splits, seeds, epochs):
    warnings.filterwarnings("ignore", category=ConvergenceWarning)
    splits, seeds, epochs = int(splits), range(1, int(seeds) + 1), int(epochs)
    # By way and rows of the test: (split, seed) -> AUC and log loss of either program.
    scores = {}
    for number in range(splits):
        test = read(folder, "test", number)
        complete = ~test.isna().any(axis=1).to_numpy()
        truth = test[TARGET].to_numpy()
        for way, train in (("drop", read(folder, "dropped", number)), ("keep", read(folder, "train", number))):
            rows = test if way == "keep" else test[complete]
            labels = truth if way == "keep" else truth[complete]
            for seed in seeds:
                theirs = pipeline(epochs, seed).fit(train.drop(columns=TARGET), train[TARGET])
                theirs = theirs.predict_proba(rows.drop(columns=TARGET))[:, 1]
                ours = pd.read_csv(os.path.join(folder, f"perceptra_{way}_{number}_{seed}.csv"))["probability"].to_numpy()
                parts = [("all", slice(None)), ("complete", complete)] if way == "keep" else [("complete", slice(None))]
                for part, chosen in parts:
                    for program, p in (("perceptra", ours), ("scikit-learn", theirs)):
                        p = p.astype(np.float64)
                        values = scores.setdefault((way, part, program), np.zeros((2, splits, len(seeds))))
                        values[0, number, seed - 1] = roc_auc_score(labels[chosen], p[chosen])
                        values[1, number, seed - 1] = log_loss(labels[chosen], p[chosen])
    print(f"{splits} splits, {len(seeds)} seeds each, {epochs} epochs; differences paired over the splits")
    print(f"{'training':<9} {'test rows':<9} {'score':<8} {'perceptra':>9} {'sklearn':>8} {'diff':>8} {'std.err':>8} {'seeds':>7}")
    for way, part in (("drop", "complete"), ("keep", "complete"), ("keep", "all")):
        ours, theirs = scores[way, part, "perceptra"], scores[way, part, "scikit-learn"]
        for index, score in enumerate(("ROC AUC", "log loss")):
            report(way, part, score, ours[index], theirs[index])
    kept, dropped = scores["keep", "complete", "perceptra"], scores["drop", "complete", "perceptra"]
    for index, score in enumerate(("ROC AUC", "log loss")):
        difference = kept[index].mean(axis=1) - dropped[index].mean(axis=1)
        error = stdev(difference) / splits**0.5
        print(f"kept − dropped on complete rows, perceptra, {score}: {mean(difference):+.4f}, standard error {error:.4f}")


def report(way, part, score, ours, theirs):
    """`seeds` is the standard deviation of the difference of the two programs over seeds on one split."""
    difference = ours.mean(axis=1) - theirs.mean(axis=1)
    error = stdev(difference) / len(difference) ** 0.5
    seeds = (ours.var(axis=1, ddof=1).mean() + theirs.var(axis=1, ddof=1).mean()) ** 0.5
    print(
        f"{way:<9} {part:<9} {score:<8} {ours.mean():9.4f} {theirs.mean():8.4f} {difference.mean():+8.4f} {error:8.4f} {seeds:7.4f}"
    )


if __name__ == "__main__":
    {"split": split, "compare": compare}[sys.argv[1]](*sys.argv[2:])
