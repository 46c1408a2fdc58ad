//! A file as a tree of groups and arrays.

use super::fields::{Fault, Fields};
use super::header::{Message, count, messages, shape};
use super::heap::HeapStrings;
use super::marks::{NOWHERE, SIGNATURE};
use super::number::{ElementType, NumberType};
use super::read_budget::ReadBudget;
use super::{attribute, group};
use std::collections::{BTreeMap, HashSet};

/// Groups within groups; Keras's are four or five deep.
const DEEPEST: usize = 32;

/// A group: its members by name, and its attributes.
#[derive(Debug, Default)]
pub(in crate::saving::keras) struct Group<'a> {
    groups: BTreeMap<String, Group<'a>>,
    arrays: BTreeMap<String, Array<'a>>,
    attributes: BTreeMap<String, Vec<String>>,
}

/// Numbers in a file.
#[derive(Debug, Clone)]
pub(in crate::saving::keras) struct Array<'a> {
    pub(in crate::saving::keras) shape: Vec<usize>,
    pub(in crate::saving::keras) number: NumberType,
    bytes: &'a [u8],
}

impl<'a> Group<'a> {
    /// The group at the end of a path such as `layers/dense`.
    pub(in crate::saving::keras) fn group(&self, path: &str) -> Option<&Group<'a>> {
        path.split('/').filter(|part| !part.is_empty()).try_fold(self, |group, name| group.groups.get(name))
    }

    /// The group of a name that may hold any character.
    pub(in crate::saving::keras) fn member(&self, name: &str) -> Option<&Group<'a>> {
        self.groups.get(name)
    }

    /// The array at the end of a path.
    pub(in crate::saving::keras) fn array(&self, path: &str) -> Option<&Array<'a>> {
        match path.rsplit_once('/') {
            Some((groups, name)) => self.group(groups)?.arrays.get(name),
            None => self.arrays.get(path),
        }
    }

    /// The names of the groups in it.
    pub(in crate::saving::keras) fn group_names(&self) -> impl Iterator<Item = &str> {
        self.groups.keys().map(String::as_str)
    }

    /// The arrays that are called `0`, `1`, …, as Keras counts a layer's variables.
    pub(in crate::saving::keras) fn counted(&self) -> impl Iterator<Item = &Array<'a>> {
        (0..self.arrays.len()).map_while(|number| self.arrays.get(&number.to_string()))
    }

    /// The strings of an attribute.
    pub(in crate::saving::keras) fn attribute(&self, name: &str) -> Option<&[String]> {
        self.attributes.get(name).map(Vec::as_slice)
    }
}

impl Array<'_> {
    /// The values in their order.
    pub(in crate::saving::keras) fn values(&self) -> impl Iterator<Item = f64> {
        self.bytes.chunks_exact(self.number.size().max(1)).map(|bytes| self.number.value(bytes))
    }

    /// The value of an array of one.
    pub(in crate::saving::keras) fn single(&self) -> Option<f64> {
        let mut values = self.values();
        values.next().filter(|_| values.next().is_none())
    }
}

/// Parses a file; the error states what is wrong with it.
///
/// Arrays stay where they are. Every object and every table is entered once, and for the rest there is
/// [`ReadBudget`], so what is allocated stays in proportion to the file.
pub(in crate::saving::keras) fn parse(file: &[u8]) -> Result<Group<'_>, String> {
    let root = root(file)?;
    let mut reader =
        TreeReader { file, seen: HashSet::new(), strings: HeapStrings::default(), budget: ReadBudget::for_file(file) };
    match reader.object(root, 0)? {
        Object::Group(group) => Ok(group),
        Object::Array(_) => Err("its root is no group".into()),
    }
}

/// The address of the root group's header.
fn root(file: &[u8]) -> Fault<u64> {
    let mut fields = Fields::new(file);
    fields.expect(SIGNATURE, "HDF5 signature")?;
    let version = fields.u8()?;
    let sizes = |offsets: u8, lengths: u8| match (offsets, lengths) {
        (8, 8) => Ok(()),
        _ => Err(format!("its addresses have {offsets} bytes and its lengths {lengths}; expected 8")),
    };
    let base = match version {
        0 | 1 => {
            fields.skip(4)?;
            sizes(fields.u8()?, fields.u8()?)?;
            fields.skip(if version == 0 { 9 } else { 13 })?;
            let base = fields.u64()?;
            fields.skip(32)?;
            base
        }
        2 | 3 => {
            sizes(fields.u8()?, fields.u8()?)?;
            fields.skip(1)?;
            let base = fields.u64()?;
            fields.skip(16)?;
            base
        }
        other => return Err(format!("its superblock is of version {other}; versions 0 to 3 are read")),
    };
    if base != 0 {
        return Err(format!("its addresses count from byte {base}; expected 0"));
    }
    fields.u64()
}

struct TreeReader<'a> {
    file: &'a [u8],
    /// The addresses of objects and tables that have been visited.
    seen: HashSet<u64>,
    strings: HeapStrings<'a>,
    budget: ReadBudget,
}

enum Object<'a> {
    Group(Group<'a>),
    Array(Array<'a>),
}

impl<'a> TreeReader<'a> {
    fn object(&mut self, address: u64, depth: usize) -> Fault<Object<'a>> {
        if depth > DEEPEST {
            return Err(format!("it has groups within groups more than {DEEPEST} deep"));
        }
        if !self.seen.insert(address) {
            return Err("an object of it has two names".into());
        }
        let messages = messages(self.file, address, &mut self.budget)?;
        match messages.iter().any(|message| message.kind == 0x08) {
            true => self.array(&messages).map(Object::Array),
            false => self.group(&messages, depth).map(Object::Group),
        }
    }

    fn group(&mut self, messages: &[Message<'a>], depth: usize) -> Fault<Group<'a>> {
        let mut group = Group::default();
        let mut members = Vec::new();
        for message in messages {
            match message.kind {
                0x02 => group::refuse_dense(message.fields)?,
                0x06 => members.push(group::link(message.fields)?),
                0x0c if message.shared => return Err("an attribute is shared with other objects".into()),
                0x0c => {
                    let (name, strings) =
                        attribute::read(self.file, message.fields, &mut self.strings, &mut self.budget)?;
                    group.attributes.insert(name, strings);
                }
                0x11 => members.extend(group::members(self.file, message.fields, &mut self.seen)?),
                _ => {}
            }
        }
        for (name, address) in members {
            match self.object(address, depth + 1).map_err(|reason| within(&name, reason))? {
                Object::Group(inner) => group.groups.insert(name, inner).is_some(),
                Object::Array(array) => group.arrays.insert(name, array).is_some(),
            };
        }
        Ok(group)
    }

    fn array(&self, messages: &[Message<'a>]) -> Fault<Array<'a>> {
        let find = |kind: u16, what: &str| {
            let message = messages.iter().find(|message| message.kind == kind && !message.shared);
            message.map(|message| message.fields).ok_or_else(|| format!("an array has no {what}"))
        };
        let shape = shape(find(0x01, "shape")?)?;
        let element = ElementType::read(find(0x03, "unshared type")?)?;
        let ElementType::Number(number) = element else {
            return Err(format!("an array holds {element:?}; expected numbers"));
        };
        let size = count(&shape)?.checked_mul(number.size());
        let size = size.ok_or_else(|| format!("an array of shape {shape:?} is larger than any memory"))?;
        let mut layout = find(0x08, "place")?;
        let version = layout.u8()?;
        if !(3..=4).contains(&version) {
            return Err(format!("it has a data layout of version {version}"));
        }
        let bytes = match layout.u8()? {
            0 => {
                let length = layout.u16()?;
                layout.take(length.into())?
            }
            1 => {
                let (address, length) = (layout.u64()?, layout.u64()?);
                if address == NOWHERE && size == 0 { &[] } else { Fields::range(self.file, address, length)? }
            }
            _ => return Err("an array is stored in chunks; save it without compression".into()),
        };
        let bytes = bytes
            .get(..size)
            .ok_or_else(|| format!("an array of shape {shape:?} takes {size} bytes where there are {}", bytes.len()))?;
        Ok(Array { shape, number, bytes })
    }
}

/// A reason with the path of the member.
fn within(name: &str, reason: String) -> String {
    match reason.strip_prefix("in ") {
        Some(inner) => format!("in {name}/{inner}"),
        None => format!("in {name}: {reason}"),
    }
}
