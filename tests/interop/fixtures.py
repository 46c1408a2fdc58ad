"""Makes the files in `fixtures/` that `cargo test` reads: one small model in each of Keras's forms, with its predictions.

    python fixtures.py
"""

import io
import json
import os
import shutil
import zipfile

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import h5py
import keras
import numpy as np

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures")
L = keras.layers


def trained():
    """A compiled model after two epochs, with preprocessing that has learned."""
    keras.utils.set_random_seed(2)
    generator = np.random.default_rng(8)
    x = (generator.normal(size=(32, 3)) * [1.0, 5.0, 0.2] + [0.0, 10.0, 1.0]).astype("float32").round(3)
    y = (x[:, :1] + 0.2 * x[:, 1:2] > 2.0).astype("float32")
    normalization = L.Normalization()
    normalization.adapt(x)
    model = keras.Sequential(
        [
            keras.Input((3,)),
            normalization,
            L.Dense(4, activation="relu", kernel_regularizer=keras.regularizers.L2(0.01), kernel_constraint="max_norm"),
            L.BatchNormalization(momentum=0.9),
            L.Dropout(0.0, seed=3),
            L.SpectralNormalization(L.Dense(3, activation="tanh")),
            L.Dense(1, activation="sigmoid", name="risk"),
        ],
        name="fixture",
    )
    model.compile(
        keras.optimizers.Adam(0.02, clipnorm=1.0),
        keras.losses.BinaryCrossentropy(label_smoothing=0.05),
        metrics=["accuracy", keras.metrics.Recall(thresholds=0.4)],
        weighted_metrics=["mse"],
    )
    model.fit(x, y, epochs=2, batch_size=8, shuffle=False, verbose=0)
    return model, x, y


def functional():
    """A graph whose layers follow one another."""
    keras.utils.set_random_seed(5)
    inputs = keras.Input((2,), name="features")
    hidden = L.Dense(3, activation="gelu")(inputs)
    return keras.Model(inputs, L.Dense(2, activation="softmax")(hidden))


def convolution():
    """What has no counterpart."""
    return keras.Sequential([keras.Input((6,)), L.Reshape((6, 1)), L.Conv1D(2, 3), L.Flatten(), L.Dense(1)])


def branching():
    """A graph that is no chain."""
    inputs = keras.Input((2,))
    hidden = L.Dense(2, name="left")(inputs)
    return keras.Model(inputs, L.Add(name="sum")([hidden, inputs]))


def mixed():
    """A model that computes in other numbers than it stores."""
    return keras.Sequential([keras.Input((2,)), L.Dense(1, dtype="mixed_float16", name="half")])


def early_nadam(path):
    """An archive as Keras 3.0 and 3.1 wrote it, whose Nadam made the product of the momentums first."""
    keras.utils.set_random_seed(5)
    model = keras.Sequential([keras.Input((2,)), L.Dense(2, activation="tanh"), L.Dense(1)])
    model.compile(keras.optimizers.Nadam(0.05), "mse")
    x = np.arange(8, dtype="float32").reshape(4, 2) / 8
    y = x[:, :1] - x[:, 1:] ** 2
    train = lambda: [model.train_on_batch(x, y) for _ in range(3)]
    train()
    model.save(path)
    with zipfile.ZipFile(path) as archive:
        config, metadata = archive.read("config.json"), json.loads(archive.read("metadata.json"))
        weights = io.BytesIO(archive.read("model.weights.h5"))
    with h5py.File(weights, "r+") as file:
        arrays = file["optimizer/vars"]
        values = [arrays[str(place)][()] for place in range(len(arrays))]
        for place in range(len(values)):
            del arrays[str(place)]
        for place, value in enumerate(values[:2] + values[-1:] + values[2:-1]):
            arrays[str(place)] = value
    metadata.update({"keras_version": "3.0.5", "date_saved": "2026-01-01@00:00:00"})
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in [("metadata.json", json.dumps(metadata)), ("config.json", config), ("model.weights.h5", weights.getvalue())]:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    train()
    return {"x": x.tolist(), "y": y.tolist(), "three_steps_later": model.predict(x, verbose=0).tolist()}


def main():
    # Those of Keras 2 are made by keras2_fixtures.py.
    os.makedirs(FOLDER, exist_ok=True)
    for entry in os.scandir(FOLDER):
        if entry.is_file():
            os.remove(entry)
    shutil.rmtree(os.path.join(FOLDER, "model_folder"), ignore_errors=True)
    path = lambda name: os.path.join(FOLDER, name)
    model, x, y = trained()
    model.save(path("model.keras"))
    model.save_weights(path("model.weights.h5"))
    model.save(path("model_folder"), zipped=False)
    # Last, as it takes the optimizer out of the description that the other forms are written from.
    model.save(path("model.h5"))
    answer = {"x": x.tolist(), "y": y.tolist(), "predictions": model.predict(x, verbose=0).tolist()}
    evaluated = model.evaluate(x, y, batch_size=8, verbose=0, return_dict=True)
    answer["evaluated"] = {name: float(value) for name, value in evaluated.items()}
    model.fit(x, y, epochs=2, batch_size=8, shuffle=False, verbose=0)
    answer["two_epochs_later"] = model.predict(x, verbose=0).tolist()
    chain = functional()
    chain.save(path("functional.keras"))
    few = x[:5, :2]
    answer["functional"] = {"x": few.tolist(), "predictions": chain.predict(few, verbose=0).tolist()}
    # The same weights in HDF5's later layout, which other programs write.
    chain.save_weights(path("plain.weights.h5"))
    with h5py.File(path("plain.weights.h5")) as plain, h5py.File(path("later.weights.h5"), "w", libver="latest") as later:
        for name in plain:
            plain.copy(name, later)
    os.remove(path("plain.weights.h5"))
    answer["early_nadam"] = early_nadam(path("early_nadam.keras"))
    with open(path("answers.json"), "w") as file:
        json.dump(answer, file)
    refused = {"convolution": convolution(), "branching": branching(), "mixed": mixed()}
    with open(path("refused.json"), "w") as file:
        json.dump({name: json.loads(model.to_json()) for name, model in refused.items()}, file)
    # Keras writes when it was; the files shall be the same each time.
    with open(path("model_folder/metadata.json"), "w") as file:
        json.dump({"keras_version": keras.__version__, "date_saved": "2026-01-01@00:00:00"}, file)


if __name__ == "__main__":
    main()
