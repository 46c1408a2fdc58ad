"""ONNX Runtime: prediction with a network of random weights."""

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from protocol import Peer, run


def network(widths):
    """Gemm and Relu layers with a sigmoid at the end, as a serialized model."""
    random = np.random.default_rng(1)
    nodes, weights, name = [], [], "x"
    for i, (inputs, outputs) in enumerate(zip(widths, widths[1:])):
        limit = (6 / (inputs + outputs)) ** 0.5
        weight = random.uniform(-limit, limit, (inputs, outputs)).astype("float32")
        weights += [
            numpy_helper.from_array(weight, f"w{i}"),
            numpy_helper.from_array(np.zeros(outputs, "float32"), f"b{i}"),
        ]
        last = i == len(widths) - 2
        nodes.append(helper.make_node("Gemm", [name, f"w{i}", f"b{i}"], [f"z{i}"]))
        name = "y" if last else f"a{i}"
        nodes.append(helper.make_node("Sigmoid" if last else "Relu", [f"z{i}"], [name]))
    shapes = [helper.make_tensor_value_info(n, TensorProto.FLOAT, ["rows", w]) for n, w in (("x", widths[0]), ("y", 1))]
    graph = helper.make_graph(nodes, "network", shapes[:1], shapes[1:], weights)
    opset = [helper.make_opsetid("", 18)]
    return helper.make_model(graph, opset_imports=opset, ir_version=10).SerializeToString()


class OnnxRuntime(Peer):
    packages = ("onnxruntime",)

    def __init__(self, task, x, y):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = task["threads"]
        options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(network(task["widths"]), options, ["CPUExecutionProvider"])
        self.x, self.one = x, x[:1].copy()

    def predict(self):
        starts = range(0, len(self.x), self.block)
        return np.concatenate([self.session.run(None, {"x": self.x[i : i + self.block]})[0] for i in starts])

    def predict_one(self):
        return self.session.run(None, {"x": self.one})[0]


run(OnnxRuntime)
