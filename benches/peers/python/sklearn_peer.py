"""scikit-learn's MLPClassifier: `fit` for a number of epochs and `predict_proba`; it has no metrics while fitting."""

import warnings

import numpy as np
from protocol import Peer, run
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

warnings.simplefilter("ignore", ConvergenceWarning)


class ScikitLearn(Peer):
    packages = ("scikit-learn",)

    def __init__(self, task, x, y):
        self.x, self.y, self.batch, self.one = x, y.astype(int), task["batch"], x[:1].copy()
        self.hidden = task["widths"][1:-1]
        if task["kind"] in ("predict", "one-row"):
            self.fit(1, rows=1000)

    def fit(self, epochs, rows=None):
        self.model = MLPClassifier(
            self.hidden,
            batch_size=self.batch,
            alpha=0.0,
            epsilon=1e-7,
            max_iter=epochs,
            n_iter_no_change=epochs + 1,
            random_state=1,
        )
        self.model.fit(self.x[:rows], self.y[:rows])

    def predict(self):
        starts = range(0, len(self.x), self.block)
        probability = np.concatenate([self.model.predict_proba(self.x[i : i + self.block]) for i in starts])
        return probability[:, 1] if probability.shape[1] == 2 else probability

    def predict_one(self):
        return self.model.predict_proba(self.one)


run(ScikitLearn)
