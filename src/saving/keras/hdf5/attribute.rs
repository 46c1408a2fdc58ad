//! Attributes: strings attached to a group.

use super::fields::{Fault, Fields};
use super::header::{count, shape};
use super::heap::HeapStrings;
use super::number::ElementType;
use super::read_budget::ReadBudget;

/// The name of an attribute and its strings; none for an attribute of numbers.
pub(super) fn read<'a>(
    file: &'a [u8],
    mut fields: Fields<'_>,
    heaps: &mut HeapStrings<'a>,
    budget: &mut ReadBudget,
) -> Fault<(String, Vec<String>)> {
    let version = fields.u8()?;
    let flags = fields.u8()?;
    let (name, element, space) = (fields.u16()?, fields.u16()?, fields.u16()?);
    // In the first version every part is filled up to 8 bytes; from the third on the character set is declared.
    let filled = |size: u16| if version == 1 { usize::from(size).next_multiple_of(8) } else { size.into() };
    match version {
        1 | 2 => {}
        3 => fields.skip(1)?,
        other => return Err(format!("it has an attribute of version {other}")),
    }
    if version > 1 && flags != 0 {
        return Err("the type of an attribute is shared with others".into());
    }
    let name = string(fields.take(filled(name))?)?;
    let element = ElementType::read(Fields::new(fields.take(filled(element))?))?;
    let shape = shape(Fields::new(fields.take(filled(space))?))?;
    let length = match element {
        ElementType::Text(length) => length,
        ElementType::HeapText => element.size(),
        _ => return Ok((name, Vec::new())),
    };
    let mut strings = Vec::new();
    for _ in 0..count(&shape)? {
        let bytes = fields.take(length)?;
        let bytes = if element == ElementType::HeapText { heaps.get(file, Fields::new(bytes), budget)? } else { bytes };
        // Many attributes may refer to one long string.
        budget.take(bytes.len() + size_of::<String>())?;
        strings.push(string(bytes)?);
    }
    Ok((name, strings))
}

/// Bytes up to the first zero as a string.
fn string(bytes: &[u8]) -> Fault<String> {
    let bytes = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
    std::str::from_utf8(bytes).map(str::to_string).map_err(|_| "a string is not UTF-8".into())
}
