//! Networks as ONNX files, which ONNX Runtime and many other programs run.
//!
//! A file holds what a network predicts, not what it learns: dropout and noise are left out, normalizations use their moving
//! averages. The batch is a dimension without a fixed extent, weights have the model's element type (`f32` or `f64`).
//! Version 8 of the format, operators of opset 18; strings need version 3 of `ai.onnx.ml`, for its `LabelEncoder`.
//!
//! ```
//! use perceptra::prelude::*;
//! use perceptra::saving::onnx;
//!
//! let table = Table::new()
//!     .with_numbers("rate", (0..40).map(|row| 5.0 + f64::from(row % 10)))?
//!     .with_strings("home", (0..40).map(|row| if row % 3 == 0 { "OWN" } else { "RENT" }))?
//!     .with_booleans("default", (0..40).map(|row| row % 10 > 4))?;
//! let ann = Sequential::new().add(Dense::new(1, Sigmoid)).compile(Adam, BinaryCrossentropy, ());
//! let fitted = Pipeline::new(Target::binary("default"))
//!     .columns(ColumnTransformer::new().add(StandardScaler::new(), ["rate"]).add(OneHotEncoder::new(), ["home"]))
//!     .model(ann)
//!     .options(Fit::new().epochs(3).verbose(0))
//!     .threshold(0.3)
//!     .fit(&table)?;
//!
//! // Inputs `rate` (double) and `home` (string), outputs `probability` and `decision`, each of (batch, 1).
//! let path = std::env::temp_dir().join("perceptra-risk.onnx");
//! onnx::export(&fitted, &path)?;
//! # std::fs::remove_file(path).unwrap();
//! # Ok::<(), perceptra::Error>(())
//! ```
//!
//! # Layers
//!
//! | layer | operators |
//! |---|---|
//! | `Dense` | `Gemm`, without a bias `MatMul`; the activation |
//! | `Activation`, `ReLU`, `LeakyReLU`, `ELU`, `Softmax` | those of the activation |
//! | `PReLU` | `PRelu` |
//! | `Scaling` | `Mul` by the factors computed beforehand |
//! | `Embedding` | `Clip` to the codes, `Cast`, `Gather`, `Reshape` |
//! | `BatchNormalization`, `Normalization`, `Rescaling` | `Mul`, `Add` by statistics computed beforehand |
//! | `LayerNormalization`, `GroupNormalization` | `ReduceMean` twice, `Sub`, `Sqrt`, `Div`, `Mul`, `Add`; for groups between two `Reshape` |
//! | `RMSNormalization` | `Mul`, `ReduceMean`, `Sqrt`, `Div`, `Mul` |
//! | `UnitNormalization` | `Mul`, `ReduceSum`, `Sqrt`, `Div`, and `Where` for samples without a direction |
//! | `SpectralNormalization` | those of the layer it wraps, with the stored kernel, as in prediction |
//! | `CategoryEncoding` | `Floor`, `Cast`, *spread* |
//! | `Discretization` | `GreaterOrEqual` with all boundaries, `ReduceSum`, *spread* |
//! | `IntegerLookup` | `Equal` with the vocabulary, `ReduceSum`, `Where`, `Mod`, *spread*; `Gather` on the way back |
//! | `Dropout`, `AlphaDropout`, `GaussianDropout`, `GaussianNoise`, `ActivityRegularization`, `Flatten`, `Identity`, `Input` | none |
//!
//! *Spread* is `Cast` for the indices as they are, otherwise `Equal` with all indices and `Reshape`, `ReduceMax` or `ReduceSum`.
//!
//! # Activations
//!
//! | activation | operators |
//! |---|---|
//! | `exponential`, `hard_silu`, `log_softmax`, `mish`, `selu`, `sigmoid`, `softmax`, `softsign`, `tanh` | the operator of that name |
//! | `elu`, `leaky_relu`, `soft_shrink`, `hard_sigmoid`, `sparse_sigmoid` | `Elu`, `LeakyRelu`, `Shrink`, `HardSigmoid` with arguments |
//! | `relu` | `Relu` or `LeakyRelu`, with a threshold `Where`; `Min` for its bound |
//! | `relu6`, `hard_tanh` | `Clip` |
//! | `celu` | `Elu` between `Div` and `Mul` |
//! | `gelu` | `Erf`, or `Sigmoid` in the approximate form |
//! | `softplus`, `log_sigmoid` | `Softplus`; in `f64` of a negative number and `Max`, which cannot overflow |
//! | `sparsemax` | `TopK`, `CumSum`, `Greater`, `ReduceSum`, `Max` |
//! | `hard_shrink`, `silu`, `sparse_plus`, `squareplus`, `tanh_shrink`, `threshold` | their formulas |
//! | `linear` | none |
//!
//! Numbers that ONNX holds as attributes are in single precision: a `negative_slope` of 0.1 in a model of `f64` deviates by 1e-9. ONNX
//! Runtime has no `Erf` for doubles, so `gelu` computes it in single precision there.
//!
//! # Preprocessing
//!
//! Each raw column is a separate input, (batch, 1): numbers as `double`, as a [`Table`](crate::preprocessing::Table) holds
//! them, booleans as `double` too, 1 and 0, strings as `string`. What a column held at the fit decides.
//!
//! | transformer | operators |
//! |---|---|
//! | `StandardScaler`, `MinMaxScaler` | `Sub`, `Div`, `Mul`, `Add`, `Clip`, in double precision |
//! | `OneHotEncoder` | `LabelEncoder` for strings, `Equal` and `ReduceSum` for numbers and booleans; `Gather`, *spread* |
//! | `OrdinalEncoder`, `TargetEncoder`, `FrequencyEncoder`, `WeightOfEvidence` | the same without *spread* |
//! | `StringLookup` | `LabelEncoder`, `Gather`, *spread* |
//! | `TextToNumber::pairs` | `LabelEncoder`, `Gather` |
//! | passthrough | none |
//! | a chain | those of its transformers, with `Gather` for each column that one makes for the next |
//! | a column of numbers that is scaled or passed through | `Mul`, `IsNaN`, `Gather`, which refuse NaN and infinity |
//!
//! Where an unknown category is an error here, it is one there: a `Gather` past the end of its table stops the runtime. So it is
//! with a missing number, which is passed as NaN: there is no prediction for it, as there is none by the
//! `FittedPipeline`. A missing string cannot be expressed: an empty string is one like any other, but for an encoder
//! that has a missing value as a category, where the empty string is that. A network that is exported without
//! preprocessing checks nothing: what it makes of a NaN is the runtime's affair, and a `decision` of NaN is false.
//!
//! Where a file has a `decision`, its threshold is compared in the model's type, and the probability of a model whose loss
//! takes logits is their `Sigmoid`.
//!
//! # Pipelines
//!
//! The outputs of a [`FittedPipeline`](crate::pipeline::FittedPipeline) are what it predicts, by its target:
//!
//! | target | outputs | operators |
//! |---|---|---|
//! | `binary` | `probability` and `decision`, (batch, 1) | `Sigmoid` of logits, `Greater` |
//! | `multiclass` | `probabilities` (batch, labels), `index` of the largest one as `int64` and its `label`, (batch, 1) | `Softmax` of logits, `ArgMax`, `Gather` |
//! | `regression`, `multi_regression` | `prediction` (batch, columns), in the units of the columns | `Mul`, `Add`, `Exp`, `Sub`, `Max`, `Min`, in double precision |
//! | `multilabel` | `probabilities` and `decisions`, (batch, columns) | `Sigmoid` of logits, `Greater` |
//!
//! Probabilities have the model's element type, decisions are `bool`, numbers are `double`. A label is what the column of the target
//! held: `string`, `double` or `bool`. Of several networks each is written, those after the first under names that begin with
//! `member/1/`, `member/2/` …; what they predict is averaged in double precision.
//!
//! Calibration and prior correction are operators before these, in double precision: `Clip`, `Log`, `Sigmoid` or `Softmax`, for isotonic
//! calibration `GreaterOrEqual` with all places and `Gather`. The threshold is that of the pipeline, chosen or given. Conformal regions and
//! the flags of the domain are left out: the file holds the prediction and the decision.
//!
//! # What is refused
//!
//! | item | reason | cure |
//! |---|---|---|
//! | `Lambda`, `Custom` | a closure has no description | layers and activations of the crate |
//! | a user-defined layer or activation | no operators are known for it | the same built of the crate's |
//! | `Hashing`, `IntegerLookup` and `StringLookup` with hashed indices for unknown categories | ONNX has no hash | a vocabulary with one index for unknown categories |
//! | a user-defined transformer | no operators are known for it | those of the crate, or only the network |
//! | `preprocessing::Discretization`, `IntegerLookup`, `Rescaling` | they have operators as layers | the layers of these names |
//! | `HashedCrossing`, `Integers` | ONNX has no hash, and no operator that refuses a fraction | the program that runs the model |
//! | an encoder with both the empty string and a missing one as categories | ONNX has one string for both | `CsvOptions::missing` with `""` |
//! | an encoder of a column in which every value was missing | the type of its input is unknown | the table without the column |
//! | `FeatureSpace` | none of its features is written | a `ColumnTransformer` of scalers and encoders |
//! | `TextToNumber::leading_number` | ONNX reads no numbers from strings | [`Export::as_number`], or `TextToNumber::pairs` |
//!
//! Samples that the first layer would refuse here (a code that an embedding does not have) are not refused by the file: the nearest
//! code is taken, or the category counts as unknown.
//!
//! # References
//!
//! ONNX: *Operator schemas*, *Open Neural Network Exchange intermediate representation specification*.

// The messages are declared by hand and encoded by `prost`: a kept crate that brings six small packages, four of which the
// tests have already. `onnx-rs` brings one, but is young and its messages borrow every name, of which a growing graph has
// only owned ones; a hand-written writer would be as long as the declarations.

mod activations;
mod adjustment;
mod columns;
mod export;
mod exportable;
mod graph;
mod layer_context;
mod layers;
mod names;
mod network;
mod prediction;
mod proto;
mod term;

pub(crate) use adjustment::{ExportedAdjustment, ProbabilityMap};
pub use export::{Export, export};
pub use exportable::Exportable;
pub(crate) use exportable::sealed::Parts;
pub(crate) use prediction::{ExportedPrediction, LinkFunction, NumberColumn, PredictedForm};
