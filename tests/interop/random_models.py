"""Random Sequential models: each number of a model walks through the lists, so that every item comes up."""

import keras
import numpy as np

L, O, S = keras.layers, keras.optimizers, keras.optimizers.schedules

ACTIVATIONS = (
    "celu elu exponential gelu hard_shrink hard_sigmoid hard_silu hard_tanh leaky_relu linear log_sigmoid log_softmax "
    "mish relu relu6 selu sigmoid silu soft_shrink softmax softplus softsign sparse_plus sparse_sigmoid sparsemax "
    "squareplus tanh tanh_shrink swish hard_swish"
).split()

I = keras.initializers
INITIALIZERS = [
    lambda: I.Constant(0.25),
    lambda: I.GlorotNormal(seed=1),
    lambda: I.GlorotUniform(),
    lambda: I.HeNormal(),
    lambda: I.HeUniform(seed=5),
    lambda: I.LecunNormal(),
    lambda: I.LecunUniform(),
    lambda: I.Orthogonal(gain=0.5),
    lambda: I.RandomNormal(stddev=0.1),
    lambda: I.RandomUniform(-0.5, 0.5),
    lambda: I.TruncatedNormal(mean=0.1),
    lambda: I.VarianceScaling(2.0, "fan_avg", "uniform"),
    lambda: I.Ones(),
    lambda: I.Zeros(),
]

# Those that can draw a vector.
OF_VECTORS = [make for make in INITIALIZERS if not isinstance(make(), I.Orthogonal)]

R = keras.regularizers
REGULARIZERS = [
    lambda: None,
    lambda: R.L1(0.01),
    lambda: R.L2(0.02),
    lambda: R.L1L2(0.01, 0.02),
    lambda: R.OrthogonalRegularizer(0.01, mode="columns"),
]

C = keras.constraints
CONSTRAINTS = [lambda: None, lambda: C.MaxNorm(3), lambda: C.MinMaxNorm(0.1, 2.0, 0.5), lambda: C.NonNeg(), lambda: C.UnitNorm()]

LAYERS = [
    lambda i, n: L.BatchNormalization(momentum=0.9, scale=i % 2 == 0),
    lambda i, n: L.LayerNormalization(center=i % 3 != 0, epsilon=0.01),
    lambda i, n: L.GroupNormalization(groups=1 if i % 2 else -1),
    lambda i, n: L.RMSNormalization(epsilon=1e-5),
    lambda i, n: L.UnitNormalization(),
    lambda i, n: L.SpectralNormalization(L.Dense(3, activation=pick(ACTIVATIONS, i)), power_iterations=2),
    lambda i, n: L.Dropout(0.3, seed=i if i % 2 else None),
    lambda i, n: L.AlphaDropout(0.2),
    lambda i, n: L.GaussianDropout(0.2),
    lambda i, n: L.GaussianNoise(0.1),
    lambda i, n: L.ActivityRegularization(l1=0.01, l2=0.02),
    lambda i, n: L.ReLU(max_value=2.0, negative_slope=0.1, threshold=0.2),
    lambda i, n: L.LeakyReLU(negative_slope=0.25),
    lambda i, n: L.PReLU(alpha_initializer=pick(OF_VECTORS, i)()),
    lambda i, n: L.ELU(alpha=0.5),
    lambda i, n: L.Softmax(),
    lambda i, n: L.Activation(pick(ACTIVATIONS, 3 * i + 1)),
    lambda i, n: L.Identity(),
    lambda i, n: L.Flatten(),
    lambda i, n: L.Rescaling(0.5, offset=-0.25),
    lambda i, n: L.Dense(4, activation=L.ReLU(max_value=1.5)),
    lambda i, n: L.Dense(4, activation=L.LeakyReLU(negative_slope=0.05)),
]

RATES = [
    lambda: 0.01,
    lambda: S.CosineDecay(0.01, 100, alpha=0.1, warmup_target=0.02, warmup_steps=5),
    lambda: 0.002,
    lambda: S.CosineDecayRestarts(0.01, 20),
    lambda: S.ExponentialDecay(0.01, 10, 0.9, staircase=True),
    lambda: S.InverseTimeDecay(0.01, 10, 0.5),
    lambda: S.PiecewiseConstantDecay([5, 10], [0.01, 0.005, 0.001]),
    lambda: S.PolynomialDecay(0.01, 50, power=2.0, cycle=True),
]

SHARED = [
    {},
    {"clipnorm": 1.0},
    {"weight_decay": 0.01},
    {"use_ema": True, "ema_momentum": 0.9},
    {"clipvalue": 0.5, "gradient_accumulation_steps": 2},
    {"global_clipnorm": 2.0, "use_ema": True, "ema_overwrite_frequency": 3},
]

OPTIMIZERS = [
    lambda r, s: O.SGD(r, **s),
    lambda r, s: O.SGD(r, momentum=0.9, nesterov=True, **s),
    lambda r, s: O.Adam(r, **s),
    lambda r, s: O.Adam(r, amsgrad=True, **s),
    lambda r, s: O.AdamW(r, **s),
    lambda r, s: O.Adamax(r, **s),
    lambda r, s: O.Adadelta(r, **s),
    lambda r, s: O.Adafactor(r, **s),
    lambda r, s: O.Adagrad(r, **s),
    lambda r, s: O.Ftrl(r, l1_regularization_strength=0.01, **s),
    lambda r, s: O.Lamb(r, **s),
    lambda r, s: O.Lion(r, **s),
    lambda r, s: O.Muon(r, exclude_layers=["last"], **s),
    lambda r, s: O.Nadam(r, **s),
    lambda r, s: O.RMSprop(r, **s),
    lambda r, s: O.RMSprop(r, momentum=0.5, centered=True, **s),
    lambda r, s: O.ScheduleFreeAdamW(r, warmup_steps=4, **s),
]

N = keras.losses
LOSSES = [
    lambda: N.BinaryCrossentropy(label_smoothing=0.1),
    lambda: N.BinaryFocalCrossentropy(apply_class_balancing=True, gamma=1.5),
    lambda: N.CategoricalCrossentropy(from_logits=True),
    lambda: N.CategoricalFocalCrossentropy(alpha=0.3),
    lambda: N.CategoricalGeneralizedCrossEntropy(q=0.7),
    lambda: N.CategoricalHinge(),
    lambda: N.CosineSimilarity(),
    lambda: N.Dice(),
    lambda: N.Hinge(),
    lambda: N.Huber(delta=0.5, reduction="sum"),
    lambda: N.KLDivergence(),
    lambda: N.LogCosh(),
    lambda: N.MeanAbsoluteError(name="distance"),
    lambda: N.MeanAbsolutePercentageError(),
    lambda: "mse",
    lambda: N.MeanSquaredLogarithmicError(),
    lambda: N.Poisson(),
    lambda: N.SparseCategoricalCrossentropy(ignore_class=1),
    lambda: N.SquaredHinge(),
    lambda: N.Tversky(alpha=0.3, beta=0.7),
    lambda: "binary_crossentropy",
    lambda: keras.losses.mean_squared_error,
]

M = keras.metrics
METRICS = [
    lambda: "accuracy",
    lambda: M.AUC(num_thresholds=50, curve="PR", summation_method="minoring"),
    lambda: M.Accuracy(),
    lambda: M.BinaryAccuracy(threshold=0.4),
    lambda: M.BinaryCrossentropy(label_smoothing=0.1),
    lambda: M.CategoricalAccuracy(),
    lambda: M.CategoricalCrossentropy(from_logits=True),
    lambda: M.CategoricalHinge(),
    lambda: M.ConcordanceCorrelation(),
    lambda: M.CosineSimilarity(),
    lambda: M.F1Score(average="macro", threshold=0.5),
    lambda: M.FBetaScore(beta=2.0, average="micro"),
    lambda: M.FalseNegatives(thresholds=0.3),
    lambda: M.FalsePositives(thresholds=[0.2, 0.8]),
    lambda: M.Hinge(),
    lambda: M.KLDivergence(),
    lambda: M.LogCoshError(),
    lambda: M.MeanAbsoluteError(),
    lambda: M.MeanAbsolutePercentageError(),
    lambda: M.MeanSquaredError(name="squares"),
    lambda: M.MeanSquaredLogarithmicError(),
    lambda: M.PearsonCorrelation(),
    lambda: M.Poisson(),
    lambda: M.Precision(thresholds=0.6, class_id=0),
    lambda: M.PrecisionAtRecall(0.8, num_thresholds=20),
    lambda: M.R2Score(class_aggregation="variance_weighted_average"),
    lambda: M.Recall(top_k=1),
    lambda: M.RecallAtPrecision(0.7),
    lambda: M.RootMeanSquaredError(),
    lambda: M.SensitivityAtSpecificity(0.5),
    lambda: M.SparseCategoricalAccuracy(),
    lambda: M.SparseCategoricalCrossentropy(),
    lambda: M.SparseTopKCategoricalAccuracy(k=2),
    lambda: M.SpecificityAtSensitivity(0.5),
    lambda: M.SquaredHinge(),
    lambda: M.TopKCategoricalAccuracy(k=2),
    lambda: M.TrueNegatives(),
    lambda: M.TruePositives(),
    lambda: "acc",
    lambda: "mse",
]


def pick(items, number):
    return items[number % len(items)]


def first_layers(i, generator):
    """Preprocessing, if any, with the inputs that it takes."""
    rows, columns = 20, 1 + i % 5
    reals = generator.normal(size=(rows, columns)).astype("float32")
    codes = generator.integers(0, 6, size=(rows, columns))
    mode = pick(["multi_hot", "one_hot", "count"], i // 12)
    flatten = [L.Flatten()] if mode == "one_hot" and columns > 1 else []
    kind = i % 12
    if kind == 1:
        layer = L.Normalization(axis=None if i // 12 % 3 == 0 else -1, invert=i // 12 % 2 == 1)
        layer.adapt(reals * 3.0 + 1.0)
        return [layer], reals, "float32"
    if kind == 2:
        return [L.Normalization(mean=[0.5] * columns, variance=[4.0] * columns)], reals, "float32"
    if kind == 3:
        return [L.Discretization(bin_boundaries=[-1.0, 0.0, 0.5], output_mode=mode)] + flatten, reals, "float32"
    if kind == 4:
        layer = L.Discretization(num_bins=4, output_mode=mode)
        layer.adapt(reals)
        return [layer] + flatten, reals, "float32"
    if kind == 5:
        return [L.CategoryEncoding(num_tokens=6, output_mode=mode)] + flatten, codes, "float32"
    if kind == 6:
        layer = L.IntegerLookup(output_mode=mode, num_oov_indices=1 + i // 12 % 2, vocabulary=[1, 2, 4] if i % 2 else None)
        if i % 2 == 0:
            layer.adapt(codes)
        return [layer] + flatten, codes, "int64"
    if kind == 7:
        # The shape that Keras tells of indicators for several columns is not the one that it makes.
        mode = "count" if flatten else mode
        return [L.Hashing(num_bins=5, output_mode=mode, salt=None if i // 12 % 2 else 9)], codes, "int64"
    if kind == 8:
        embedding = L.Embedding(6, 3, embeddings_initializer=pick(INITIALIZERS[9:11], i)(), embeddings_constraint=pick(CONSTRAINTS, i)())
        return [embedding, L.Flatten()], codes, "float32"
    if kind == 9:
        return [L.Rescaling(scale=[0.5] * columns, offset=1.0)], reals, "float32"
    return [], reals, "float32"


def dense(i, units, **arguments):
    number = i * 7
    return L.Dense(
        units,
        activation=pick(ACTIVATIONS, i),
        use_bias=i % 5 != 0,
        kernel_initializer=pick(INITIALIZERS, number + 1)(),
        bias_initializer=pick(OF_VECTORS, number + 2)() if i % 3 == 0 else "zeros",
        kernel_regularizer=pick(REGULARIZERS, i)(),
        bias_regularizer=pick(REGULARIZERS[:4], i // 2)(),
        activity_regularizer=pick(REGULARIZERS[:4], i // 3)(),
        kernel_constraint=pick(CONSTRAINTS, i // 2)(),
        bias_constraint=pick(CONSTRAINTS, i // 5)(),
        **arguments,
    )


def model(i):
    """The model of a number, with rows to predict."""
    keras.utils.clear_session()
    keras.utils.set_random_seed(i)
    generator = np.random.default_rng(i)
    preprocessing, x, dtype = first_layers(i, generator)
    layers = preprocessing + [dense(i, 2 + i % 4)]
    for k in range(i % 4 + 1):
        layers.append(pick(LAYERS, i * 4 + k)(i, k))
        if k % 2:
            layers.append(dense(i + k + 1, 2 + (i + k) % 5, name=None if i % 2 else f"middle_{k}"))
    outputs = 1 + i % 3
    layers.append(L.Dense(outputs, name="last"))
    network = keras.Sequential([keras.Input((x.shape[1],), dtype=dtype)] + layers)
    if i % 9 == 0:
        network.layers[-2].trainable = False
    weights = []
    for variable in network.weights:
        values = generator.normal(scale=0.5, size=variable.shape)
        kept = any(part in variable.path for part in ("count", "normalization/mean", "normalization/variance"))
        if kept and "batch" not in variable.path:
            values = np.array(variable)
        weights.append(np.abs(values) + 0.1 if "variance" in variable.path and not (kept and "batch" not in variable.path) else values)
    network.set_weights(weights)
    if i % 10 != 3:
        rate = pick(RATES, i)()
        network.compile(
            pick(OPTIMIZERS, i)(rate, pick(SHARED, i // 2)),
            pick(LOSSES, i)(),
            metrics=[pick(METRICS, 3 * i)(), pick(METRICS, 3 * i + 1)()],
            weighted_metrics=[pick(METRICS, 3 * i + 2)()] if i % 2 else None,
        )
        if i % 7 != 5:
            optimizer = network.optimizer
            optimizer.build(network.trainable_variables)
            for variable in optimizer.variables:
                if "iteration" in variable.path:
                    variable.assign(17 + i)
                elif "learning_rate" not in variable.path and str(variable.dtype) == "float32":
                    variable.assign(np.abs(generator.normal(size=variable.shape)).astype("float32"))
    return network, x
