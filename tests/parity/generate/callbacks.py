"""Decisions of the monitoring callbacks over scripted sequences of values, and what CSVLogger writes of them."""

import shutil
import tempfile
from pathlib import Path

import golden
import keras
import numpy as np
from keras.src.trainers.compile_utils import MetricsList

spec = golden.spec

FALLING = [1.0, 0.8, 0.7, 0.7, 0.72, 0.65, 0.66, 0.67, 0.68, 0.64, 0.7, 0.71, 0.72, 0.73]
SLOW = [1.0, 0.99, 0.98, 0.97, 0.96, 0.95, 0.94, 0.93, 0.92, 0.91]
RISING = [0.5, 0.6, 0.55, 0.7, 0.69, 0.68, 0.71, 0.71, 0.7, 0.6]
FLAT = [0.5] * 8
LONG = [1.0, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.85, 0.86, 0.86, 0.86, 0.86, 0.8, 0.8, 0.8, 0.8]

# Config -> values of the monitor, epoch after epoch. A monitor other than the loss names a metric for mode "auto".
EARLY_STOPPING = [
    ({}, FALLING),
    ({"patience": 2}, FALLING),
    ({"patience": 3}, FALLING),
    ({"patience": 4}, FALLING),
    ({"patience": 2, "restore_best_weights": True}, FALLING),
    ({"patience": 20, "restore_best_weights": True}, FALLING),
    ({"patience": 2, "min_delta": 0.015}, SLOW),
    ({"patience": 2, "min_delta": -0.015}, SLOW),
    ({"patience": 3, "min_delta": 0.05, "restore_best_weights": True}, SLOW),
    ({"patience": 2, "mode": "max", "restore_best_weights": True}, RISING),
    ({"patience": 1, "mode": "min"}, RISING),
    ({"patience": 2, "mode": "max", "min_delta": 0.02}, RISING),
    ({"patience": 3, "baseline": 0.75}, SLOW),
    ({"patience": 3, "baseline": 0.75}, FALLING),
    ({"patience": 6, "baseline": 0.965, "restore_best_weights": True}, SLOW),
    ({"patience": 2, "baseline": 0.65, "mode": "max", "restore_best_weights": True}, RISING),
    ({"patience": 2, "start_from_epoch": 4}, FALLING),
    ({"patience": 1, "start_from_epoch": 3, "restore_best_weights": True}, [0.1, 0.2, 0.3, 0.9, 0.8, 0.85, 0.7, 0.75]),
    ({"patience": 0}, FLAT),
    ({"patience": 0, "restore_best_weights": True}, [0.5, 0.6, 0.4]),
    ({"patience": 3}, FLAT),
    ({"monitor": "loss", "patience": 1}, FALLING),
    ({"monitor": "val_auc", "patience": 2}, RISING, spec("AUC")),
    ({"monitor": "val_mean_absolute_error", "patience": 2}, FALLING, spec("MeanAbsoluteError")),
    ({"monitor": "recall", "patience": 2, "restore_best_weights": True}, RISING, spec("Recall")),
    ({"monitor": "val_cosine_similarity", "patience": 2}, RISING, spec("CosineSimilarity")),
]
REDUCE = [
    ({"patience": 2}, LONG),
    ({"patience": 2, "factor": 0.5}, LONG),
    ({"patience": 1, "factor": 0.5}, LONG),
    ({"patience": 0, "factor": 0.5}, FALLING),
    ({"patience": 2, "factor": 0.5, "cooldown": 2}, LONG),
    ({"patience": 1, "factor": 0.5, "cooldown": 1}, FLAT + FLAT),
    ({"patience": 1, "factor": 0.5, "cooldown": 3}, FLAT + FLAT),
    ({"patience": 1, "factor": 0.25, "min_lr": 0.01}, FLAT + FLAT),
    ({"patience": 2, "factor": 0.5, "min_delta": 0.015}, SLOW),
    ({"patience": 2, "factor": 0.5, "min_delta": 0.0}, SLOW),
    ({"patience": 2, "factor": 0.5, "mode": "max"}, RISING),
    ({"patience": 2, "factor": 0.5, "mode": "min"}, RISING),
    ({"patience": 1, "factor": 0.5, "monitor": "val_auc"}, RISING, spec("AUC")),
    ({}, [1.0] * 25),
]
CHECKPOINT = [
    ({}, FALLING),
    ({"save_best_only": True}, FALLING),
    ({"save_best_only": True, "mode": "max"}, RISING),
    ({"save_best_only": True, "mode": "min"}, RISING),
    ({"save_best_only": True, "initial_value_threshold": 0.69}, FALLING),
    ({"save_best_only": True, "mode": "max", "initial_value_threshold": 0.6}, RISING),
    ({"save_best_only": True, "monitor": "val_auc"}, RISING, spec("AUC")),
    ({"save_best_only": True, "monitor": "loss"}, FALLING),
    ({"save_best_only": True}, FLAT),
]
BATCHES_PER_EPOCH, EPOCHS = 5, 4
BY_BATCHES = [{"save_freq": freq} for freq in (1, 2, 3, 5, 7, 12)]


class Optimizer:
    learning_rate = np.float64(0.1)


class Model:
    """What a callback sees of a model; its only weight is the number of the epoch that made it."""

    def __init__(self, metric):
        self.optimizer, self.stop_training, self.epoch, self.restored, self.saved = Optimizer(), False, 0, None, []
        made = [golden.create("metrics", metric["class"], metric["config"])] if metric else []
        self.metrics = [MetricsList(made)]

    def get_weights(self):
        return self.epoch

    def set_weights(self, epoch):
        self.restored = epoch

    def save(self, path, overwrite):
        self.saved.append(Path(path).name)


def replay(class_name, config, values, metric=None, **given):
    """Runs the callback until the values end or it stops the training; yields after every epoch."""
    keras.backend.clear_session(free_memory=False)
    callback, model = golden.create("callbacks", class_name, {**config, **given}), Model(metric)
    callback.set_model(model)
    callback.on_train_begin()
    for epoch, value in enumerate(values):
        model.epoch = epoch
        callback.on_epoch_begin(epoch)
        logs = {config.get("monitor", "val_loss"): value}
        callback.on_epoch_end(epoch, logs)
        yield callback, model, logs
        if model.stop_training:
            break
    callback.on_train_end()


def head(class_name, config, values, metric=None):
    return {"class": class_name, "config": config, "precision": "f64", "metric": metric, "monitor_values": values}


def early_stopping(*entry):
    for callback, model, _ in replay("EarlyStopping", *entry):
        pass
    return {
        **head("EarlyStopping", *entry),
        "expected": {
            "stopped_epoch": callback.stopped_epoch if model.stop_training else None,
            "best_epoch": callback.best_epoch,
            "best": callback.best,
            "restored_epoch": model.restored,
        },
    }


def reduce_on_plateau(*entry):
    rates, logged = [], []
    for _, model, logs in replay("ReduceLROnPlateau", *entry):
        rates.append(model.optimizer.learning_rate)
        logged.append(logs["learning_rate"])
    return {
        **head("ReduceLROnPlateau", *entry),
        "initial_learning_rate": 0.1,
        "expected": {"learning_rates_after": rates, "logged": logged},
    }


def checkpoint(*entry):
    folder = tempfile.mkdtemp()
    for _, model, _ in replay("ModelCheckpoint", *entry, filepath=folder + "/{epoch:02d}.keras"):
        pass
    shutil.rmtree(folder)
    return {
        **head("ModelCheckpoint", *entry),
        "expected": {"saved_epochs": [int(name[:2]) - 1 for name in model.saved]},
    }


def checkpoint_by_batches(config):
    callback, model = keras.callbacks.ModelCheckpoint("{epoch}-{batch}.keras", **config), Model(None)
    callback.set_model(model)
    callback.on_train_begin()
    for epoch in range(EPOCHS):
        callback.on_epoch_begin(epoch)
        for batch in range(BATCHES_PER_EPOCH):
            callback.on_train_batch_end(batch, {"loss": 0.5})
        callback.on_epoch_end(epoch, {"loss": 0.5, "val_loss": 0.5})
    saved = [[int(part) - 1 for part in name.removesuffix(".keras").split("-")] for name in model.saved]
    return {
        "class": "ModelCheckpoint",
        "config": config,
        "precision": "f64",
        "batches_per_epoch": BATCHES_PER_EPOCH,
        "epochs": EPOCHS,
        "expected": {"saved_epochs_and_batches": saved},
    }


# The figures of each epoch; every second one is validated.
FIGURES = [
    {"loss": 0.6931471824645996, "accuracy": 0.5},
    {"loss": 0.1, "accuracy": 1.0, "val_loss": 1e-05, "val_accuracy": 0.0001},
    {"loss": 123456789.0, "accuracy": 1 / 3},
    {"loss": 2.5e-08, "accuracy": 0.0, "val_loss": 1e16, "val_accuracy": 9007199254740991.0},
]


# A fit without validation.
PLAIN = [{"loss": 0.5, "accuracy": 0.75, "learning_rate": 0.01}, {"loss": 0.25, "accuracy": 1.0, "learning_rate": 0.005}]


def csv_logger(config, figures=FIGURES):
    path = Path(tempfile.mkdtemp()) / "log.csv"
    logger = keras.callbacks.CSVLogger(str(path), **config)
    logger.on_train_begin()
    for epoch, logs in enumerate(figures):
        logger.on_epoch_end(epoch, logs)
    logger.on_train_end()
    text = path.read_bytes().decode()
    shutil.rmtree(path.parent)
    return {"class": "CSVLogger", "config": config, "precision": "f64", "figures": figures, "expected": {"text": text}}


cases = [early_stopping(*entry) for entry in EARLY_STOPPING]
cases += [reduce_on_plateau(*entry) for entry in REDUCE]
cases += [checkpoint(*entry) for entry in CHECKPOINT]
cases += [checkpoint_by_batches(config) for config in BY_BATCHES]
cases += [csv_logger(config) for config in ({}, {"separator": ";"}, {"separator": "\t"})]
cases += [csv_logger({}, PLAIN)]
golden.write("callbacks", cases)
