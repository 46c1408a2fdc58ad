"""Two hundred training steps of three networks from given weights, in double and in single precision."""

import golden
import models
import numpy as np

KEPT = (1, 10, 50, 100, 200)
BATCH_SIZE, EPOCHS, ROWS = 32, 10, 640

generator = np.random.default_rng(6)
METRICS = [golden.spec("Recall"), golden.spec("Precision")]


def table(columns):
    x = np.round(generator.normal(size=(ROWS, columns)), 2)
    x[:, -2:] = x[:, -2:] > 0
    return x


def score(x):
    return np.tanh(x @ generator.normal(size=(x.shape[1], 3))) @ np.array([1.0, -1.0, 0.5]) + 0.3 * generator.normal(
        size=len(x)
    )


CREDIT = table(12)
BINARY = (score(CREDIT) > 0).astype(float)[:, None]
SPECIES = table(6)
ONE_HOT = np.eye(3)[np.digitize(score(SPECIES), [-0.6, 0.6])]
HOUSES = table(8)
PRICES = np.round(score(HOUSES), 3)[:, None]

NETWORKS = [
    {
        "network": "walkthrough",
        "layers": [
            golden.spec("Dense", units=12, activation="relu"),
            golden.spec("Dense", units=12, activation="relu"),
            golden.spec("Dense", units=1, activation="sigmoid"),
        ],
        "optimizer": golden.spec("Adam", learning_rate=1e-3),
        "loss": golden.spec("BinaryCrossentropy"),
        "metrics": ["accuracy", *METRICS],
        "x": CREDIT,
        "y": BINARY,
    },
    {
        "network": "three classes",
        "layers": [
            golden.spec("Dense", units=10, activation="relu"),
            golden.spec("Dense", units=3, activation="softmax"),
        ],
        "optimizer": golden.spec("SGD", learning_rate=0.05, momentum=0.9, nesterov=True),
        "loss": golden.spec("CategoricalCrossentropy"),
        "metrics": ["accuracy", *METRICS],
        "x": SPECIES,
        "y": ONE_HOT,
    },
    {
        "network": "regression",
        "layers": [golden.spec("Dense", units=9, activation="tanh"), golden.spec("Dense", units=1)],
        "optimizer": golden.spec("RMSprop", learning_rate=1e-3),
        "loss": golden.spec("MeanSquaredError"),
        "metrics": ["mae", golden.spec("RootMeanSquaredError")],
        "x": HOUSES,
        "y": PRICES,
    },
]


def fresh(network, seed):
    model = models.build(network["layers"], network["x"].shape[1])
    models.initialize(model, seed)
    models.compile(model, network["optimizer"], network["loss"], network["metrics"])
    return model


def run(network, seed, dtype):
    models.use(dtype)
    x, y = network["x"].astype(dtype), network["y"].astype(dtype)
    model = fresh(network, seed)
    losses, kept = [], []
    batches = [slice(start, start + BATCH_SIZE) for start in range(0, ROWS, BATCH_SIZE)] * EPOCHS
    for step, batch in enumerate(batches, start=1):
        model.reset_metrics()
        losses.append(model.train_on_batch(x[batch], y[batch], return_dict=True)["loss"])
        if step in KEPT:
            kept.append({"step": step, "weights": models.weights(model)})
    assert all(variable.dtype == dtype for variable in model.variables if "float" in variable.dtype)

    fitted = fresh(network, seed)
    history = fitted.fit(x, y, batch_size=BATCH_SIZE, epochs=EPOCHS, shuffle=False, verbose=0).history
    for one, other in zip(models.weights(model), models.weights(fitted)):
        assert np.array_equal(one["value"], other["value"])
    history = {key: np.array(values, dtype) for key, values in history.items()}
    return {"loss_per_step": np.array(losses, dtype), "weights_after": kept, "history": history}


cases = []
for seed, network in enumerate(NETWORKS):
    models.use("float64")
    cases.append(
        {
            **network,
            "batch_size": BATCH_SIZE,
            "epochs": EPOCHS,
            "initial_weights": models.weights(fresh(network, seed)),
            "f64": run(network, seed, "float64"),
            "f32": run(network, seed, "float32"),
        }
    )
golden.write("trajectory", cases)
