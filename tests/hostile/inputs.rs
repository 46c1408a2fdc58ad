//! The inputs of a reader: committed files, and mutations of them.

use super::allocation::most_held;
use std::path::Path;

/// Changed inputs for each reader: enough to see a guard go missing, few enough for every test run.
const CHANGES: usize = 2000;

/// Lengths beyond this are for fuzzing.
const LONGEST: usize = 32 << 10;

/// Runs a reader over all its inputs, and checks that each takes at most `most` bytes of memory.
pub(crate) fn run(reader: &str, read: fn(&[u8]), most: fn(usize) -> usize) {
    let seeds = files("corpus", reader);
    assert!(!seeds.is_empty(), "{reader} has no seeds");
    let check = |input: &[u8], what: &str| {
        let (held, ()) = most_held(|| read(input));
        assert!(held <= most(input.len()), "{reader}, {what}: {held} bytes for an input of {}", input.len());
    };
    let committed: Vec<(String, Vec<u8>)> = seeds.iter().cloned().chain(files("finds", reader)).collect();
    for (name, input) in &committed {
        check(input, name);
        for length in [0, 1, input.len() / 2, input.len().saturating_sub(1)] {
            check(&input[..length], &format!("{name} cut at {length}"));
        }
    }
    let mut numbers = Numbers(7);
    for change in 0..CHANGES {
        let (name, input) = &committed[numbers.below(committed.len())];
        let (_, other) = &committed[numbers.below(committed.len())];
        let changed = changed(input, other, &mut numbers);
        check(&changed, &format!("change {change} of {name}"));
    }
}

fn files(kind: &str, reader: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hostile").join(kind).join(reader);
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| (path.display().to_string(), std::fs::read(path).unwrap())).collect()
}

/// Strings that readers may fail on: limits of numbers, brackets, names with a meaning.
const WORDS: [&str; 24] = [
    "0",
    "-1",
    "4294967295",
    "18446744073709551615",
    "1e308",
    "1e-320",
    "null",
    "true",
    "[]",
    "{}",
    "\"\"",
    "[[",
    "{\"a\":",
    "\"class_name\":\"Dense\"",
    "\"units\":4294967295",
    "\"linear\"",
    ",",
    ";",
    "\n",
    "\"",
    "NaN",
    "\u{e9}",
    "\0",
    "\\u0000",
];

/// An input with a few changes: bytes, pieces of itself or of another input, words.
fn changed(input: &[u8], other: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for _ in 0..1 + numbers.below(4) {
        let place = numbers.below(bytes.len() + 1);
        let end = (place + numbers.below(24)).min(bytes.len());
        match numbers.below(6) {
            0 if place < bytes.len() => bytes[place] ^= 1 << numbers.below(8),
            1 if place < bytes.len() => bytes[place] = numbers.next() as u8,
            2 => drop(bytes.drain(place..end)),
            3 => {
                let from = numbers.below(other.len() + 1);
                let until = (from + numbers.below(64)).min(other.len());
                drop(bytes.splice(place..place, other[from..until].iter().copied()));
            }
            4 => {
                // A value of JSON is replaced rather than broken.
                let end = bytes[place..].iter().position(|byte| b",]}".contains(byte)).map_or(end, |end| place + end);
                let begin =
                    bytes[..place].iter().rposition(|byte| b":[,".contains(byte)).map_or(place, |begin| begin + 1);
                drop(bytes.splice(begin..end, WORDS[numbers.below(WORDS.len())].bytes()));
            }
            _ => drop(bytes.splice(place..place, WORDS[numbers.below(WORDS.len())].bytes())),
        }
    }
    // In a file with a header that begins with its length, the length fits again.
    if bytes.get(8) == Some(&b'{') && numbers.below(4) > 0 {
        let grown = bytes.len() as u64 + u64::from_le_bytes(input[..8].try_into().unwrap());
        let length = grown.saturating_sub(input.len() as u64);
        bytes[..8].copy_from_slice(&length.to_le_bytes());
    }
    bytes.truncate(LONGEST);
    bytes
}

/// SplitMix64.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }
}
