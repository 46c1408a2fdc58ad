//! A network, with its preprocessing and its decision, as an ONNX file.

use super::Exportable;
use super::columns::{self, ExportedColumns};
use super::graph::{Graph, ML};
use super::names::{Chosen, GraphNames};
use super::network;
use super::prediction;
use super::proto::{DataType, ModelProto, OperatorSetIdProto};
use crate::atomic;
use crate::preprocessing::FittedColumnTransformer;
use crate::saving::format::FileFormat;
use crate::{DType, Error, Result, Scalar};
use prost::Message;
use std::path::Path;

/// The version of the file format, that of ONNX 1.13.
const IR_VERSION: i64 = 8;
/// The version of the operators.
const OPSET: i64 = 18;
/// The version of the operators of `ai.onnx.ml`.
const ML_OPSET: i64 = 3;
/// The largest size of a protobuf message.
const LARGEST: usize = i32::MAX as usize;

/// Writes a model as an ONNX file with the default options; see [`Export`].
///
/// ```
/// use perceptra::prelude::*;
/// use perceptra::saving::onnx;
///
/// let network = Sequential::new().add(Dense::new(12, Relu)).add(Dense::new(1, Sigmoid)).build(3)?;
/// let path = std::env::temp_dir().join("perceptra-export.onnx");
/// onnx::export(&network, &path)?;
/// # std::fs::remove_file(path).unwrap();
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// The errors of [`Export::write`].
pub fn export<T: Scalar>(model: &impl Exportable<T>, path: impl AsRef<Path>) -> Result<()> {
    Export::new().write(model, path)
}

/// The options of an export.
///
/// | option | default | |
/// |---|---|---|
/// | `input_name` | `input` | the matrix (batch, features), if there is no preprocessing |
/// | `output_name` | `output`; `probability` with a threshold; of a pipeline by its [target](super#pipelines) | what is predicted, (batch, outputs) |
/// | `decision_name` | `decision`, for several labels `decisions` | whether the probability is above the threshold, (batch, outputs), `bool` |
/// | `index_name` | `index` | the index of the most probable class, (batch, 1), `int64` |
/// | `label_name` | `label` | its label, (batch, 1) |
/// | `threshold` | that of a [`FittedPipeline`](crate::pipeline::FittedPipeline) | adds the decision |
/// | `preprocessing` | that of a [`FittedPipeline`](crate::pipeline::FittedPipeline) | each raw column becomes a separate input |
/// | `as_number` | none | text columns that are passed as the numbers they denote |
/// | `graph_name` | `perceptra` | the name of the graph |
/// | `doc_string` | empty | a description of the model |
///
/// ```
/// use perceptra::prelude::*;
/// use perceptra::saving::onnx::Export;
///
/// let network = Sequential::new().add(Dense::new(1, Sigmoid)).build(3)?;
/// let bytes = Export::new().input_name("features").output_name("risk").threshold(0.3).to_bytes(&network)?;
/// assert!(bytes.windows(8).any(|part| part == b"decision"));
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Export<'a> {
    names: Chosen,
    graph_name: Option<String>,
    doc_string: String,
    threshold: Option<f64>,
    columns: Option<&'a FittedColumnTransformer>,
    as_number: Vec<String>,
}

impl<'a> Export<'a> {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// The name of the input of a network without preprocessing; default `input`.
    #[must_use]
    pub fn input_name(mut self, name: impl Into<String>) -> Self {
        self.names.input = Some(name.into());
        self
    }

    /// The name of what is predicted; default `output`, or `probability` where there is a threshold, and of a pipeline
    /// `probability`, `probabilities` or `prediction`.
    #[must_use]
    pub fn output_name(self, name: impl Into<String>) -> Self {
        self.named("output_name", name.into())
    }

    /// The name of the decision, where there is a threshold; default `decision`, for several labels `decisions`.
    #[must_use]
    pub fn decision_name(self, name: impl Into<String>) -> Self {
        self.named("decision_name", name.into())
    }

    /// The name of the index of the most probable class of a multiclass pipeline; default `index`.
    #[must_use]
    pub fn index_name(self, name: impl Into<String>) -> Self {
        self.named("index_name", name.into())
    }

    /// The name of the most probable label of a multiclass pipeline; default `label`.
    #[must_use]
    pub fn label_name(self, name: impl Into<String>) -> Self {
        self.named("label_name", name.into())
    }

    fn named(mut self, setter: &'static str, name: String) -> Self {
        self.names.outputs.insert(setter, name);
        self
    }

    /// The name of the graph; default `perceptra`.
    #[must_use]
    pub fn graph_name(mut self, name: impl Into<String>) -> Self {
        self.graph_name = Some(name.into());
        self
    }

    /// A description of the model, which viewers show; default empty.
    #[must_use]
    pub fn doc_string(mut self, text: impl Into<String>) -> Self {
        self.doc_string = text.into();
        self
    }

    /// Adds the output that states whether the probability is above this number, which is finite; for a network of one output, or
    /// for a pipeline instead of the pipeline's threshold.
    ///
    /// The two are compared in the model's type. Where the model's loss takes logits, their sigmoid is the probability that is
    /// compared and written. A NaN is not above it: the file of a [`FittedPipeline`](crate::pipeline::FittedPipeline) refuses
    /// missing numbers, a network's input must hold none.
    #[must_use]
    pub fn threshold(mut self, threshold: f64) -> Self {
        self.threshold = Some(threshold);
        self
    }

    /// Puts the preprocessing before the network: the file takes the raw columns of a table, each as an input.
    #[must_use]
    pub fn preprocessing(mut self, columns: &'a FittedColumnTransformer) -> Self {
        self.columns = Some(columns);
        self
    }

    /// Takes a text column as numbers, which are passed in place of the strings that a
    /// [`TextToNumber`](struct@crate::preprocessing::TextToNumber) would read them from.
    #[must_use]
    pub fn as_number(mut self, column: impl Into<String>) -> Self {
        self.as_number.push(column.into());
        self
    }

    /// Writes the file; it is there as a whole or not at all.
    ///
    /// # Errors
    ///
    /// [`Error::NotSerializable`] names a layer, an activation or a part of the preprocessing that ONNX cannot hold, with
    /// the reason, or a weight that is NaN or infinite; [`Error::NotBuilt`] for a model without weights;
    /// [`Error::Features`] for preprocessing that returns another number of columns, [`Error::Outputs`] for a threshold
    /// on several outputs; [`Error::Argument`] for a threshold on outputs that are no probabilities by the model's loss, for names that do not go together, and for a file's name that
    /// ends like those of another format; [`Error::Io`].
    pub fn write<T: Scalar>(&self, model: &impl Exportable<T>, path: impl AsRef<Path>) -> Result<()> {
        FileFormat::Onnx.check_name(path.as_ref(), "onnx::Export", "path")?;
        atomic::write(path.as_ref(), &self.to_bytes(model)?)
    }

    /// The bytes of the file.
    ///
    /// # Errors
    ///
    /// The errors of [`write`](Export::write), without those of the file system.
    pub fn to_bytes<T: Scalar>(&self, model: &impl Exportable<T>) -> Result<Vec<u8>> {
        let networks = model.networks()?;
        let Some(first) = networks.first() else { return Err(Error::NotBuilt) };
        if let Some(threshold) = self.threshold.filter(|threshold| !threshold.is_finite()) {
            return Err(Error::argument("onnx::Export", "threshold", threshold.to_string(), "a finite number"));
        }
        let prediction = model.prediction(self.threshold)?;
        let columns = self.columns.or(model.columns());
        if let (None, Some(name)) = (columns, self.as_number.first()) {
            let expected = "the columns of a preprocessing, which this model has none of: add .preprocessing(&columns), or \
                            export the FittedPipeline";
            return Err(Error::argument("onnx::Export", "as_number", name.clone(), expected));
        }
        let columns =
            columns.map(|columns| ExportedColumns::new(columns, first.inputs(), &self.as_number)).transpose()?;
        let names = GraphNames::new(&self.names, columns.as_ref(), prediction.form.outputs())?;

        let element = match T::DTYPE {
            DType::Float32 => DataType::Float,
            DType::Float64 => DataType::Double,
        };
        let graph = Graph::new(element, names.all());
        let x = match &columns {
            Some(columns) => columns::write(columns, &graph)?,
            None => graph.input(&names.input, element, first.inputs()),
        };
        let outputs = networks.iter().enumerate().map(|(index, network)| {
            let prefix = if index == 0 { String::new() } else { format!("member/{index}/") };
            network::write(network, &prefix, x.clone())
        });
        let outputs = outputs.collect::<Result<Vec<_>>>()?;
        prediction::write(&prediction, &graph, &outputs, &names, first.outputs());
        self.finish(graph)
    }

    fn finish(&self, graph: Graph) -> Result<Vec<u8>> {
        let (graph, uses_ml) = graph.finish(self.graph_name.as_deref().unwrap_or("perceptra"));
        let mut opset_import = vec![OperatorSetIdProto { domain: String::new(), version: OPSET }];
        if uses_ml {
            opset_import.push(OperatorSetIdProto { domain: ML.into(), version: ML_OPSET });
        }
        let model = ModelProto {
            ir_version: IR_VERSION,
            producer_name: env!("CARGO_PKG_NAME").into(),
            producer_version: env!("CARGO_PKG_VERSION").into(),
            doc_string: self.doc_string.clone(),
            graph: Some(graph),
            opset_import,
        };
        if model.encoded_len() > LARGEST {
            let reason =
                "it takes more than the two gigabytes that a protobuf message can hold; export a smaller model";
            return Err(Error::NotSerializable { item: "the network as ONNX".into(), reason: reason.into() });
        }
        Ok(model.encode_to_vec())
    }
}
