//! The members of a group: their names and where they are described.

use super::fields::{Fault, Fields};
use super::heap::NameHeap;
use super::marks::NOWHERE;
use std::collections::HashSet;

/// The members of a group of the first version, from its tree of tables and its heap of names.
pub(super) fn members(file: &[u8], mut table: Fields<'_>, seen: &mut HashSet<u64>) -> Fault<Vec<(String, u64)>> {
    let (tree, names) = (table.u64()?, NameHeap::open(file, table.u64()?)?);
    let mut members = Vec::new();
    let mut nodes = vec![(tree, u8::MAX)];
    while let Some((address, above)) = nodes.pop() {
        if !seen.insert(address) {
            return Err("a part of it belongs to two groups".into());
        }
        let mut fields = Fields::at(file, address)?;
        let mut ahead = fields;
        if ahead.take(4).is_ok_and(|signature| signature == b"SNOD") {
            ahead.skip(2)?;
            let count = ahead.u16()?;
            for _ in 0..count {
                let (name, object, cache) = (ahead.u64()?, ahead.u64()?, ahead.u32()?);
                ahead.skip(20)?;
                if cache == 2 {
                    return Err(format!("the member {} is a symbolic link", names.name(name)?));
                }
                members.push((names.name(name)?, object));
            }
            continue;
        }
        fields.expect(b"TREE", "table of a group")?;
        let (kind, level, count) = (fields.u8()?, fields.u8()?, fields.u16()?);
        if kind != 0 || level >= above {
            return Err("the tables of a group are out of order".into());
        }
        fields.skip(16)?;
        let mut children = Vec::new();
        for _ in 0..count {
            fields.skip(8)?;
            children.push((fields.u64()?, level));
        }
        nodes.extend(children.into_iter().rev());
    }
    Ok(members)
}

/// The member that a message of the second version names.
pub(super) fn link(mut fields: Fields<'_>) -> Fault<(String, u64)> {
    let version = fields.u8()?;
    if version != 1 {
        return Err(format!("it has a link of version {version}"));
    }
    let flags = fields.u8()?;
    let kind = if flags & 0x08 != 0 { fields.u8()? } else { 0 };
    fields.skip(if flags & 0x04 != 0 { 8 } else { 0 })?;
    fields.skip(if flags & 0x10 != 0 { 1 } else { 0 })?;
    let length = usize::try_from(fields.sized(1 << (flags & 3))?).unwrap_or(usize::MAX);
    let name =
        std::str::from_utf8(fields.take(length)?).map_err(|_| "the name of a member is not UTF-8".to_string())?;
    match kind {
        0 => Ok((name.to_string(), fields.u64()?)),
        _ => Err(format!("the member {name} is a symbolic or external link")),
    }
}

/// Returns an error for a group with members in a heap of version 2.
pub(super) fn refuse_dense(mut fields: Fields<'_>) -> Fault<()> {
    fields.skip(1)?;
    let flags = fields.u8()?;
    fields.skip(if flags & 1 != 0 { 8 } else { 0 })?;
    match fields.u64()? {
        NOWHERE => Ok(()),
        _ => {
            Err("a group keeps its members in a fractal heap; write it with h5py's usual libver, not \"latest\"".into())
        }
    }
}
