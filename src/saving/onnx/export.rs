//! A network, with what goes before and after it, as an ONNX file.

use super::columns::{self, Columns};
use super::described::{Described, Weight, refused};
use super::graph::{Graph, ML};
use super::layers::{self, Rule};
use super::proto::{Kind, ModelProto, OperatorSetIdProto};
use super::term::Term;
use crate::models::files::atomic;
use crate::models::{Model, Network, Scorer};
use crate::preprocessing::FittedColumnTransformer;
use crate::spec::Spec;
use crate::{Error, Result, Scalar};
use prost::Message;
use std::path::Path;

/// The version of the file format, that of ONNX 1.13.
const IR_VERSION: i64 = 8;
/// The version of the operators.
const OPSET: i64 = 18;
/// The version of the operators of `ai.onnx.ml`.
const ML_OPSET: i64 = 3;
/// What a protobuf message can hold.
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
/// As [`Export::write`].
pub fn export<T: Scalar>(model: &impl Exportable<T>, path: impl AsRef<Path>) -> Result<()> {
    Export::new().write(model, path)
}

/// What can be exported: a [`Network`], a [`Model`] that knows its inputs, a [`Scorer`] with its preprocessing and
/// threshold.
pub trait Exportable<T: Scalar>: sealed::Parts<T> {}

pub(super) mod sealed {
    use super::{FittedColumnTransformer, Network, Result};

    /// The parts of a model that predict.
    pub trait Parts<T: crate::Scalar> {
        fn network(&self) -> Result<&Network<T>>;

        fn columns(&self) -> Option<&FittedColumnTransformer> {
            None
        }

        fn threshold(&self) -> Option<f64> {
            None
        }
    }
}

impl<T: Scalar> Exportable<T> for Network<T> {}
impl<T: Scalar> Exportable<T> for Model<T> {}
impl<T: Scalar> Exportable<T> for Scorer<T> {}

impl<T: Scalar> sealed::Parts<T> for Network<T> {
    fn network(&self) -> Result<&Network<T>> {
        Ok(self)
    }
}

impl<T: Scalar> sealed::Parts<T> for Model<T> {
    fn network(&self) -> Result<&Network<T>> {
        Model::network(self)
    }
}

impl<T: Scalar> sealed::Parts<T> for Scorer<T> {
    fn network(&self) -> Result<&Network<T>> {
        self.model().network()
    }

    fn columns(&self) -> Option<&FittedColumnTransformer> {
        Some(Scorer::columns(self))
    }

    fn threshold(&self) -> Option<f64> {
        Some(self.decision_threshold())
    }
}

/// The options of an export.
///
/// | option | default | |
/// |---|---|---|
/// | `input_name` | `input` | the matrix (batch, features), where there is no preprocessing |
/// | `output_name` | `output`; `probability` with a threshold | what the network predicts, (batch, outputs) |
/// | `decision_name` | `decision` | whether the probability is above the threshold, (batch, 1), `bool` |
/// | `threshold` | that of a [`Scorer`] | adds the decision |
/// | `preprocessing` | that of a [`Scorer`] | each raw column becomes an input of its own |
/// | `as_number` | none | text columns that are passed as the numbers they stand for |
/// | `graph_name` | `perceptra` | the name of the graph |
/// | `doc_string` | empty | a text about the model |
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
    input_name: Option<String>,
    output_name: Option<String>,
    decision_name: Option<String>,
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
        self.input_name = Some(name.into());
        self
    }

    /// The name of what the network predicts; default `output`, or `probability` where there is a threshold.
    #[must_use]
    pub fn output_name(mut self, name: impl Into<String>) -> Self {
        self.output_name = Some(name.into());
        self
    }

    /// The name of the decision, where there is a threshold; default `decision`.
    #[must_use]
    pub fn decision_name(mut self, name: impl Into<String>) -> Self {
        self.decision_name = Some(name.into());
        self
    }

    /// The name of the graph; default `perceptra`.
    #[must_use]
    pub fn graph_name(mut self, name: impl Into<String>) -> Self {
        self.graph_name = Some(name.into());
        self
    }

    /// A text about the model, which viewers show; default empty.
    #[must_use]
    pub fn doc_string(mut self, text: impl Into<String>) -> Self {
        self.doc_string = text.into();
        self
    }

    /// Adds the output that tells whether the probability is above this number, which is finite; for one output only.
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

    /// Takes a text column as numbers, which are passed in place of the texts that a
    /// [`TextToNumber`](crate::preprocessing::TextToNumber) would read them from.
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
    /// [`Error::Features`] for preprocessing that gives another number of columns, [`Error::Outputs`] for a threshold
    /// on several outputs; [`Error::Argument`] for names that do not go together; [`Error::Io`].
    pub fn write<T: Scalar>(&self, model: &impl Exportable<T>, path: impl AsRef<Path>) -> Result<()> {
        atomic::write(path.as_ref(), &self.to_bytes(model)?)
    }

    /// The bytes of the file.
    ///
    /// # Errors
    ///
    /// As [`write`](Export::write), without those of the file system.
    pub fn to_bytes<T: Scalar>(&self, model: &impl Exportable<T>) -> Result<Vec<u8>> {
        let network = model.network()?;
        let threshold = self.threshold.or(model.threshold());
        self.check(network, threshold)?;
        let columns = self.columns.or(model.columns());
        let columns = columns.map(|columns| Columns::of(columns, network.inputs(), &self.as_number)).transpose()?;
        let names = Names::of(self, columns.as_ref(), threshold)?;

        let element = if size_of::<T>() == 8 { Kind::Double } else { Kind::Float };
        let graph = Graph::new(element, names.all());
        let x = match &columns {
            Some(columns) => columns::write(columns, &graph)?,
            None => graph.input(&names.input, element, network.inputs()),
        };
        let y = layers_of(network, x)?;
        graph.enter("decision");
        let decision = threshold.map(|threshold| y.cast(Kind::Double).greater(threshold));
        graph.output(&y, &names.output, network.outputs());
        if let Some(decision) = decision {
            graph.output(&decision, &names.decision, 1);
        }
        self.finish(graph)
    }

    fn check<T: Scalar>(&self, network: &Network<T>, threshold: Option<f64>) -> Result<()> {
        match threshold {
            Some(threshold) if !threshold.is_finite() => {
                Err(argument("threshold", threshold.to_string(), "a finite number"))
            }
            Some(_) if network.outputs() != 1 => Err(Error::Outputs {
                what: "a decision by threshold",
                expected: network.outputs(),
                found: 1,
                advice: "export several outputs without a threshold".into(),
            }),
            _ => Ok(()),
        }
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

/// The names of inputs and outputs.
struct Names {
    columns: Vec<String>,
    input: String,
    output: String,
    decision: String,
}

impl Names {
    fn of(options: &Export<'_>, columns: Option<&Columns>, threshold: Option<f64>) -> Result<Self> {
        let or = |name: &Option<String>, default: &str| name.clone().unwrap_or_else(|| default.into());
        let names = Names {
            columns: columns.map(Columns::inputs).unwrap_or_default(),
            input: or(&options.input_name, "input"),
            output: or(&options.output_name, if threshold.is_some() { "probability" } else { "output" }),
            decision: or(&options.decision_name, "decision"),
        };
        if columns.is_some() && options.input_name.is_some() {
            return Err(argument("input_name", names.input, "none: with preprocessing each column is an input"));
        }
        let inputs = if columns.is_some() { &names.columns[..] } else { std::slice::from_ref(&names.input) };
        if let Some(empty) = inputs.iter().find(|name| name.is_empty()) {
            return Err(argument("input_name", format!("{empty:?}"), "a name of at least one letter"));
        }
        if names.output.is_empty() || inputs.contains(&names.output) {
            return Err(argument("output_name", format!("{:?}", names.output), "a name that no input has"));
        }
        let taken = names.decision.is_empty() || inputs.contains(&names.decision) || names.decision == names.output;
        if threshold.is_some() && taken {
            return Err(argument("decision_name", format!("{:?}", names.decision), "a name that no other value has"));
        }
        Ok(names)
    }

    fn all(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().chain([&self.input, &self.output, &self.decision]).map(String::as_str)
    }
}

fn argument(argument: &'static str, value: String, expected: &str) -> Error {
    Error::Argument { item: "onnx::Export".into(), argument, value, expected: expected.into() }
}

/// Adds all layers.
fn layers_of<'g, T: Scalar>(network: &Network<T>, mut x: Term<'g>) -> Result<Term<'g>> {
    let mut columns = network.inputs();
    for index in 0..network.architecture().layers().len() {
        let layer = network.get_layer_at(index)?;
        let (name, class_name) = (layer.name(), layer.class_name().to_string());
        let weights = weights(network, index)?;
        // A class that is refused has its own reason, a better one than that it has no description.
        let described = matches!(layers::rule(&class_name), Some(Rule::Operators(_)));
        let config = if described { configuration(layer.description(), name)? } else { serde_json::Value::Null };
        x.graph.enter(name);
        x = layers::write(&Described { layer: name, class_name, config, columns, weights: &weights }, &x)?;
        columns = layer.outputs();
    }
    Ok(x)
}

/// The configuration of a layer; an item in it that has none may be one that ONNX cannot hold anyway.
fn configuration<I: Spec + ?Sized>(layer: &I, name: &str) -> Result<serde_json::Value> {
    layer.config().map_err(|error| match error {
        Error::NotSerializable { item, .. } => refused(
            name,
            &item,
            "it does not describe itself: an activation of your own has no operators in ONNX, take one of the crate's; \
             for an item that plays a part in training only, implement Spec::config",
        ),
        other => other,
    })
}

/// The values of a layer's variables, weights before state.
fn weights<T: Scalar>(network: &Network<T>, layer: usize) -> Result<Vec<Weight>> {
    let tables = [(network.variables(), network.flat_weights()), (network.state_variables(), network.flat_state())];
    let variables = tables.into_iter().flat_map(|(variables, values)| variables.iter().map(move |one| (one, values)));
    let of_layer = variables.filter(|(variable, _)| variable.layer == layer);
    let read = |(variable, values): (&crate::Variable, &[T])| {
        let values: Vec<f64> =
            values.get(variable.range()).unwrap_or_default().iter().map(|value| value.to_f64()).collect();
        if let Some(wrong) = values.iter().find(|value| !value.is_finite()) {
            let reason = format!("it holds {wrong}; export a model whose training did not diverge");
            return Err(Error::NotSerializable { item: variable.path.clone(), reason });
        }
        let (rows, columns) = (variable.shape.rows, variable.shape.columns);
        let shape = if variable.shape.vector { vec![columns] } else { vec![rows, columns] };
        Ok(Weight { name: variable.name().into(), shape, values })
    };
    of_layer.map(read).collect()
}
