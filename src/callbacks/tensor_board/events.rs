//! TensorBoard's event files: records of protocol-buffer messages.

use crate::checksum::crc32c;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Distinguishes files that one process creates within the same second.
static COUNTER: AtomicU64 = AtomicU64::new(0);

/// An event file that is being written.
#[derive(Debug)]
pub(super) struct EventFile {
    file: File,
    /// Complete records that have not been written yet.
    waiting: Vec<u8>,
    path: PathBuf,
    /// The number of bytes that were written.
    length: u64,
}

/// The beginning of the name of every event file, by which TensorBoard finds it.
const PREFIX: &str = "events.out.tfevents.";

/// Returns a new name for the event files of a fit, with the current time.
pub(super) fn new_name() -> String {
    let count = COUNTER.fetch_add(1, Ordering::Relaxed);
    format!("{PREFIX}{:010}.perceptra.{}.{count}.v2", now() as u64, std::process::id())
}

/// Whether this is the name of an event file, without a path to another folder.
pub(super) fn is_name(name: &str) -> bool {
    name.starts_with(PREFIX) && !name.contains(['/', '\\'])
}

impl EventFile {
    /// Creates a file in a folder, which is created if it is missing, and writes the first record, the version of the format.
    pub(super) fn create(folder: &Path, name: &str) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let path = folder.join(name);
        let mut events = EventFile { file: File::create(&path)?, waiting: Vec::new(), path, length: 0 };
        let mut event = Vec::new();
        double(&mut event, 1, now());
        bytes(&mut event, 3, b"brain.Event:2");
        events.record(&event);
        events.flush()?;
        Ok(events)
    }

    /// Opens a file to continue after its first `length` bytes; `None` if it no longer has that many.
    pub(super) fn continued(folder: &Path, name: &str, length: u64) -> io::Result<Option<Self>> {
        let path = folder.join(name);
        if !fs::metadata(&path).is_ok_and(|data| data.is_file() && data.len() >= length) {
            return Ok(None);
        }
        let mut file = OpenOptions::new().write(true).open(&path)?;
        file.set_len(length)?;
        file.seek(SeekFrom::End(0))?;
        Ok(Some(EventFile { file, waiting: Vec::new(), path, length }))
    }

    /// The number of bytes that were written.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Adds one value at a step.
    pub(super) fn scalar(&mut self, tag: &str, step: u64, value: f64) {
        self.record(&scalar_event(now(), tag, step, value));
    }

    /// Writes all added records; after an error the file is truncated to its previous length.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        let result = self.file.write_all(&self.waiting);
        match result {
            Ok(()) => self.length += self.waiting.len() as u64,
            // The first error is the one to report.
            Err(_) => drop(self.file.set_len(self.length)),
        }
        self.waiting.clear();
        result
    }

    /// Adds a record: the length of the message, the checksum of the length, the message, and its checksum.
    fn record(&mut self, message: &[u8]) {
        let length = (message.len() as u64).to_le_bytes();
        self.waiting.extend_from_slice(&length);
        self.waiting.extend_from_slice(&masked(crc32c(&length)).to_le_bytes());
        self.waiting.extend_from_slice(message);
        self.waiting.extend_from_slice(&masked(crc32c(message)).to_le_bytes());
    }
}

/// The seconds since 1970.
fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64())
}

/// Masks a checksum as TensorFlow's record format requires, since a CRC of data that contains CRCs is weak.
fn masked(sum: u32) -> u32 {
    sum.rotate_right(15).wrapping_add(0xa282_ead8)
}

/// `Event { wall_time = 1, step = 2, summary = 5: Summary { value = 1: Value { tag = 1, simple_value = 2, metadata = 9 } } }`
fn scalar_event(wall_time: f64, tag: &str, step: u64, scalar: f64) -> Vec<u8> {
    let mut value = Vec::new();
    bytes(&mut value, 1, tag.as_bytes());
    key(&mut value, 2, 5);
    value.extend_from_slice(&(scalar as f32).to_le_bytes());
    // SummaryMetadata { plugin_data = 1: PluginData { plugin_name = 1: "scalars" } }
    let mut plugin = Vec::new();
    bytes(&mut plugin, 1, b"scalars");
    let mut metadata = Vec::new();
    bytes(&mut metadata, 1, &plugin);
    bytes(&mut value, 9, &metadata);
    let mut summary = Vec::new();
    bytes(&mut summary, 1, &value);
    let mut event = Vec::new();
    double(&mut event, 1, wall_time);
    key(&mut event, 2, 0);
    varint(&mut event, step);
    bytes(&mut event, 5, &summary);
    event
}

/// Writes the number and wire type of a field, as in protocol buffers.
fn key(to: &mut Vec<u8>, field: u64, wire: u64) {
    varint(to, field << 3 | wire);
}

fn varint(to: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        to.push(value as u8 | 0x80);
        value >>= 7;
    }
    to.push(value as u8);
}

fn double(to: &mut Vec<u8>, field: u64, value: f64) {
    key(to, field, 1);
    to.extend_from_slice(&value.to_le_bytes());
}

fn bytes(to: &mut Vec<u8>, field: u64, value: &[u8]) {
    key(to, field, 2);
    varint(to, value.len() as u64);
    to.extend_from_slice(value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_those_of_the_schema() {
        // As `protoc --encode tensorflow.Event` writes it.
        let expected = [
            0x09, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 0x10, 0xac, 0x02, 0x2a, 0x1a, 0x0a, 0x18, 0x0a, 0x04, b'l', b'o', b's',
            b's', 0x15, 0, 0, 0, 0x3f, 0x4a, 0x0b, 0x0a, 0x09, 0x0a, 0x07, b's', b'c', b'a', b'l', b'a', b'r', b's',
        ];
        assert_eq!(scalar_event(1.5, "loss", 300, 0.5), expected);
    }

    #[test]
    fn a_masked_check_sum() {
        // The checksum of the length 24, as it is at the beginning of every event file of that first record.
        assert_eq!(masked(crc32c(&24u64.to_le_bytes())).to_le_bytes(), [0xa3, 0x7f, 0x4b, 0x22]);
    }
}
