//! Object headers: the messages that describe a group or an array.

use super::fields::{Fault, Fields};
use super::read_budget::ReadBudget;
use std::collections::VecDeque;

const CONTINUATION: u16 = 0x10;

/// A message about an object.
#[derive(Debug, Clone, Copy)]
pub(super) struct Message<'a> {
    pub(super) kind: u16,
    /// Whether it is elsewhere and shared by several objects.
    pub(super) shared: bool,
    pub(super) fields: Fields<'a>,
}

/// A block of messages and how its messages begin.
#[derive(Clone, Copy)]
struct MessageBlock<'a> {
    fields: Fields<'a>,
    /// The bytes in front of a message's content: 8 in the first version, 4 or 6 in the second.
    prefix: usize,
}

/// All messages of the object at an address.
pub(super) fn messages<'a>(file: &'a [u8], address: u64, budget: &mut ReadBudget) -> Fault<Vec<Message<'a>>> {
    let mut blocks = VecDeque::from([first_block(file, address)?]);
    let mut messages = Vec::new();
    while let Some(MessageBlock { mut fields, prefix }) = blocks.pop_front() {
        budget.take(fields.len())?;
        while fields.len() >= prefix {
            let message = message(&mut fields, prefix)?;
            if message.kind != CONTINUATION {
                messages.push(message);
                continue;
            }
            let mut place = message.fields;
            let (address, length) = (place.u64()?, place.u64()?);
            let bytes = Fields::range(file, address, length)?;
            blocks.push_back(MessageBlock { fields: continued(bytes, prefix)?, prefix });
        }
    }
    Ok(messages)
}

fn first_block(file: &[u8], address: u64) -> Fault<MessageBlock<'_>> {
    let mut fields = Fields::at(file, address)?;
    let mut ahead = fields;
    if ahead.take(4).is_ok_and(|signature| signature == b"OHDR") {
        return second_version(ahead);
    }
    let version = fields.u8()?;
    if version != 1 {
        return Err(format!("there is no object at byte {address}"));
    }
    // A reserved byte, the number of messages and that of references to the object; filled up to 8 bytes.
    fields.skip(7)?;
    let size = fields.u32()?;
    fields.skip(4)?;
    Ok(MessageBlock { fields: Fields::new(fields.take(size as usize)?), prefix: 8 })
}

fn second_version(mut fields: Fields<'_>) -> Fault<MessageBlock<'_>> {
    let version = fields.u8()?;
    if version != 2 {
        return Err(format!("it has an object header of version {version}"));
    }
    let flags = fields.u8()?;
    fields.skip(if flags & 0x20 != 0 { 16 } else { 0 })?;
    fields.skip(if flags & 0x10 != 0 { 4 } else { 0 })?;
    let size = fields.sized(1 << (flags & 3))?;
    let size = usize::try_from(size).map_err(|_| "an object header is longer than any file".to_string())?;
    Ok(MessageBlock { fields: Fields::new(fields.take(size)?), prefix: if flags & 0x04 != 0 { 6 } else { 4 } })
}

/// The messages of a further block; in the second version they are between a signature and a checksum.
fn continued(bytes: &[u8], prefix: usize) -> Fault<Fields<'_>> {
    let mut fields = Fields::new(bytes);
    if prefix == 8 {
        return Ok(fields);
    }
    fields.expect(b"OCHK", "block of an object header")?;
    let length = fields.len().saturating_sub(4);
    Ok(Fields::new(fields.take(length)?))
}

fn message<'a>(fields: &mut Fields<'a>, prefix: usize) -> Fault<Message<'a>> {
    let kind = if prefix == 8 { fields.u16()? } else { fields.u8()?.into() };
    let size = fields.u16()?;
    let flags = fields.u8()?;
    fields.skip(if prefix == 8 { 3 } else { prefix - 4 })?;
    Ok(Message { kind, shared: flags & 2 != 0, fields: Fields::new(fields.take(size.into())?) })
}

/// The sides of an array; one without sides is a single number.
pub(super) fn shape(mut fields: Fields<'_>) -> Fault<Vec<usize>> {
    let version = fields.u8()?;
    let rank = fields.u8()?;
    fields.skip(match version {
        1 => 6,
        2 => 2,
        _ => return Err(format!("it has a dataspace of version {version}")),
    })?;
    (0..rank).map(|_| usize::try_from(fields.u64()?).map_err(|_| "an array is larger than any memory".into())).collect()
}

/// The number of elements of a shape.
pub(super) fn count(shape: &[usize]) -> Fault<usize> {
    shape
        .iter()
        .try_fold(1usize, |count, side| count.checked_mul(*side))
        .ok_or_else(|| format!("an array of shape {shape:?} is larger than any memory"))
}
