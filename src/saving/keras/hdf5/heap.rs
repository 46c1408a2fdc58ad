//! The heaps: names of a group's members, and strings of attributes.

use super::fields::{Fault, Fields};
use super::marks::NOWHERE;
use super::read_budget::ReadBudget;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// The longest name of a member.
const LONGEST_NAME: usize = 1024;

/// The names of one group's members.
pub(super) struct NameHeap<'a> {
    data: &'a [u8],
}

impl<'a> NameHeap<'a> {
    pub(super) fn open(file: &'a [u8], address: u64) -> Fault<Self> {
        let mut fields = Fields::at(file, address)?;
        fields.expect(b"HEAP", "heap of names")?;
        fields.skip(4)?;
        let size = fields.u64()?;
        fields.skip(8)?;
        Ok(NameHeap { data: Fields::range(file, fields.u64()?, size)? })
    }

    /// The name that begins at a place of the heap.
    pub(super) fn name(&self, offset: u64) -> Fault<String> {
        let bytes = usize::try_from(offset).ok().and_then(|offset| self.data.get(offset..)).unwrap_or_default();
        let end = bytes.iter().take(LONGEST_NAME).position(|byte| *byte == 0);
        let name = end.and_then(|end| bytes.get(..end)).filter(|name| !name.is_empty());
        let name = name.and_then(|name| std::str::from_utf8(name).ok());
        name.map(str::to_string).ok_or_else(|| "the name of a member cannot be read".into())
    }
}

/// The strings of attributes, in heaps that are read once each.
#[derive(Default)]
pub(super) struct HeapStrings<'a> {
    heaps: HashMap<u64, HashMap<u32, &'a [u8]>>,
}

impl<'a> HeapStrings<'a> {
    /// The string that an element of 16 bytes refers to.
    pub(super) fn get(&mut self, file: &'a [u8], mut element: Fields<'_>, budget: &mut ReadBudget) -> Fault<&'a [u8]> {
        let (length, address, index) = (element.u32()?, element.u64()?, element.u32()?);
        if length == 0 || address == 0 || address == NOWHERE {
            return Ok(&[]);
        }
        let heap = match self.heaps.entry(address) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(objects(file, address, budget)?),
        };
        let bytes = heap.get(&index).ok_or_else(|| format!("the string {index} of a heap is missing"))?;
        Fields::new(bytes).take(length as usize)
    }
}

/// The objects of a heap by their numbers.
fn objects<'a>(file: &'a [u8], address: u64, budget: &mut ReadBudget) -> Fault<HashMap<u32, &'a [u8]>> {
    let mut head = Fields::at(file, address)?;
    head.expect(b"GCOL", "heap of strings")?;
    head.skip(4)?;
    let bytes = Fields::range(file, address, head.u64()?)?;
    budget.take(bytes.len())?;
    let mut fields = Fields::new(bytes);
    fields.skip(16)?;
    let mut objects = HashMap::new();
    while fields.len() >= 16 {
        let number = fields.u16()?;
        fields.skip(6)?;
        let size = usize::try_from(fields.u64()?).map_err(|_| "a string is longer than the file".to_string())?;
        if number == 0 {
            break;
        }
        objects.insert(number.into(), fields.take(size)?);
        let filling = size.next_multiple_of(8) - size;
        fields.skip(filling.min(fields.len()))?;
    }
    Ok(objects)
}
