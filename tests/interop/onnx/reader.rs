//! As much of ONNX as the tests look at, read from the bytes of a file by the rules of protobuf's wire format.

use std::collections::BTreeMap;

/// The fields of a message by number, each in the order of its values.
struct Message<'a>(BTreeMap<u64, Vec<Field<'a>>>);

enum Field<'a> {
    Varint(u64),
    Bytes(&'a [u8]),
    Fixed(u32),
}

fn varint(bytes: &mut &[u8]) -> u64 {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first().expect("a varint ends");
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return value;
        }
    }
    panic!("a varint has at most ten bytes");
}

impl<'a> Message<'a> {
    fn read(mut bytes: &'a [u8]) -> Self {
        let mut fields: BTreeMap<u64, Vec<Field<'a>>> = BTreeMap::new();
        while !bytes.is_empty() {
            let key = varint(&mut bytes);
            let field = match key & 7 {
                0 => Field::Varint(varint(&mut bytes)),
                2 => {
                    let length = varint(&mut bytes) as usize;
                    let (value, rest) = bytes.split_at(length);
                    bytes = rest;
                    Field::Bytes(value)
                }
                5 => {
                    let (value, rest) = bytes.split_at(4);
                    bytes = rest;
                    Field::Fixed(u32::from_le_bytes(value.try_into().unwrap()))
                }
                other => panic!("wire type {other} is not used by ONNX"),
            };
            fields.entry(key >> 3).or_default().push(field);
        }
        Message(fields)
    }

    fn all(&self, number: u64) -> impl Iterator<Item = &'a [u8]> {
        self.0.get(&number).into_iter().flatten().map(move |field| match field {
            Field::Bytes(bytes) => *bytes,
            _ => panic!("field {number} has a length"),
        })
    }

    fn texts(&self, number: u64) -> Vec<String> {
        self.all(number).map(|bytes| std::str::from_utf8(bytes).unwrap().to_string()).collect()
    }

    fn text(&self, number: u64) -> String {
        self.texts(number).pop().unwrap_or_default()
    }

    /// Whole numbers, packed into one field or each in its own.
    fn integers(&self, number: u64) -> Vec<i64> {
        let mut values = Vec::new();
        for field in self.0.get(&number).into_iter().flatten() {
            match field {
                Field::Varint(value) => values.push(*value as i64),
                Field::Bytes(packed) => {
                    let mut packed = *packed;
                    while !packed.is_empty() {
                        values.push(varint(&mut packed) as i64);
                    }
                }
                Field::Fixed(_) => panic!("field {number} holds whole numbers"),
            }
        }
        values
    }

    fn integer(&self, number: u64) -> Option<i64> {
        self.integers(number).pop()
    }

    fn float(&self, number: u64) -> Option<f32> {
        match self.0.get(&number).and_then(|fields| fields.last()) {
            Some(Field::Fixed(bits)) => Some(f32::from_bits(*bits)),
            _ => None,
        }
    }
}

#[derive(Debug, PartialEq)]
pub(crate) struct Model {
    pub ir_version: i64,
    pub producer: [String; 2],
    pub opsets: Vec<(String, i64)>,
    pub graph: Graph,
}

#[derive(Debug, PartialEq)]
pub(crate) struct Graph {
    pub name: String,
    pub nodes: Vec<Node>,
    pub initializers: Vec<Tensor>,
    pub inputs: Vec<Info>,
    pub outputs: Vec<Info>,
}

#[derive(Debug, PartialEq)]
pub(crate) struct Node {
    pub op: String,
    pub domain: String,
    pub inputs: Vec<String>,
    pub outputs: Vec<String>,
    pub attributes: Vec<Attribute>,
}

#[derive(Debug, PartialEq)]
pub(crate) struct Attribute {
    pub name: String,
    pub float: Option<f32>,
    pub int: Option<i64>,
    pub ints: Vec<i64>,
    pub strings: Vec<String>,
    pub kind: Option<i64>,
}

#[derive(Debug, PartialEq)]
pub(crate) struct Tensor {
    pub name: String,
    pub dims: Vec<i64>,
    pub kind: i64,
    pub raw: Vec<u8>,
    pub strings: Vec<String>,
}

impl Tensor {
    /// The numbers of the tensor in single precision.
    pub(crate) fn floats(&self) -> Vec<f32> {
        self.raw.chunks_exact(4).map(|bytes| f32::from_le_bytes(bytes.try_into().unwrap())).collect()
    }
}

/// Name, element type and dimensions of an input or output: a number, or the name of one that is open.
#[derive(Debug, PartialEq)]
pub(crate) struct Info {
    pub name: String,
    pub kind: i64,
    pub dims: Vec<String>,
}

pub(crate) fn model(bytes: &[u8]) -> Model {
    let model = Message::read(bytes);
    let opset = |bytes| {
        let opset = Message::read(bytes);
        (opset.text(1), opset.integer(2).unwrap())
    };
    Model {
        ir_version: model.integer(1).unwrap(),
        producer: [model.text(2), model.text(3)],
        opsets: model.all(8).map(opset).collect(),
        graph: graph(model.all(7).next().expect("a graph")),
    }
}

fn graph(bytes: &[u8]) -> Graph {
    let graph = Message::read(bytes);
    Graph {
        name: graph.text(2),
        nodes: graph.all(1).map(node).collect(),
        initializers: graph.all(5).map(tensor).collect(),
        inputs: graph.all(11).map(info).collect(),
        outputs: graph.all(12).map(info).collect(),
    }
}

fn node(bytes: &[u8]) -> Node {
    let node = Message::read(bytes);
    Node {
        op: node.text(4),
        domain: node.text(7),
        inputs: node.texts(1),
        outputs: node.texts(2),
        attributes: node.all(5).map(attribute).collect(),
    }
}

fn attribute(bytes: &[u8]) -> Attribute {
    let attribute = Message::read(bytes);
    Attribute {
        name: attribute.text(1),
        float: attribute.float(2),
        int: attribute.integer(3),
        ints: attribute.integers(8),
        strings: attribute.texts(9),
        kind: attribute.integer(20),
    }
}

fn tensor(bytes: &[u8]) -> Tensor {
    let tensor = Message::read(bytes);
    let raw = tensor.all(9).next().unwrap_or_default().to_vec();
    Tensor {
        name: tensor.text(8),
        dims: tensor.integers(1),
        kind: tensor.integer(2).unwrap(),
        raw,
        strings: tensor.texts(6),
    }
}

fn info(bytes: &[u8]) -> Info {
    let info = Message::read(bytes);
    let tensor = Message::read(Message::read(info.all(2).next().unwrap()).all(1).next().unwrap());
    let shape = Message::read(tensor.all(2).next().unwrap());
    let dim = |bytes| {
        let dim = Message::read(bytes);
        dim.integer(1).map_or_else(|| dim.text(2), |extent| extent.to_string())
    };
    Info { name: info.text(1), kind: tensor.integer(1).unwrap(), dims: shape.all(1).map(dim).collect() }
}
