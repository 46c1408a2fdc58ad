//! The `safetensors` layout: a length, a JSON header, the values.
//!
//! It is read and written here because the crate of that name would bring five packages and does not keep the
//! header's order, which the checksum needs.

use crate::checksum::{continue_crc32c, crc32c};
use crate::{DType, Scalar};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;
use std::collections::HashSet;
use std::fmt;
use std::ops::Range;

/// The bytes that hold the header's length.
const LENGTH: usize = 8;

/// The longest header, as in other readers of this layout.
const LONGEST_HEADER: usize = 100_000_000;

const CHECKSUM: &str = "checksum";
const NO_CHECKSUM: &str = "00000000";

/// A file that is put together.
#[derive(Default)]
pub(super) struct FileWriter {
    tensors: Vec<(String, Vec<usize>, bool, Range<usize>)>,
    data: Vec<u8>,
}

impl FileWriter {
    /// Adds values of a shape.
    pub(super) fn push<T: Scalar>(&mut self, name: String, shape: Vec<usize>, values: &[T]) {
        let begin = self.data.len();
        let wide = T::DTYPE == DType::Float64;
        for value in values {
            let value = value.to_f64();
            match wide {
                true => self.data.extend_from_slice(&value.to_le_bytes()),
                false => self.data.extend_from_slice(&(value as f32).to_le_bytes()),
            }
        }
        self.tensors.push((name, shape, wide, begin..self.data.len()));
    }

    /// The first name that was given twice.
    pub(super) fn duplicate(&self) -> Option<&str> {
        let mut seen = HashSet::new();
        self.tensors.iter().map(|(name, ..)| name.as_str()).find(|name| !seen.insert(*name))
    }

    /// The bytes of the file.
    pub(super) fn finish(mut self, metadata: &[(&str, &str)]) -> Vec<u8> {
        // The wide values first, so that all begin at multiples of their size.
        self.tensors.sort_by_key(|(_, _, wide, _)| !wide);
        let pairs = [(CHECKSUM, NO_CHECKSUM)].into_iter().chain(metadata.iter().copied());
        let pairs: Vec<String> = pairs.map(|(key, value)| format!("{}:{}", quoted(key), quoted(value))).collect();
        let mut header = format!("{{\"__metadata__\":{{{}}}", pairs.join(","));
        let mut begin = 0;
        for (name, shape, wide, range) in &self.tensors {
            let (kind, end) = (if *wide { "F64" } else { "F32" }, begin + range.len());
            header += &format!(
                ",{}:{{\"dtype\":\"{kind}\",\"shape\":{shape:?},\"data_offsets\":[{begin},{end}]}}",
                quoted(name)
            );
            begin = end;
        }
        header.push('}');
        while !header.len().is_multiple_of(LENGTH) {
            header.push(' ');
        }
        let mut file = Vec::with_capacity(LENGTH + header.len() + self.data.len());
        file.extend_from_slice(&(header.len() as u64).to_le_bytes());
        file.extend_from_slice(header.as_bytes());
        for (_, _, _, range) in &self.tensors {
            file.extend_from_slice(&self.data[range.clone()]);
        }
        let sum = format!("{:08x}", crc32c(&file));
        if let Some(place) = checksum_place(&file, NO_CHECKSUM) {
            file[place].copy_from_slice(sum.as_bytes());
        }
        file
    }
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// The range of the checksum's digits.
fn checksum_place(file: &[u8], digits: &str) -> Option<Range<usize>> {
    let key = format!("\"{CHECKSUM}\":\"");
    let text = format!("{key}{digits}\"");
    let begin = file.windows(text.len()).position(|window| window == text.as_bytes())? + key.len();
    Some(begin..begin + digits.len())
}

/// A parsed file; every range is within its data.
#[derive(Debug)]
pub(super) struct Layout<'a> {
    pub(super) metadata: Vec<(String, String)>,
    pub(super) tensors: Vec<Tensor<'a>>,
}

/// Some values in a file.
#[derive(Debug)]
pub(super) struct Tensor<'a> {
    pub(super) name: String,
    pub(super) shape: Vec<usize>,
    /// F64, otherwise F32.
    pub(super) wide: bool,
    bytes: &'a [u8],
}

impl Tensor<'_> {
    /// Copies the values into a slice of just that length; those of the other width are rounded.
    pub(super) fn read<T: Scalar>(&self, to: &mut [T]) -> Result<(), String> {
        let count = self.bytes.len() / if self.wide { 8 } else { 4 };
        if count != to.len() {
            return Err(format!("{} has {count} values where {} are needed", self.name, to.len()));
        }
        if self.wide {
            let values = self.bytes.as_chunks::<8>().0.iter().map(|bytes| f64::from_le_bytes(*bytes));
            to.iter_mut().zip(values).for_each(|(to, value)| *to = T::of(value));
        } else {
            let values = self.bytes.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes));
            to.iter_mut().zip(values).for_each(|(to, value)| *to = T::of(value.into()));
        }
        match to.iter().position(|value| !value.is_finite()) {
            None => Ok(()),
            Some(place) => {
                let value = self.value(place);
                let beyond = match value.is_finite() {
                    true => ", which is beyond the range of f32; load it as a model of f64, by load_with",
                    false => "",
                };
                Err(format!("{} holds {value:e} at position {place}{beyond}", self.name))
            }
        }
    }

    /// The value at a position as the file has it.
    fn value(&self, place: usize) -> f64 {
        let value = match self.wide {
            true => self.bytes.as_chunks().0.get(place).map(|bytes| f64::from_le_bytes(*bytes)),
            false => self.bytes.as_chunks().0.get(place).map(|bytes| f32::from_le_bytes(*bytes).into()),
        };
        value.unwrap_or(f64::NAN)
    }
}

impl<'a> Layout<'a> {
    /// Parses a file; the error is what is wrong with it.
    pub(super) fn parse(file: &'a [u8]) -> Result<Self, String> {
        let truncated = |needed: usize| format!("it has {} bytes where {needed} are needed", file.len());
        let (length, rest) = file.split_first_chunk::<LENGTH>().ok_or_else(|| truncated(LENGTH))?;
        let length = usize::try_from(u64::from_le_bytes(*length)).unwrap_or(usize::MAX);
        if length > LONGEST_HEADER {
            return Err(format!("its header would have {length} bytes; more than {LONGEST_HEADER} are never written"));
        }
        let (header, data) = rest.split_at_checked(length).ok_or_else(|| truncated(LENGTH + length))?;
        if header.first() != Some(&b'{') {
            return Err("its header is no JSON object".into());
        }
        let header: FileHeader = str::from_utf8(header)
            .map_err(|error| error.to_string())
            .and_then(|header| serde_json::from_str(header).map_err(|error| error.to_string()))
            .map_err(|error| format!("its header cannot be read: {error}"))?;
        let tensors = tensors(header.tensors, data)?;
        if let Some((_, digits)) = header.metadata.iter().find(|(key, _)| key == CHECKSUM) {
            check(file, digits)?;
        }
        Ok(Layout { metadata: header.metadata, tensors })
    }

    /// The value of a key.
    pub(super) fn value(&self, key: &str) -> Option<&str> {
        self.metadata.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }
}

/// Whether the checksum is that of the file.
fn check(file: &[u8], digits: &str) -> Result<(), String> {
    let wrong = || {
        "its content does not match its checksum: it was damaged, or changed by a program that left the key \
         \"checksum\" in its metadata"
            .to_string()
    };
    let place = checksum_place(file, digits).filter(|_| digits.len() == NO_CHECKSUM.len()).ok_or_else(wrong)?;
    let before = continue_crc32c(crc32c(&file[..place.start]), NO_CHECKSUM.as_bytes());
    match format!("{:08x}", continue_crc32c(before, &file[place.end..])) == digits {
        true => Ok(()),
        false => Err(wrong()),
    }
}

/// Finds every tensor's bytes; together they must be all of the data.
fn tensors(entries: Vec<(String, TensorEntry)>, data: &[u8]) -> Result<Vec<Tensor<'_>>, String> {
    let mut entries = entries;
    entries.sort_by_key(|(_, entry)| entry.data_offsets);
    let mut seen = 0;
    let mut tensors = Vec::with_capacity(entries.len());
    for (name, TensorEntry { dtype, shape, data_offsets: [begin, end] }) in entries {
        let wide = match dtype.as_str() {
            "F64" => true,
            "F32" => false,
            other => return Err(format!("{name} is of type {other}; expected F32 or F64")),
        };
        if begin != seen {
            return Err(format!("{name} begins at {begin} where the values before it end at {seen}"));
        }
        let size = shape.iter().try_fold(if wide { 8usize } else { 4 }, |size, &side| size.checked_mul(side));
        let found = begin.checked_add(size.unwrap_or(usize::MAX)).filter(|place| *place == end);
        let bytes = found.and_then(|_| data.get(begin..end));
        let bytes = bytes
            .ok_or_else(|| format!("{name} of shape {shape:?} cannot be at {begin}..{end} of {} bytes", data.len()))?;
        seen = end;
        tensors.push(Tensor { name, shape, wide, bytes });
    }
    match seen == data.len() {
        true => Ok(tensors),
        false => Err(format!("it has {} bytes of values where {seen} are described", data.len())),
    }
}

/// The header, in the order of the file.
struct FileHeader {
    metadata: Vec<(String, String)>,
    tensors: Vec<(String, TensorEntry)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TensorEntry {
    dtype: String,
    shape: Vec<usize>,
    data_offsets: [usize; 2],
}

/// Pairs in their order, no key twice.
struct Pairs(Vec<(String, String)>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct PairsVisitor;
        impl<'de> Visitor<'de> for PairsVisitor {
            type Value = Pairs;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of strings")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Pairs, M::Error> {
                let mut pairs: Vec<(String, String)> = Vec::new();
                while let Some((key, value)) = map.next_entry::<String, String>()? {
                    pairs.push((key, value));
                }
                once(pairs.iter().map(|(key, _)| key))?;
                Ok(Pairs(pairs))
            }
        }
        from.deserialize_map(PairsVisitor)
    }
}

impl<'de> Deserialize<'de> for FileHeader {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct FileHeaderVisitor;
        impl<'de> Visitor<'de> for FileHeaderVisitor {
            type Value = FileHeader;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of tensors")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<FileHeader, M::Error> {
                let (mut metadata, mut tensors) = (None, Vec::new());
                while let Some(name) = map.next_key::<String>()? {
                    match name.as_str() {
                        "__metadata__" if metadata.is_none() => metadata = Some(map.next_value::<Pairs>()?.0),
                        _ => tensors.push((name, map.next_value::<TensorEntry>()?)),
                    }
                }
                once(tensors.iter().map(|(name, _)| name))?;
                Ok(FileHeader { metadata: metadata.unwrap_or_default(), tensors })
            }
        }
        from.deserialize_map(FileHeaderVisitor)
    }
}

/// Returns an error for a key that comes twice.
fn once<'a, E: serde::de::Error>(keys: impl Iterator<Item = &'a String>) -> Result<(), E> {
    let mut seen = HashSet::new();
    match keys.into_iter().find(|key| !seen.insert(*key)) {
        Some(key) => Err(E::custom(format_args!("\"{key}\" comes twice"))),
        None => Ok(()),
    }
}
