"""The names and arguments of Keras that this crate mirrors, read off the installed package.

Every public name of the families below is in scope unless it is listed here with a reason; a name that a later version of Keras
adds therefore comes out as one that the page `docs/keras.md` must have.
"""

import inspect
import json
import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_PLATFORMS"] = "cpu"

import keras
from keras.src import activations, constraints, initializers, losses, metrics, optimizers, regularizers

OUT = Path(__file__).resolve().parent.parent / "keras_surface.json"

BASES = "a base class to derive from, or the machinery that reads and writes objects"
DATA_OF_ANOTHER_KIND = "for images, sequences, sound or text, not for a matrix of samples and features"
GRAPH = "for graphs of layers with several inputs or outputs; a model here is a stack"
OTHER_FRAMEWORKS = "wraps a model of another framework"
FRAMEWORK = "of Keras's own machinery (tracing, serialization, tensors), which has no counterpart"
SEVERAL_OPTIMIZERS = "joins optimizers, or scales losses for half precision"

# Families and their names out of scope, by reason.
FAMILIES = {
    "activations": (keras.activations, {BASES: ["get", "serialize", "deserialize"], GRAPH: ["glu"]}),
    "losses": (keras.losses, {BASES: ["Loss"], DATA_OF_ANOTHER_KIND: ["CTC", "Circle"]}),
    "metrics": (
        keras.metrics,
        {
            BASES: ["Metric", "MeanMetricWrapper"],
            DATA_OF_ANOTHER_KIND: ["BinaryIoU", "IoU", "MeanIoU", "OneHotIoU", "OneHotMeanIoU"],
        },
    ),
    "optimizers": (
        keras.optimizers,
        {BASES: ["Optimizer"], SEVERAL_OPTIMIZERS: ["LossScaleOptimizer", "MultiOptimizer", "OptimizerMap"]},
    ),
    "schedules": (keras.optimizers.schedules, {BASES: ["LearningRateSchedule"]}),
    "initializers": (
        keras.initializers,
        {BASES: ["Initializer"], DATA_OF_ANOTHER_KIND: ["STFT", "STFTInitializer"]},
    ),
    "regularizers": (keras.regularizers, {BASES: ["Regularizer"]}),
    "constraints": (keras.constraints, {BASES: ["Constraint"]}),
    "callbacks": (
        keras.callbacks,
        {
            BASES: ["Callback", "CallbackList"],
            FRAMEWORK: ["OrbaxCheckpoint"],
            "sends figures to a server; LambdaCallback can": ["RemoteMonitor"],
        },
    ),
    "layers": (
        keras.layers,
        {
            BASES: ["Layer", "InputSpec", "Wrapper"],
            OTHER_FRAMEWORKS: ["FlaxLayer", "JaxLayer", "TFSMLayer", "TorchModuleWrapper"],
            GRAPH: "Add Average Concatenate Dot Maximum Minimum Multiply Subtract EinsumDense".split(),
            "the columns of a matrix are its only axis": "Masking Permute RepeatVector Reshape Pipeline".split(),
            "reads two features at once; FeatureSpace has crosses": ["HashedCrossing"],
            DATA_OF_ANOTHER_KIND: (
                "AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D AdaptiveMaxPooling1D "
                "AdaptiveMaxPooling2D AdaptiveMaxPooling3D AdditiveAttention Attention AugMix AutoContrast "
                "AveragePooling1D AveragePooling2D AveragePooling3D AvgPool1D AvgPool2D AvgPool3D Bidirectional CenterCrop "
                "ContrastLimitedAdaptiveHistogramEqualization Conv1D Conv1DTranspose Conv2D Conv2DTranspose Conv3D "
                "Conv3DTranspose ConvLSTM1D ConvLSTM2D ConvLSTM3D Convolution1D Convolution1DTranspose Convolution2D "
                "Convolution2DTranspose Convolution3D Convolution3DTranspose Cropping1D Cropping2D Cropping3D CutMix "
                "DepthwiseConv1D DepthwiseConv2D Equalization GRU GRUCell GlobalAveragePooling1D GlobalAveragePooling2D "
                "GlobalAveragePooling3D GlobalAvgPool1D GlobalAvgPool2D GlobalAvgPool3D GlobalMaxPool1D GlobalMaxPool2D "
                "GlobalMaxPool3D GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D GroupQueryAttention LSTM LSTMCell "
                "MaxNumBoundingBoxes MaxPool1D MaxPool2D MaxPool3D MaxPooling1D MaxPooling2D MaxPooling3D MelSpectrogram "
                "MixUp MultiHeadAttention RNN RandAugment RandomBrightness RandomColorDegeneration RandomColorJitter "
                "RandomContrast RandomCrop RandomElasticTransform RandomErasing RandomFlip RandomGaussianBlur "
                "RandomGrayscale RandomHue RandomInvert RandomPerspective RandomPosterization RandomRotation "
                "RandomSaturation RandomSharpness RandomShear RandomTranslation RandomZoom Resizing ReversibleEmbedding "
                "STFTSpectrogram SeparableConv1D SeparableConv2D SeparableConvolution1D SeparableConvolution2D SimpleRNN "
                "SimpleRNNCell Solarization SpatialDropout1D SpatialDropout2D SpatialDropout3D StackedRNNCells "
                "TextVectorization TimeDistributed UpSampling1D UpSampling2D UpSampling3D ZeroPadding1D ZeroPadding2D "
                "ZeroPadding3D"
            ).split(),
        },
    ),
    "models": (keras.models, {}),
    "methods": (
        keras.Sequential,
        {
            FRAMEWORK: (
                "add_loss add_metric add_variable add_weight build_from_config call compile_from_config compute_loss "
                "compute_loss_and_updates compute_mask compute_metrics compute_output_shape compute_output_spec "
                "from_config get_build_config get_compile_config get_config get_metrics_result get_state_tree "
                "jax_state_sync load_own_variables make_predict_function make_test_function make_train_function "
                "predict_step rematerialized_call reset_metrics save_own_variables set_state_tree stateless_call "
                "stateless_compute_loss symbolic_call test_step train_step"
            ).split(),
            "quantized layers": "get_quantization_layer_structure quantize quantized_build quantized_call".split(),
        },
    ),
    "utils": (
        keras.utils,
        {
            FRAMEWORK: (
                "Config CustomObjectScope PyDataset Sequence clear_session custom_object_scope deserialize_keras_object "
                "disable_interactive_logging enable_interactive_logging get_custom_objects get_file get_registered_name "
                "get_registered_object get_source_inputs is_interactive_logging_enabled is_keras_tensor model_to_dot "
                "pack_x_y_sample_weight register_keras_serializable serialize_keras_object standardize_dtype "
                "unpack_x_y_sample_weight"
            ).split(),
            DATA_OF_ANOTHER_KIND: (
                "array_to_img audio_dataset_from_directory image_dataset_from_directory img_to_array load_img pad_sequences "
                "save_img text_dataset_from_directory timeseries_dataset_from_array"
            ).split(),
        },
    ),
}

# Arguments out of scope wherever they appear, by reason.
ARGUMENTS = {
    "the element type is the model's, the device the processor": ["dtype", "device", "vocabulary_dtype"],
    "how Keras compiles and distributes": (
        "run_eagerly jit_compile steps_per_execution auto_scale_loss loss_scale_factor synchronized"
    ).split(),
    "one output": ["loss_weights"],
    "no sparse or ragged tensors": ["sparse", "ragged", "tensor", "optional"],
    "low-rank and quantized weights": ["lora_rank", "lora_alpha", "quantization_config"],
    "batch renormalization": ["renorm", "renorm_clipping", "renorm_momentum"],
    "tf_idf output": ["idf_weights"],
    "graph, images, profiles and embeddings in TensorBoard": (
        "histogram_freq write_graph write_images profile_batch embeddings_freq embeddings_metadata"
    ).split(),
}

POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
OUT_OF_SCOPE = {argument for arguments in ARGUMENTS.values() for argument in arguments}


def arguments(item):
    """Names with defaults; one without a default stands alone."""
    found = []
    for name, parameter in inspect.signature(item).parameters.items():
        if parameter.kind not in POSITIONAL or name == "self" or name in OUT_OF_SCOPE:
            continue
        found.append([name] if parameter.default is inspect.Parameter.empty else [name, plain(parameter.default)])
    return found


def plain(value):
    return value if value is None or isinstance(value, (str, bool, int, float)) else str(value)


def is_item(name, value):
    return not name.startswith("_") and callable(value)


def family(name):
    module, reasons = FAMILIES[name]
    excluded = {item for items in reasons.values() for item in items}
    unknown = excluded - {item for item in dir(module)}
    assert not unknown, f"{name}: Keras has no {sorted(unknown)}"
    items = {}
    for item in sorted(dir(module)):
        value = getattr(module, item, None)
        if not is_item(item, value) or item in excluded:
            continue
        if name not in ("activations", "models", "methods", "utils") and not inspect.isclass(value) and item != "Input":
            continue  # the functions behind the classes
        if inspect.isclass(value) and item != value.__name__ and value.__name__ in dir(module):
            continue  # a second name of a class
        items[item] = arguments(value)
    return items


def strings():
    """The strings that stand for items, each with the class or function of the family that it gives."""
    out = {}
    tables = {
        "activations": activations.ALL_OBJECTS_DICT,
        "initializers": initializers.ALL_OBJECTS_DICT,
        "regularizers": regularizers.ALL_OBJECTS_DICT,
        "constraints": constraints.ALL_OBJECTS_DICT,
        "optimizers": optimizers.ALL_OBJECTS_DICT,
        "losses": losses.ALL_OBJECTS_DICT,
        "metrics": metrics.ALL_OBJECTS_DICT,
    }
    for name, table in tables.items():
        in_scope = family(name)
        functions = {function: item for item in in_scope for function in [function_of(name, item)] if function}
        out[name] = {}
        for string, item in sorted(table.items()):
            item = item.__name__
            item = item if item in in_scope else functions.get(item)
            if item:
                out[name][string] = item
    return out


def function_of(name, item):
    """The function that a loss of this class computes."""
    if name != "losses":
        return None
    loss = getattr(keras.losses, item)()
    return loss.fn.__name__ if hasattr(loss, "fn") else None


def main():
    surface = {name: family(name) for name in FAMILIES}
    rows = {
        name: "{\n" + ",\n".join(f"    {json.dumps(item)}: {json.dumps(found)}" for item, found in items.items()) + "\n  }"
        for name, items in surface.items()
    }
    aliases = {name: json.dumps(table) for name, table in strings().items()}
    text = f'{{\n"keras": "{keras.__version__}",\n"items": {{\n'
    text += ",\n".join(f"  {json.dumps(name)}: {items}" for name, items in rows.items())
    text += '\n},\n"strings": {\n'
    text += ",\n".join(f"  {json.dumps(name)}: {table}" for name, table in aliases.items())
    text += '\n},\n"out_of_scope": {\n  "arguments": ' + json.dumps(sorted(OUT_OF_SCOPE))
    for name, (_, reasons) in FAMILIES.items():
        excluded = sorted(item for items in reasons.values() for item in items)
        text += f",\n  {json.dumps(name)}: {json.dumps(excluded)}"
    OUT.write_text(text + "\n}\n}\n")
    print(f"surface: {sum(len(items) for items in surface.values())} names")


main()
