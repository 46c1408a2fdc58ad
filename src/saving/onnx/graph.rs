//! A graph of operators that grows while a model is gone through.

use super::proto::{AttributeProto, DataType, GraphProto, NodeProto, TensorProto, ValueInfoProto};
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};

/// The operators and constants so far.
///
/// [`Term`]s hold a reference to it and add to it, so it is filled through a shared reference.
pub(super) struct Graph {
    /// The element type of the model.
    pub(super) element: DataType,
    contents: RefCell<GraphProto>,
    names: RefCell<UniqueNames>,
    /// The prefix of the names of new values.
    scope: RefCell<String>,
    /// The names of the constants, so that each is written once.
    constants: RefCell<HashMap<ConstantKey, String>>,
    /// Whether an operator of `ai.onnx.ml` was used.
    uses_ml: Cell<bool>,
}

/// A value of a graph: an input, a constant or what an operator yields.
#[derive(Clone)]
pub(super) struct Term<'g> {
    pub(super) graph: &'g Graph,
    pub(super) name: String,
    pub(super) kind: DataType,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct ConstantKey {
    kind: DataType,
    dims: Vec<i64>,
    bytes: Vec<u8>,
}

#[derive(Default)]
struct UniqueNames {
    taken: HashSet<String>,
    counts: HashMap<String, usize>,
}

impl UniqueNames {
    /// The name itself, or the name followed by a count.
    fn unique(&mut self, base: String) -> String {
        if self.taken.insert(base.clone()) {
            return base;
        }
        let count = self.counts.entry(base.clone()).or_insert(0);
        loop {
            *count += 1;
            let name = format!("{base}_{count}");
            if self.taken.insert(name.clone()) {
                return name;
            }
        }
    }
}

/// The domain of the operators for classical machine learning.
pub(super) const ML: &str = "ai.onnx.ml";

impl Graph {
    /// An empty graph for a model of this element type. No inner value takes one of the reserved names.
    pub(super) fn new<'a>(element: DataType, reserved: impl IntoIterator<Item = &'a str>) -> Self {
        let taken = reserved.into_iter().map(str::to_string).collect();
        Graph {
            element,
            contents: RefCell::default(),
            names: RefCell::new(UniqueNames { taken, counts: HashMap::new() }),
            scope: RefCell::default(),
            constants: RefCell::default(),
            uses_ml: Cell::new(false),
        }
    }

    /// Names the values added from now on after this part of the model.
    pub(super) fn enter(&self, scope: &str) {
        *self.scope.borrow_mut() = scope.to_string();
    }

    fn name(&self, what: &str) -> String {
        let base = format!("{}/{what}", self.scope.borrow());
        self.names.borrow_mut().unique(base)
    }

    /// Declares an input of (batch, columns), under a reserved name.
    pub(super) fn input(&self, name: &str, kind: DataType, columns: usize) -> Term<'_> {
        self.contents.borrow_mut().input.push(ValueInfoProto::matrix(name, kind, columns));
        Term { graph: self, name: name.into(), kind }
    }

    /// Declares an output of (batch, columns), under a reserved name.
    pub(super) fn output(&self, term: &Term<'_>, name: &str, columns: usize) {
        let contents = &mut *self.contents.borrow_mut();
        contents.output.push(ValueInfoProto::matrix(name, term.kind, columns));
        let produced = contents.node.iter().any(|node| node.output.contains(&term.name));
        if !produced || contents.output.iter().any(|other| other.name == term.name) {
            contents.node.push(NodeProto {
                input: vec![term.name.clone()],
                output: vec![name.into()],
                name: name.into(),
                op_type: "Identity".into(),
                ..Default::default()
            });
            return;
        }
        let values = contents.node.iter_mut().flat_map(|node| node.input.iter_mut().chain(&mut node.output));
        values.filter(|value| **value == term.name).for_each(|value| *value = name.into());
    }

    /// Adds an operator of one result.
    pub(super) fn node(
        &self,
        op: &str,
        inputs: &[&Term<'_>],
        attribute: Vec<AttributeProto>,
        kind: DataType,
    ) -> Term<'_> {
        let [term] = self.node_of(op, inputs, attribute, [kind]);
        term
    }

    /// Adds an operator of several results.
    pub(super) fn node_of<const N: usize>(
        &self,
        op: &str,
        inputs: &[&Term<'_>],
        attribute: Vec<AttributeProto>,
        kinds: [DataType; N],
    ) -> [Term<'_>; N] {
        let terms = kinds.map(|kind| Term { graph: self, name: self.name(op), kind });
        let name = terms.first().map_or_else(String::new, |term| term.name.clone());
        let is_ml = op == "LabelEncoder";
        self.uses_ml.set(self.uses_ml.get() || is_ml);
        self.contents.borrow_mut().node.push(NodeProto {
            input: inputs.iter().map(|term| term.name.clone()).collect(),
            output: terms.iter().map(|term| term.name.clone()).collect(),
            name,
            op_type: op.into(),
            attribute,
            domain: if is_ml { ML.into() } else { String::new() },
        });
        terms
    }

    /// Adds a named tensor, such as a layer's kernel; values row by row.
    pub(super) fn tensor(&self, name: &str, kind: DataType, shape: &[usize], values: &[f64]) -> Term<'_> {
        let name = self.name(name);
        self.initializer(name, kind, dims(shape), kind.bytes(values))
    }

    /// A constant without a given name; the same one is written once.
    pub(super) fn constant(&self, kind: DataType, shape: &[usize], values: &[f64]) -> Term<'_> {
        let key = ConstantKey { kind, dims: dims(shape), bytes: kind.bytes(values) };
        if let Some(name) = self.constants.borrow().get(&key) {
            return Term { graph: self, name: name.clone(), kind };
        }
        let base = match values {
            [value] => format!("constant/{value}"),
            _ => "constant".to_string(),
        };
        let name = self.names.borrow_mut().unique(base);
        self.constants.borrow_mut().insert(key.clone(), name.clone());
        self.initializer(name, kind, key.dims, key.bytes)
    }

    /// Strings in one dimension.
    pub(super) fn strings(&self, values: impl Iterator<Item = String>) -> Term<'_> {
        let name = self.names.borrow_mut().unique("constant".into());
        let string_data: Vec<Vec<u8>> = values.map(String::into_bytes).collect();
        let dims = vec![string_data.len() as i64];
        let kind = DataType::Text;
        let tensor =
            TensorProto { dims, data_type: kind as i32, name: name.clone(), string_data, ..TensorProto::default() };
        self.contents.borrow_mut().initializer.push(tensor);
        Term { graph: self, name, kind }
    }

    fn initializer(&self, name: String, kind: DataType, dims: Vec<i64>, raw_data: Vec<u8>) -> Term<'_> {
        let tensor =
            TensorProto { dims, data_type: kind as i32, name: name.clone(), raw_data, ..TensorProto::default() };
        self.contents.borrow_mut().initializer.push(tensor);
        Term { graph: self, name, kind }
    }

    /// A single number of the model's element type.
    pub(super) fn number(&self, value: f64) -> Term<'_> {
        self.constant(self.element, &[], &[value])
    }

    /// Whole numbers in one dimension: axes, shapes.
    pub(super) fn integers(&self, values: &[i64]) -> Term<'_> {
        let values: Vec<f64> = values.iter().map(|value| *value as f64).collect();
        self.constant(DataType::Int64, &[values.len()], &values)
    }

    /// The finished graph, and whether it needs the operators of [`ML`].
    pub(super) fn finish(self, name: &str) -> (GraphProto, bool) {
        (GraphProto { name: name.into(), ..self.contents.into_inner() }, self.uses_ml.get())
    }
}

fn dims(shape: &[usize]) -> Vec<i64> {
    shape.iter().map(|extent| *extent as i64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph() -> Graph {
        Graph::new(DataType::Float, ["x", "y", "layer/Add"])
    }

    #[test]
    fn names_are_unique_and_constants_are_shared() {
        let graph = graph();
        graph.enter("layer");
        let x = graph.input("x", DataType::Float, 2);
        let sum = &(&x + 1.0) + 1.0;
        assert_eq!((&*sum.name, &*(&sum + &x).name), ("layer/Add_2", "layer/Add_3"));
        assert_ne!(graph.tensor("bias", DataType::Float, &[1], &[1.0]).name, graph.number(1.0).name);
        let (graph, uses_ml) = graph.finish("g");
        assert_eq!(
            (graph.initializer.len(), graph.node[0].input[1] == graph.node[1].input[1], uses_ml),
            (2, true, false)
        );
    }

    #[test]
    fn an_output_takes_its_name_wherever_it_is_used() {
        let graph = graph();
        let x = graph.input("x", DataType::Float, 2);
        let (y, unused) = (x.apply("Relu"), x.apply("Abs"));
        let z = (&y * &unused).name;
        graph.output(&y, "y", 2);
        graph.output(&y, "again", 2);
        let (graph, _) = graph.finish("g");
        assert_eq!(graph.node[0].output, ["y"]);
        assert_eq!(graph.node[2].input, ["y", "/Abs"]);
        assert_eq!((z.as_str(), graph.node.len()), ("/Mul", 4));
    }

    #[test]
    fn numbers_are_little_endian() {
        assert_eq!(DataType::Float.bytes(&[1.0]), [0, 0, 0x80, 0x3f]);
        assert_eq!(DataType::Int64.bytes(&[-2.0]), [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
        assert_eq!(DataType::Double.bytes(&[1.0]), [0, 0, 0, 0, 0, 0, 0xf0, 0x3f]);
    }
}
