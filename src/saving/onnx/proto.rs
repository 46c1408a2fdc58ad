//! The part of ONNX's messages that is written, under the names and field numbers of `onnx.proto`.
//!
//! An attribute's value is optional, so that a 0 is written too: readers ask which field is there.

use prost::Message;

#[derive(Clone, PartialEq, Message)]
pub(super) struct ModelProto {
    #[prost(int64, tag = "1")]
    pub(super) ir_version: i64,
    #[prost(string, tag = "2")]
    pub(super) producer_name: String,
    #[prost(string, tag = "3")]
    pub(super) producer_version: String,
    #[prost(string, tag = "6")]
    pub(super) doc_string: String,
    #[prost(message, optional, tag = "7")]
    pub(super) graph: Option<GraphProto>,
    #[prost(message, repeated, tag = "8")]
    pub(super) opset_import: Vec<OperatorSetIdProto>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct OperatorSetIdProto {
    #[prost(string, tag = "1")]
    pub(super) domain: String,
    #[prost(int64, tag = "2")]
    pub(super) version: i64,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct GraphProto {
    #[prost(message, repeated, tag = "1")]
    pub(super) node: Vec<NodeProto>,
    #[prost(string, tag = "2")]
    pub(super) name: String,
    #[prost(message, repeated, tag = "5")]
    pub(super) initializer: Vec<TensorProto>,
    #[prost(message, repeated, tag = "11")]
    pub(super) input: Vec<ValueInfoProto>,
    #[prost(message, repeated, tag = "12")]
    pub(super) output: Vec<ValueInfoProto>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct NodeProto {
    #[prost(string, repeated, tag = "1")]
    pub(super) input: Vec<String>,
    #[prost(string, repeated, tag = "2")]
    pub(super) output: Vec<String>,
    #[prost(string, tag = "3")]
    pub(super) name: String,
    #[prost(string, tag = "4")]
    pub(super) op_type: String,
    #[prost(message, repeated, tag = "5")]
    pub(super) attribute: Vec<AttributeProto>,
    #[prost(string, tag = "7")]
    pub(super) domain: String,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct AttributeProto {
    #[prost(string, tag = "1")]
    pub(super) name: String,
    #[prost(float, optional, tag = "2")]
    pub(super) f: Option<f32>,
    #[prost(int64, optional, tag = "3")]
    pub(super) i: Option<i64>,
    #[prost(int64, repeated, tag = "8")]
    pub(super) ints: Vec<i64>,
    #[prost(bytes = "vec", repeated, tag = "9")]
    pub(super) strings: Vec<Vec<u8>>,
    #[prost(int32, tag = "20")]
    pub(super) r#type: i32,
}

impl AttributeProto {
    pub(super) fn float(name: &str, value: f64) -> Self {
        AttributeProto { name: name.into(), f: Some(value as f32), r#type: 1, ..Default::default() }
    }

    pub(super) fn int(name: &str, value: i64) -> Self {
        AttributeProto { name: name.into(), i: Some(value), r#type: 2, ..Default::default() }
    }

    pub(super) fn ints(name: &str, ints: Vec<i64>) -> Self {
        AttributeProto { name: name.into(), ints, r#type: 7, ..Default::default() }
    }

    pub(super) fn strings<'a>(name: &str, values: impl IntoIterator<Item = &'a str>) -> Self {
        let strings = values.into_iter().map(|value| value.as_bytes().to_vec()).collect();
        AttributeProto { name: name.into(), strings, r#type: 8, ..Default::default() }
    }
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct TensorProto {
    #[prost(int64, repeated, tag = "1")]
    pub(super) dims: Vec<i64>,
    #[prost(int32, tag = "2")]
    pub(super) data_type: i32,
    /// The strings of a tensor of strings, which has no bytes in `raw_data`.
    #[prost(bytes = "vec", repeated, tag = "6")]
    pub(super) string_data: Vec<Vec<u8>>,
    #[prost(string, tag = "8")]
    pub(super) name: String,
    #[prost(bytes = "vec", tag = "9")]
    pub(super) raw_data: Vec<u8>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct ValueInfoProto {
    #[prost(string, tag = "1")]
    pub(super) name: String,
    #[prost(message, optional, tag = "2")]
    pub(super) r#type: Option<TypeProto>,
}

impl ValueInfoProto {
    /// A matrix of any number of rows.
    pub(super) fn matrix(name: &str, kind: DataType, columns: usize) -> Self {
        let rows = DimensionProto { dim_value: None, dim_param: Some(BATCH.into()) };
        let columns = DimensionProto { dim_value: Some(columns as i64), dim_param: None };
        let shape = TensorShapeProto { dim: vec![rows, columns] };
        let tensor = TensorTypeProto { elem_type: kind as i32, shape: Some(shape) };
        ValueInfoProto { name: name.into(), r#type: Some(TypeProto { tensor_type: Some(tensor) }) }
    }
}

/// The name of the dimension that is as long as the batch.
const BATCH: &str = "batch";

#[derive(Clone, PartialEq, Message)]
pub(super) struct TypeProto {
    #[prost(message, optional, tag = "1")]
    pub(super) tensor_type: Option<TensorTypeProto>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct TensorTypeProto {
    #[prost(int32, tag = "1")]
    pub(super) elem_type: i32,
    #[prost(message, optional, tag = "2")]
    pub(super) shape: Option<TensorShapeProto>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct TensorShapeProto {
    #[prost(message, repeated, tag = "1")]
    pub(super) dim: Vec<DimensionProto>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct DimensionProto {
    #[prost(int64, optional, tag = "1")]
    pub(super) dim_value: Option<i64>,
    #[prost(string, optional, tag = "2")]
    pub(super) dim_param: Option<String>,
}

/// The element types of tensors, by the numbers of `TensorProto.DataType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum DataType {
    Float = 1,
    Int64 = 7,
    Text = 8,
    Bool = 9,
    Double = 11,
}

impl DataType {
    /// Numbers in this type's little-endian bytes; booleans as 1 and 0. Strings are never written so.
    pub(super) fn bytes(self, values: &[f64]) -> Vec<u8> {
        match self {
            DataType::Float => values.iter().flat_map(|value| (*value as f32).to_le_bytes()).collect(),
            DataType::Int64 => values.iter().flat_map(|value| (*value as i64).to_le_bytes()).collect(),
            DataType::Bool => values.iter().map(|value| u8::from(*value != 0.0)).collect(),
            DataType::Double | DataType::Text => values.iter().flat_map(|value| value.to_le_bytes()).collect(),
        }
    }
}
