"""Makes the files of Keras 2 in `fixtures/keras2/` that `cargo test` reads, with what Keras 2 makes of them.

    python keras2_fixtures.py tensorflow     in an environment for each line of keras2_requirements.txt
    python keras2_fixtures.py backends       in any with h5py and numpy
    python keras2_fixtures.py seeds          the same, after both: writes the seeds of the tests of hostile files

The first trains small models in the `tf.keras` of the environment, saves them, loads the file again, as a user would, and
notes its predictions and those after some more steps. TensorFlow 2.12 writes the legacy optimizers, 2.14 those that
followed, both `.keras` archives, as does 2.15.

The second writes the layouts of Keras 2.0 to 2.3, the package that ran on several backends and that no current Python runs:
files as its optimizers.py (2.1.1, 2.2.4, 2.3.1) lays them out, and expectations by its formulas in plain numpy.
"""

import gzip
import io
import json
import os
import sys
import zipfile

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import h5py
import numpy as np

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures", "keras2")
# TF-Keras's Nadam follows its rule once it has taken twice as many steps as there are variables.
STEPS_BEFORE, STEPS_AFTER = 8, 4

generator = np.random.default_rng(3)
X = generator.uniform(-1, 1, (8, 3)).round(2).astype("float32")
Y = (X.sum(1, keepdims=True) > 0).astype("float32")


def batch(step):
    """Four rows, other ones from step to step."""
    rows = [(step + row) % 8 for row in range(4)]
    return X[rows], Y[rows]


def path(name):
    return os.path.join(FOLDER, name)


def pack(name):
    """Compresses what was written: HDF5 files, most of which are zeros, by gzip, the members of archives within them."""
    source = path(name)
    content = open(source, "rb").read()
    if zipfile.is_zipfile(source):
        with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(source, "w", zipfile.ZIP_DEFLATED) as out:
            for member in archive.namelist():
                content = archive.read(member)
                if member == "metadata.json":
                    # The files shall be the same each time.
                    content = json.dumps({**json.loads(content), "date_saved": "2026-01-01@00:00:00"})
                out.writestr(zipfile.ZipInfo(member), content, zipfile.ZIP_DEFLATED)
    else:
        with open(source + ".gz", "wb") as out:
            out.write(gzip.compress(content, mtime=0))
        os.remove(source)


def note(name, **answer):
    """Adds what is expected of a file to the answers."""
    file = path("answers.json")
    answers = json.load(open(file)) if os.path.exists(file) else {}
    answers.update({"x": X.tolist(), "y": Y.tolist(), "steps": STEPS_AFTER})
    short = {key: np.asarray(value).round(7).tolist() if isinstance(value, np.ndarray) else value for key, value in answer.items()}
    answers.setdefault("cases", {})[name] = short
    answers["cases"] = dict(sorted(answers["cases"].items()))
    with open(file, "w") as out:
        out.write(json.dumps(answers).replace('{"begins', '\n{"begins'))


# ---- TensorFlow


def tensorflow():
    import tensorflow as tf

    K = tf.keras
    L = K.layers
    version = ".".join(tf.__version__.split(".")[:2]).replace(".", "")

    def model(optimizer, loss="binary_crossentropy", metrics=("accuracy",)):
        K.backend.clear_session()
        K.utils.set_random_seed(4)
        layers = [L.Dense(2, "tanh", input_dim=3, kernel_regularizer="l2"), L.Dense(1, "sigmoid")]
        model = K.Sequential(layers)
        model.compile(optimizer, loss, metrics=list(metrics))
        return model

    def save(model, name, train=True, v3=False, fresh=None, by_fit=False):
        # Averages of the weights become the weights at the end of a fit.
        fit = lambda model, steps: model.fit(X, Y, batch_size=4, epochs=steps // 2, shuffle=False, verbose=0)
        if by_fit:
            fit(model, STEPS_BEFORE)
        for step in range(STEPS_BEFORE if train and not by_fit else 0):
            model.train_on_batch(*batch(step))
        # An archive there; without it an HDF5 file of that name.
        options = {"save_format": "keras_v3"} if v3 and version == "212" else {}
        model.save(path(name), **options)
        if fresh:
            # TF-Keras cannot open it itself: it saves no state of a legacy optimizer in an archive.
            again = fresh()
            again.set_weights(model.get_weights())
        else:
            again = K.models.load_model(path(name))
        iterations = int(again.optimizer.iterations)
        answer = {"begins_anew": fresh is not None, "iterations": iterations}
        answer["by_fit"] = by_fit
        answer["predictions"] = again.predict(X, verbose=0)
        if by_fit:
            fit(again, STEPS_AFTER)
        for step in range(0 if by_fit else STEPS_AFTER):
            again.train_on_batch(*batch(step + STEPS_BEFORE))
        note(name, **answer, later=again.predict(X, verbose=0))
        pack(name)

    O, old = K.optimizers, K.optimizers.legacy
    decay = O.schedules.ExponentialDecay(0.1, 3, 0.5)
    # ε is large where its place matters.
    legacy = {
        "adam": lambda: old.Adam(0.05),
        "adam_amsgrad": lambda: old.Adam(0.05, amsgrad=True, beta_2=0.5),
        "adam_decay": lambda: old.Adam(0.05, decay=0.2, clipnorm=0.1),
        "sgd": lambda: old.SGD(decay),
        "sgd_momentum": lambda: old.SGD(0.1, momentum=0.9, nesterov=True, clipvalue=0.05),
        "rmsprop": lambda: old.RMSprop(0.02, epsilon=0.05),
        "rmsprop_centered": lambda: old.RMSprop(0.02, epsilon=0.05, centered=True),
        "rmsprop_momentum": lambda: old.RMSprop(0.02, epsilon=0.05, centered=True, momentum=0.7),
        "adagrad": lambda: old.Adagrad(0.1, epsilon=0.05),
        "adadelta": lambda: old.Adadelta(5.0, epsilon=1e-3),
        "adamax": lambda: old.Adamax(0.05, epsilon=1e-3),
        "nadam": lambda: old.Nadam(0.05),
        "ftrl": lambda: old.Ftrl(0.1, l1_regularization_strength=0.01, beta=0.1),
    }
    new = {
        "adam": lambda: O.Adam(0.05),
        "adam_amsgrad": lambda: O.Adam(0.05, amsgrad=True, beta_2=0.5),
        "adamw": lambda: O.AdamW(0.05, weight_decay=0.1, use_ema=True, ema_momentum=0.7, ema_overwrite_frequency=4),
        "sgd": lambda: O.SGD(decay, global_clipnorm=0.1),
        "sgd_momentum": lambda: O.SGD(0.1, momentum=0.9, nesterov=True, clipvalue=0.05),
        "rmsprop": lambda: O.RMSprop(0.02, epsilon=0.05),
        "rmsprop_momentum": lambda: O.RMSprop(0.02, epsilon=0.05, centered=True, momentum=0.7),
        "adagrad": lambda: O.Adagrad(0.1, epsilon=0.05),
        "adadelta": lambda: O.Adadelta(5.0, epsilon=1e-3),
        "adamax": lambda: O.Adamax(0.05, epsilon=1e-3),
        "nadam": lambda: O.Nadam(0.05),
        "ftrl": lambda: O.Ftrl(0.1, l1_regularization_strength=0.01, beta=0.1),
        "lion": lambda: O.Lion(0.01),
        "adafactor": lambda: O.Adafactor(0.05),
    }
    if version == "212":
        for name, make in legacy.items():
            save(model(make()), f"legacy_{name}.h5")
        save(model("adam"), "tf212_untrained.h5", train=False)
        save(model(new["adam"]()), "tf212_hdf5.keras")
    if version == "214":
        for name, make in new.items():
            save(model(make()), f"tf214_{name}.h5", by_fit=name == "adamw")
        save(model(old.Adam(0.05)), "tf214_legacy_adam.keras", v3=True, fresh=lambda: model(old.Adam(0.05)))
        others(K, L, save)
    archives = {"212": ["adam"], "214": ["nadam", "adafactor"], "215": ["adam", "adamw", "nadam", "sgd", "rmsprop_momentum"]}
    for name in archives[version]:
        save(model(new[name]()), f"tf{version}_{name}.keras", v3=True, by_fit=name == "adamw")
    if version == "215":
        windows(path("tf215_adam.keras"), "tf215_adam.keras", "windows.keras")
    if version == "214":
        save(model("nadam"), "tf214_by_name.keras", v3=True)


def others(K, L, save):
    """Models within models, layers whose arguments had other names, losses and metrics; weights alone."""
    # One name twice is possible in an archive alone.
    for file, name in [("nested.h5", "last"), ("nested.keras", "same")]:
        K.backend.clear_session()
        K.utils.set_random_seed(6)
        parts = [L.Dense(3, "tanh", input_dim=3), L.BatchNormalization(momentum=0.5), L.Dense(2, name="same")]
        frozen = L.Dense(2, "tanh", name="frozen", trainable=False)
        inner = K.Sequential([parts[0], frozen, *parts[1:]], name="inner")
        nested = K.Sequential([inner, L.Dense(2, "relu", name=name), L.Dense(1, "sigmoid")])
        nested.compile(K.optimizers.Adam(0.05), "binary_crossentropy")
        save(nested, file, v3=True)
    K.backend.clear_session()
    K.utils.set_random_seed(6)
    learned = L.Normalization(input_shape=(3,))
    learned.adapt(X)
    layers = [
        learned,
        L.Dense(3, kernel_initializer="he_normal", kernel_constraint="max_norm"),
        L.LeakyReLU(alpha=0.2),
        L.LayerNormalization(),
        L.Dense(3, activation=L.LeakyReLU(0.1), activity_regularizer="l1"),
        L.ReLU(max_value=4.0, negative_slope=0.1),
        L.Dense(2, activation="elu"),
        L.PReLU(),
        L.GaussianNoise(0.0),
        L.AlphaDropout(0.0),
        L.Dropout(0.0),
        L.ELU(0.5),
        L.ThresholdedReLU(0.1),
        L.Dense(2, activation="hard_sigmoid"),
        L.Activation("hard_sigmoid"),
        L.Dense(1, "sigmoid"),
    ]
    layered = K.Sequential(layers)
    metrics = ["acc", K.metrics.AUC(name="area"), K.metrics.BinaryAccuracy(threshold=0.4), "mse", K.metrics.Recall(thresholds=0.3)]
    layered.compile(K.optimizers.SGD(0.1), K.losses.BinaryCrossentropy(label_smoothing=0.1), metrics=metrics, weighted_metrics=["mae"])
    save(layered, "layers.h5")
    save(layered, "layers.keras", v3=True)
    K.backend.clear_session()
    K.utils.set_random_seed(6)
    codes = K.Sequential([L.Embedding(4, 2, input_length=3), L.Flatten(), L.Dense(1)])
    codes.compile("sgd", K.losses.Huber())
    codes.save(path("embedding.h5"))
    x = (np.arange(12).reshape(4, 3) * 7 % 4).astype("float32")
    note("embedding.h5", codes=x.tolist(), predictions=codes.predict(x, verbose=0))
    pack("embedding.h5")
    K.backend.clear_session()
    K.utils.set_random_seed(7)
    build = lambda: K.Sequential([L.Dense(3, "tanh", input_dim=3), L.BatchNormalization(), L.Dense(3, "tanh"), L.Dense(1, "sigmoid")])
    build(), build()
    third = build()
    third.set_weights([generator.normal(size=weight.shape) ** 2 for weight in third.get_weights()])
    third.save_weights(path("third.h5"))
    third.save_weights(path("third.weights.h5"))
    note("third.h5", names=[layer.name for layer in third.layers], predictions=third.predict(X, verbose=0))
    pack("third.h5"), pack("third.weights.h5")


def windows(source, like, name):
    """The same archive as TF-Keras on Windows writes it: with a backslash between the names of groups."""
    packed = io.BytesIO()
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(path(name), "w", zipfile.ZIP_DEFLATED) as out:
        with h5py.File(io.BytesIO(archive.read("model.weights.h5"))) as file, h5py.File(packed, "w") as renamed:
            for layer in file["layers"]:
                file.copy(f"layers/{layer}", renamed, f"layers\\{layer}")
            file.copy("optimizer", renamed)
        out.writestr("metadata.json", archive.read("metadata.json"))
        out.writestr("config.json", archive.read("config.json"))
        out.writestr("model.weights.h5", packed.getvalue())
    note(name, **json.load(open(path("answers.json")))["cases"][like])
    pack(name)


# ---- Keras 2.0 to 2.3


def dense(name, units, activation, inputs=None):
    config = {"name": name, "trainable": True, "units": units, "activation": activation, "use_bias": True}
    distribution = "uniform" if inputs else "normal"
    scaling = {"scale": 1.0, "mode": "fan_avg", "distribution": distribution, "seed": None}
    config["kernel_initializer"] = {"class_name": "VarianceScaling", "config": scaling}
    config["bias_initializer"] = {"class_name": "Zeros", "config": {}}
    config.update(dict.fromkeys(["kernel_regularizer", "bias_regularizer", "activity_regularizer", "kernel_constraint", "bias_constraint"]))
    if inputs:
        config.update({"batch_input_shape": [None, inputs], "dtype": "float32"})
    return {"class_name": "Dense", "config": config}


LAYERS = [dense("dense_1", 2, "tanh", 3), dense("dense_2", 1, "sigmoid")]
NAMES = ["dense_1/kernel:0", "dense_1/bias:0", "dense_2/kernel:0", "dense_2/bias:0"]


def predict(weights, x):
    hidden = np.tanh(x @ weights[0] + weights[1])
    return hidden, 1 / (1 + np.exp(-(hidden @ weights[2] + weights[3])))


def gradients(weights, x, y):
    hidden, p = predict(weights, x)
    delta = (p - y) / len(x)
    below = delta @ weights[2].T * (1 - hidden**2)
    return [x.T @ below, below.sum(0), hidden.T @ delta, delta.sum(0)]


class Rule:
    """An optimizer as its file has it: single numbers by name, and slots for each variable."""

    def __init__(self, config, weights):
        self.config, self.t = config, 0
        zeros = lambda: [np.zeros_like(weight) for weight in weights]
        self.a, self.b, self.schedule = zeros(), zeros(), 1.0

    def clipped(self, g):
        norm = np.sqrt(sum((part**2).sum() for part in g))
        limit = self.config.get("clipnorm")
        return [part * limit / norm for part in g] if limit and norm > limit else g

    def step(self, weights, g):
        c, a, b = self.config, self.a, self.b
        rate = c["lr"] / (1 + c.get("decay", 0.0) * self.t)
        self.t += 1
        t, g = self.t, self.clipped(g)
        kind = c["kind"]
        if kind == "Nadam":
            u = lambda t: c["beta_1"] * (1 - 0.5 * 0.96 ** (t * c["schedule_decay"]))
            self.schedule *= u(t)
        for i, (w, g) in enumerate(zip(weights, g)):
            if kind in ("Adam", "Nadam"):
                a[i] = c["beta_1"] * a[i] + (1 - c["beta_1"]) * g
                b[i] = c["beta_2"] * b[i] + (1 - c["beta_2"]) * g**2
            if kind == "Adam":
                rate_t = rate * np.sqrt(1 - c["beta_2"] ** t) / (1 - c["beta_1"] ** t)
                w -= rate_t * a[i] / (np.sqrt(b[i]) + c["epsilon"])
            elif kind == "Nadam":
                bar = (1 - u(t)) * g / (1 - self.schedule) + u(t + 1) * a[i] / (1 - self.schedule * u(t + 1))
                w -= rate * bar / (np.sqrt(b[i] / (1 - c["beta_2"] ** t)) + c["epsilon"])
            elif kind == "Adamax":
                a[i] = c["beta_1"] * a[i] + (1 - c["beta_1"]) * g
                b[i] = np.maximum(c["beta_2"] * b[i], np.abs(g))
                w -= rate / (1 - c["beta_1"] ** t) * a[i] / (b[i] + c["epsilon"])
            elif kind == "SGD":
                a[i] = c["momentum"] * a[i] - rate * g
                w += c["momentum"] * a[i] - rate * g if c["nesterov"] else a[i]
            elif kind == "RMSprop":
                a[i] = c["rho"] * a[i] + (1 - c["rho"]) * g**2
                w -= rate * g / (np.sqrt(a[i]) + c["epsilon"])
            elif kind == "Adagrad":
                a[i] = a[i] + g**2
                w -= rate * g / (np.sqrt(a[i]) + c["epsilon"])
            elif kind == "Adadelta":
                a[i] = c["rho"] * a[i] + (1 - c["rho"]) * g**2
                update = g * np.sqrt(b[i] + c["epsilon"]) / np.sqrt(a[i] + c["epsilon"])
                b[i] = c["rho"] * b[i] + (1 - c["rho"]) * update**2
                w -= rate * update


def backends():
    betas = {"beta_1": 0.9, "beta_2": 0.999}
    steps = lambda rule: [np.int64(rule.t)]
    placeholders = lambda rule: [np.zeros(1, "float32")] * 4
    # version, class, configuration, and the arrays of the optimizer in their order
    cases = [
        ("2.1.1", "Adam", dict(lr=0.05, **betas, epsilon=1e-8, decay=0.0), lambda r: steps(r) + r.a + r.b),
        ("2.2.4", "Adam", dict(lr=0.05, **betas, epsilon=1e-7, decay=0.1, amsgrad=False), lambda r: steps(r) + r.a + r.b + placeholders(r)),
        ("2.2.4", "SGD", dict(lr=0.3, momentum=0.0, decay=0.0, nesterov=False, clipnorm=0.1), lambda r: steps(r) + r.a),
        ("2.3.1", "SGD", dict(lr=0.1, momentum=0.9, decay=0.05, nesterov=True), lambda r: steps(r) + r.a),
        ("2.2.4", "RMSprop", dict(lr=0.05, rho=0.9, decay=0.0, epsilon=0.05), lambda r: r.a),
        ("2.3.1", "RMSprop", dict(lr=0.05, rho=0.9, decay=0.0, epsilon=0.05), lambda r: steps(r) + r.a),
        ("2.2.4", "Adagrad", dict(lr=0.1, decay=0.0, epsilon=0.05), lambda r: r.a),
        ("2.2.4", "Adadelta", dict(lr=5.0, rho=0.95, decay=0.0, epsilon=1e-3), lambda r: r.a + r.b),
        ("2.2.4", "Adamax", dict(lr=0.05, **betas, epsilon=1e-7, decay=0.0), lambda r: steps(r) + r.a + r.b),
        ("2.2.4", "Nadam", dict(lr=0.05, **betas, epsilon=1e-7, schedule_decay=0.004), lambda r: steps(r) + r.a + r.b),
        ("2.3.1", "Nadam", dict(lr=0.05, **betas, epsilon=1e-7, schedule_decay=0.004), lambda r: steps(r) + [np.float32(r.schedule)] + r.a + r.b),
    ]
    for version, kind, config, order in cases:
        draw = np.random.default_rng(5)
        weights = [draw.normal(size=shape) for shape in [(3, 2), (2,), (2, 1), (1,)]]
        rule = Rule({"kind": kind, **config}, weights)
        for step in range(STEPS_BEFORE):
            rule.step(weights, gradients(weights, *batch(step)))
        name = f"keras{version.replace('.', '')}_{kind.lower()}.h5"
        # The learning rate was called by its new name from 2.3 on.
        written = {("learning_rate" if argument == "lr" and version == "2.3.1" else argument): value for argument, value in config.items()}
        arrays = order(rule)
        write(name, version, {"class_name": kind, "config": written}, weights, arrays)
        # What a program of that Keras goes on with.
        if arrays[0] is rule.a[0]:
            rule.t = 0
        if version == "2.2.4":
            rule.schedule = 1.0
        answer = {"begins_anew": False, "by_fit": False, "iterations": rule.t, "predictions": predict(weights, X)[1]}
        for step in range(STEPS_AFTER):
            rule.step(weights, gradients(weights, *batch(step + STEPS_BEFORE)))
        note(name, **answer, later=predict(weights, X)[1])
        pack(name)
    with open(path("keras224.json"), "w") as file:
        json.dump({"class_name": "Sequential", "config": LAYERS, "keras_version": "2.2.4", "backend": "tensorflow"}, file)


def write(name, version, optimizer, weights, arrays):
    """A whole model as Keras 2.0 to 2.3 saved it."""
    text = np.bytes_
    with h5py.File(path(name), "w") as file:
        # The list of layers alone up to 2.2.2, later an object around it.
        layers = LAYERS if version == "2.1.1" else {"name": "sequential_1", "layers": LAYERS}
        training = {"optimizer_config": optimizer, "loss": "binary_crossentropy", "metrics": ["acc"]}
        training.update({"sample_weight_mode": None, "loss_weights": None})
        file.attrs["keras_version"], file.attrs["backend"] = text(version), text("tensorflow")
        file.attrs["model_config"] = text(json.dumps({"class_name": "Sequential", "config": layers}))
        file.attrs["training_config"] = text(json.dumps(training))
        group = file.create_group("model_weights")
        group.attrs["keras_version"], group.attrs["backend"] = text(version), text("tensorflow")
        group.attrs["layer_names"] = [text("dense_1"), text("dense_2")]
        for place, layer in enumerate(["dense_1", "dense_2"]):
            inner = group.create_group(layer)
            names = NAMES[2 * place : 2 * place + 2]
            inner.attrs["weight_names"] = [text(name) for name in names]
            for name, weight in zip(names, weights[2 * place :]):
                inner[name] = weight.astype("float32")
        group = file.create_group("optimizer_weights")
        names = [f"training/{optimizer['class_name']}/Variable_{place}:0" for place in range(len(arrays))]
        group.attrs["weight_names"] = [text(name) for name in names]
        for name, array in zip(names, arrays):
            group[name] = array if np.asarray(array).dtype == np.int64 else np.asarray(array, "float32")


# ---- seeds of the tests of hostile files


def seeds():
    """Copies of the files above, as small as they can be, for `tests/hostile`."""
    corpus = os.path.join(os.path.dirname(FOLDER), "..", "..", "hostile", "corpus")

    def seed(reader, name, content):
        with open(os.path.join(corpus, reader, name), "wb") as out:
            out.write(content)

    unpacked = lambda name: gzip.open(path(name) + ".gz").read()
    seed("keras_hdf5", "keras_2", unpacked("keras224_nadam.h5"))
    nested = io.BytesIO()
    with h5py.File(io.BytesIO(unpacked("nested.h5"))) as file, h5py.File(nested, "w") as smaller:
        smaller.attrs["model_config"] = file.attrs["model_config"]
        file.copy("model_weights", smaller)
    seed("keras_hdf5", "nested", nested.getvalue())
    for name in ["windows.keras", "tf212_adam.keras"]:
        with open(path(name), "rb") as file:
            seed("keras_archive", name.removesuffix(".keras"), file.read())
    layers = io.BytesIO()
    with zipfile.ZipFile(path("nested.keras")) as archive:
        with h5py.File(io.BytesIO(archive.read("model.weights.h5"))) as file, h5py.File(layers, "w") as smaller:
            file.copy("_layer_checkpoint_dependencies", smaller)
        seed("keras_parts", "nested", archive.read("config.json") + layers.getvalue())


if __name__ == "__main__":
    os.makedirs(FOLDER, exist_ok=True)
    {"tensorflow": tensorflow, "backends": backends, "seeds": seeds}[sys.argv[1]]()
