"""JAX: the whole epoch, shuffling and metrics included, compiled; the batches are a `lax.scan`.

The rows of a last short batch are left out.
"""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax, random
from protocol import Peer, run


def logits(parameters, x):
    for weights, bias in parameters[:-1]:
        x = jax.nn.relu(x @ weights + bias)
    weights, bias = parameters[-1]
    return x @ weights + bias


def loss(parameters, x, y):
    z = logits(parameters, x)
    if z.shape[1] == 1:
        z = z[:, 0]
        return jnp.mean(jnp.maximum(z, 0) - z * y + jnp.log1p(jnp.exp(-jnp.abs(z)))), z
    taken = jnp.take_along_axis(jax.nn.log_softmax(z), y.astype(int)[:, None], 1)
    return -jnp.mean(taken), z


def adam(parameters, gradients, slots, step):
    """One update; the bias corrections are in the step size, as in Keras."""
    rate = 1e-3 * jnp.sqrt(1 - 0.999**step) / (1 - 0.9**step)
    m = jax.tree.map(lambda m, g: m + 0.1 * (g - m), slots[0], gradients)
    v = jax.tree.map(lambda v, g: v + 0.001 * (g * g - v), slots[1], gradients)
    return jax.tree.map(lambda p, m, v: p - rate * m / (jnp.sqrt(v) + 1e-7), parameters, m, v), (m, v)


@partial(jax.jit, static_argnames=("batch", "metrics"))
def epoch(state, key, x, y, batch, metrics):
    steps = len(x) // batch
    order = random.permutation(key, len(x))[: steps * batch].reshape(steps, batch)

    def step(carry, rows):
        (parameters, slots, count), counts = carry
        xb, yb = x[rows], y[rows]
        (value, z), gradients = jax.value_and_grad(loss, has_aux=True)(parameters, xb, yb)
        count += 1
        parameters, slots = adam(parameters, gradients, slots, count)
        if metrics:
            predicted, positive = z > 0, yb > 0.5
            both = predicted & positive
            counts += jnp.array([(predicted == positive).sum(), both.sum(), predicted.sum(), positive.sum()])
        return ((parameters, slots, count), counts), value

    (state, counts), losses = lax.scan(step, (state, jnp.zeros(4, int)), order)
    return state, counts, losses.mean()


@jax.jit
def probabilities(parameters, x):
    z = logits(parameters, x)
    return jax.nn.sigmoid(z) if z.shape[1] == 1 else jax.nn.softmax(z)


class Jax(Peer):
    packages = ("jax", "jaxlib")

    def __init__(self, task, x, y):
        self.key, start = random.split(random.key(1))
        glorot = jax.nn.initializers.glorot_uniform()
        keys = random.split(start, len(task["widths"]))
        shapes = zip(task["widths"], task["widths"][1:])
        parameters = [(glorot(key, shape), jnp.zeros(shape[1])) for key, shape in zip(keys, shapes)]
        zeros = jax.tree.map(jnp.zeros_like, parameters)
        self.state = (parameters, (zeros, zeros), jnp.array(0, "float32"))
        self.x, self.y, self.one = jnp.asarray(x), jnp.asarray(y), jnp.asarray(x[:1])
        self.batch, self.metrics = task["batch"], task["metrics"]
        if task["kind"] in ("train", "memory"):
            # Compiled before the clock starts.
            self.compiled = epoch.lower(self.state, self.key, self.x, self.y, self.batch, self.metrics).compile()

    def steps(self, rows, batch):
        return rows // batch

    def fit(self, epochs):
        for _ in range(epochs):
            self.key, key = random.split(self.key)
            self.state, _, _ = self.compiled(self.state, key, self.x, self.y)
        jax.block_until_ready(self.state)

    def predict(self):
        starts = range(0, len(self.x), self.block)
        return np.concatenate([probabilities(self.state[0], self.x[i : i + self.block]) for i in starts])

    def predict_one(self):
        return probabilities(self.state[0], self.one).block_until_ready()


run(Jax)
