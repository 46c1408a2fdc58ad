//! A tree of groups and arrays as the bytes of a file, in the layout that h5py writes by default.

use super::marks::{NOWHERE, SIGNATURE};
use super::number::NumberType;

/// The members of one symbol table: twice the K of leaves.
const TABLE: usize = 8;
/// The children of one node of a tree: twice the K of nodes.
const CHILDREN: usize = 32;
/// The strings of one heap, whose indices have 16 bits.
const STRINGS: usize = 1 << 15;
/// The size of the smallest heap, in bytes.
const SMALLEST_HEAP: usize = 4096;
/// A heap of names without a free place.
const NO_FREE_PLACE: u64 = 1;
const SUPERBLOCK: usize = 96;

/// A group that is to be written.
#[derive(Debug, Default)]
pub(in crate::saving::keras) struct Branch {
    pub(in crate::saving::keras) groups: Vec<(String, Branch)>,
    pub(in crate::saving::keras) arrays: Vec<(String, Leaf)>,
    /// Its strings.
    pub(in crate::saving::keras) attributes: Vec<(String, String)>,
}

/// An array that is to be written.
#[derive(Debug)]
pub(in crate::saving::keras) struct Leaf {
    pub(in crate::saving::keras) shape: Vec<usize>,
    pub(in crate::saving::keras) number: NumberType,
    /// The values, little-endian.
    pub(in crate::saving::keras) bytes: Vec<u8>,
}

/// The bytes of a file.
pub(in crate::saving::keras) fn write(root: &Branch) -> Vec<u8> {
    let mut writer = TreeWriter { file: vec![0; SUPERBLOCK], strings: Vec::new(), used: 0 };
    let mut strings = Vec::new();
    gather(root, &mut strings);
    for part in strings.chunks(STRINGS) {
        writer.heap_of_strings(part);
    }
    let root = writer.group(root);
    let head = superblock(&root, writer.file.len());
    writer.file.splice(..SUPERBLOCK, head);
    writer.file
}

/// The strings of all attributes in the order in which groups are written.
fn gather<'a>(branch: &'a Branch, strings: &mut Vec<&'a str>) {
    branch.groups.iter().for_each(|(_, inner)| gather(inner, strings));
    strings.extend(branch.attributes.iter().map(|(_, text)| text.as_str()));
}

/// The addresses of the parts of a written group.
struct WrittenGroup {
    header: u64,
    tree: u64,
    names: u64,
}

fn superblock(root: &WrittenGroup, length: usize) -> Vec<u8> {
    let mut head = SIGNATURE.to_vec();
    // Versions of superblock, free space, root and shared messages; 8 bytes for addresses and for lengths.
    head.extend([0, 0, 0, 0, 0, 8, 8, 0]);
    head.extend((TABLE as u16 / 2).to_le_bytes());
    head.extend((CHILDREN as u16 / 2).to_le_bytes());
    head.extend([0; 4]);
    for address in [0, NOWHERE, length as u64, NOWHERE, 0, root.header, 1, root.tree, root.names] {
        head.extend(address.to_le_bytes());
    }
    head
}

struct TreeWriter {
    file: Vec<u8>,
    /// The location of each string: its length, the address of its heap, its index there.
    strings: Vec<(u32, u64, u32)>,
    /// The number of strings that attributes refer to so far.
    used: usize,
}

impl TreeWriter {
    /// Adds bytes at a multiple of 8 and returns their address.
    fn push(&mut self, bytes: &[u8]) -> u64 {
        self.file.resize(self.file.len().next_multiple_of(8), 0);
        let address = self.file.len();
        self.file.extend_from_slice(bytes);
        address as u64
    }

    fn heap_of_strings(&mut self, strings: &[&str]) {
        let address = self.file.len().next_multiple_of(8) as u64;
        let mut objects = Vec::new();
        for (number, text) in (1u16..).zip(strings) {
            objects.extend(number.to_le_bytes());
            objects.extend([0; 6]);
            objects.extend((text.len() as u64).to_le_bytes());
            objects.extend_from_slice(text.as_bytes());
            objects.resize(objects.len().next_multiple_of(8), 0);
            self.strings.push((text.len() as u32, address, number.into()));
        }
        let size = (16 + objects.len() + 16).max(SMALLEST_HEAP);
        let free = size - 16 - objects.len();
        let mut heap = b"GCOL\x01\0\0\0".to_vec();
        heap.extend((size as u64).to_le_bytes());
        heap.extend(objects);
        // Number 0 is what is free, including its head.
        heap.extend([0; 8]);
        heap.extend((free as u64).to_le_bytes());
        heap.resize(size, 0);
        self.push(&heap);
    }

    fn group(&mut self, branch: &Branch) -> WrittenGroup {
        let mut members: Vec<(&str, u64, Option<WrittenGroup>)> = Vec::new();
        for (name, inner) in &branch.groups {
            let written = self.group(inner);
            members.push((name, written.header, Some(written)));
        }
        for (name, leaf) in &branch.arrays {
            let header = self.array(leaf);
            members.push((name, header, None));
        }
        members.sort_by_key(|(name, ..)| *name);
        let mut names = vec![0; 8];
        let mut entries = Vec::new();
        for (name, header, inner) in members {
            let place = names.len() as u64;
            names.extend_from_slice(name.as_bytes());
            names.resize((names.len() + 1).next_multiple_of(8), 0);
            let mut entry = Vec::with_capacity(40);
            entry.extend(place.to_le_bytes());
            entry.extend(header.to_le_bytes());
            entry.extend(u64::from(inner.is_some()).to_le_bytes());
            for place in inner.map_or([0, 0], |inner| [inner.tree, inner.names]) {
                entry.extend(place.to_le_bytes());
            }
            entries.push((place, entry));
        }
        let tree = self.tree(&entries);
        let names = self.heap_of_names(&names);
        let mut table = tree.to_le_bytes().to_vec();
        table.extend(names.to_le_bytes());
        let mut messages = vec![(0x11u16, table)];
        for (name, _) in &branch.attributes {
            let attribute = self.attribute(name);
            messages.push((0x0c, attribute));
        }
        WrittenGroup { header: self.header(&messages), tree, names }
    }

    /// The tables of a group and the tree over them.
    fn tree(&mut self, entries: &[(u64, Vec<u8>)]) -> u64 {
        // Each child with the place of its last name.
        let mut nodes: Vec<(u64, u64)> = Vec::new();
        for part in entries.chunks(TABLE) {
            let mut table = b"SNOD\x01\0".to_vec();
            table.extend((part.len() as u16).to_le_bytes());
            part.iter().for_each(|(_, entry)| table.extend(entry));
            table.resize(8 + 40 * TABLE, 0);
            nodes.push((self.push(&table), part.last().map_or(0, |(place, _)| *place)));
        }
        let mut level = 0;
        loop {
            nodes = self.level(level, &nodes);
            level += 1;
            if let [(address, _)] = nodes[..] {
                return address;
            }
        }
    }

    /// The nodes over those of the level below; at least one.
    fn level(&mut self, level: u8, children: &[(u64, u64)]) -> Vec<(u64, u64)> {
        const SIZE: usize = 24 + 16 * CHILDREN + 8;
        let parts: Vec<&[(u64, u64)]> =
            if children.is_empty() { vec![children] } else { children.chunks(CHILDREN).collect() };
        let first = self.file.len().next_multiple_of(8);
        let neighbour = |index: Option<usize>| {
            index.filter(|index| *index < parts.len()).map_or(NOWHERE, |index| (first + index * SIZE) as u64)
        };
        let mut before = 0u64;
        let mut nodes = Vec::new();
        for (index, part) in parts.iter().enumerate() {
            let mut node = b"TREE\0".to_vec();
            node.push(level);
            node.extend((part.len() as u16).to_le_bytes());
            node.extend(neighbour(index.checked_sub(1)).to_le_bytes());
            node.extend(neighbour(Some(index + 1)).to_le_bytes());
            node.extend(before.to_le_bytes());
            for (address, last) in *part {
                node.extend(address.to_le_bytes());
                node.extend(last.to_le_bytes());
                before = *last;
            }
            node.resize(SIZE, 0);
            nodes.push((self.push(&node), before));
        }
        nodes
    }

    fn heap_of_names(&mut self, names: &[u8]) -> u64 {
        let data = self.push(names);
        let mut heap = b"HEAP\0\0\0\0".to_vec();
        heap.extend((names.len() as u64).to_le_bytes());
        heap.extend(NO_FREE_PLACE.to_le_bytes());
        heap.extend(data.to_le_bytes());
        self.push(&heap)
    }

    /// An attribute with the next text.
    fn attribute(&mut self, name: &str) -> Vec<u8> {
        let (length, address, number) = self.strings.get(self.used).copied().unwrap_or_default();
        self.used += 1;
        // The type: strings of any length in UTF-8, made of bytes.
        const TYPE: [u8; 20] = [0x19, 1, 1, 0, 16, 0, 0, 0, 0x10, 0, 0, 0, 1, 0, 0, 0, 0, 0, 8, 0];
        let mut attribute = vec![1, 0];
        for size in [name.len() + 1, TYPE.len(), 8] {
            attribute.extend((size as u16).to_le_bytes());
        }
        attribute.extend_from_slice(name.as_bytes());
        attribute.resize((attribute.len() + 1).next_multiple_of(8), 0);
        attribute.extend(TYPE);
        attribute.resize(attribute.len().next_multiple_of(8), 0);
        // The shape: one text.
        attribute.extend([1, 0, 0, 0, 0, 0, 0, 0]);
        attribute.extend(length.to_le_bytes());
        attribute.extend(address.to_le_bytes());
        attribute.extend(number.to_le_bytes());
        attribute
    }

    fn array(&mut self, leaf: &Leaf) -> u64 {
        let address = if leaf.bytes.is_empty() { NOWHERE } else { self.push(&leaf.bytes) };
        let mut shape = vec![1, leaf.shape.len() as u8, 0, 0, 0, 0, 0, 0];
        leaf.shape.iter().for_each(|side| shape.extend((*side as u64).to_le_bytes()));
        let mut layout = vec![3, 1];
        layout.extend(address.to_le_bytes());
        layout.extend((leaf.bytes.len() as u64).to_le_bytes());
        // No value to fill with but zeros, written late.
        let filling = vec![2, 2, 2, 1, 0, 0, 0, 0];
        self.header(&[(0x01, shape), (0x03, kind(leaf.number)), (0x05, filling), (0x08, layout)])
    }

    fn header(&mut self, messages: &[(u16, Vec<u8>)]) -> u64 {
        let mut block = Vec::new();
        for (kind, content) in messages {
            let size = content.len().next_multiple_of(8);
            block.extend(kind.to_le_bytes());
            block.extend((size as u16).to_le_bytes());
            block.extend([0; 4]);
            let end = block.len() + size;
            block.extend_from_slice(content);
            block.resize(end, 0);
        }
        let mut header = vec![1, 0];
        header.extend((messages.len() as u16).to_le_bytes());
        header.extend(1u32.to_le_bytes());
        header.extend((block.len() as u32).to_le_bytes());
        header.extend([0; 4]);
        header.extend(block);
        self.push(&header)
    }
}

/// The message for a type of numbers.
fn kind(number: NumberType) -> Vec<u8> {
    let size = number.size() as u8;
    let float = |sign: u8, exponent: [u8; 2], mantissa: u8, bias: u32| {
        let mut kind = vec![0x11, 0x20, sign, 0, size, 0, 0, 0, 0, 0, 8 * size, 0];
        kind.extend([exponent[0], exponent[1], 0, mantissa]);
        kind.extend(bias.to_le_bytes());
        kind
    };
    let integer = |signed: u8| vec![0x10, signed, 0, 0, size, 0, 0, 0, 0, 0, 8 * size, 0];
    match number {
        NumberType::F16 => float(15, [10, 5], 10, 15),
        NumberType::F32 => float(31, [23, 8], 23, 127),
        NumberType::F64 => float(63, [52, 11], 52, 1023),
        NumberType::Signed(_) => integer(8),
        NumberType::Unsigned(_) => integer(0),
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    fn leaf(number: NumberType, values: usize) -> Leaf {
        let bytes = (0..values * number.size()).map(|i| i as u8).collect();
        Leaf { shape: vec![values], number, bytes }
    }

    #[test]
    fn written_files_can_be_read() {
        let numbers =
            [NumberType::F16, NumberType::F32, NumberType::F64, NumberType::Signed(8), NumberType::Unsigned(1)];
        // Enough members for one node, for a tree of two levels and for one of three.
        for members in [0, 1, 8, 9, 300, 9000] {
            let array = |i: usize| (i.to_string(), leaf(numbers[i % numbers.len()], i % 7));
            let attributes = vec![("name".into(), "dense_é".into()), ("empty".into(), String::new())];
            let inner = Branch { arrays: (0..members).map(array).collect(), attributes, groups: Vec::new() };
            let root = Branch { groups: vec![("vars".into(), inner)], ..Branch::default() };
            let file = write(&root);
            let read = parse(&file).unwrap();
            let vars = read.group("vars").unwrap();
            assert_eq!(vars.attribute("name"), Some(&["dense_é".to_string()][..]));
            assert_eq!(vars.attribute("empty"), Some(&[String::new()][..]));
            assert_eq!(vars.counted().count(), members);
            for (i, found) in vars.counted().enumerate() {
                let (_, expected) = array(i);
                assert_eq!((&found.shape, found.number), (&expected.shape, expected.number));
                let bytes = expected.bytes.chunks(expected.number.size()).map(|bytes| expected.number.value(bytes));
                assert!(found.values().zip(bytes).all(|(a, b)| a == b || a.is_nan() && b.is_nan()));
            }
        }
    }
}
