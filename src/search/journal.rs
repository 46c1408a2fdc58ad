//! The file to which a search appends every finished trial.

use super::TrialArguments;
use super::journal_line::{BEGIN, JournalLine, opened, sealed};
use crate::{Error, Result};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// The journal of a search. It stays open and locked while the search runs, so that only one search uses it at a time.
///
/// The first line describes the search; every other line is one evaluation. Each line is written in one call and has a checksum, so
/// that a line that was only partly written when the process was killed is recognized and dropped.
pub(super) struct Journal {
    path: PathBuf,
    file: Mutex<File>,
    head: Option<Map<String, Value>>,
    /// The evaluations by trial and the bits of the fraction.
    lines: BTreeMap<(usize, u64), JournalLine>,
}

/// The key under which the first line stores the header.
const HEAD: &str = "search";

impl Journal {
    /// Opens or creates a journal, reads it, and truncates an incomplete last line.
    pub(super) fn open(path: &Path) -> Result<Journal> {
        let failed = |source| Error::Io { path: path.to_path_buf(), source };
        // A device or a pipe may have no end, or wait for a writer.
        if std::fs::metadata(path).is_ok_and(|found| !found.is_file()) {
            return Err(refused(
                format!("{}, which is not an ordinary file", path.display()),
                "a file that a search wrote, or a new one",
            ));
        }
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).map_err(failed)?;
        // Any other error means that the file system has no locks; then the journal is used without one.
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            return Err(refused("a file that another search has open", "a journal for each search that runs"));
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(failed)?;
        // Bytes after the last line break are an incomplete line.
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let (mut head, mut lines) = (None, BTreeMap::new());
        let text = String::from_utf8_lossy(&bytes[..whole]);
        for (number, line) in text.lines().enumerate() {
            match (number, opened(line)) {
                (0, Some(Value::Object(mut object))) if object.get(HEAD).is_some_and(Value::is_object) => {
                    if let Some(Value::Object(found)) = object.remove(HEAD) {
                        head = Some(found);
                    }
                }
                (0, _) => return Err(not_a_journal(path)),
                // A damaged line is skipped: its trial is evaluated again.
                (_, None) => {}
                (_, Some(value)) => {
                    let line: JournalLine = serde_json::from_value(value).map_err(|error| {
                        Error::configuration(format!("line {} of {}", number + 1, path.display()), error)
                    })?;
                    lines.insert((line.trial, line.fraction.to_bits()), line);
                }
            }
        }
        let torn = &bytes[whole..];
        // A file without a header may only hold the beginning of one.
        if head.is_none() && !(torn.starts_with(BEGIN.as_bytes()) || BEGIN.as_bytes().starts_with(torn)) {
            return Err(not_a_journal(path));
        }
        file.set_len(whole as u64).map_err(failed)?;
        file.seek(SeekFrom::End(0)).map_err(failed)?;
        Ok(Journal { path: path.to_path_buf(), file: Mutex::new(file), head, lines })
    }

    /// Returns the seed in the header.
    pub(super) fn seed(&self) -> Option<u64> {
        self.head.as_ref()?.get("seed")?.as_u64()
    }

    /// Reads the seed in the header of a journal, even while another search is writing to it.
    pub(super) fn read_seed(path: &Path) -> Result<u64> {
        if std::fs::metadata(path).is_ok_and(|found| !found.is_file()) {
            return Err(not_a_journal(path));
        }
        let text = std::fs::read(path).map_err(|source| Error::Io { path: path.to_path_buf(), source })?;
        let first = String::from_utf8_lossy(text.split(|byte| *byte == b'\n').next().unwrap_or_default()).into_owned();
        let seed = opened(&first).and_then(|header| header.get(HEAD)?.get("seed")?.as_u64());
        seed.ok_or_else(|| not_a_journal(path))
    }

    /// Writes the header of a new journal; returns an error if an existing journal has a different header.
    pub(super) fn begin(&self, head: &Map<String, Value>) -> Result<()> {
        let Some(known) = &self.head else { return self.append(&sealed(&json!({ HEAD: head }))?) };
        let keys = || known.keys().chain(head.keys());
        let Some(key) = keys().find(|key| known.get(*key) != head.get(*key)) else { return Ok(()) };
        let shown = |of: &Map<String, Value>| of.get(key).map_or_else(|| "none".to_owned(), ToString::to_string);
        let value = format!("{}, which was written with another {key}: {}", self.path.display(), shown(known));
        Err(refused(value, format!("the journal of this search, whose {key} is {}, or a new file", shown(head))))
    }

    /// Returns the evaluation of a trial, if the journal has it.
    pub(super) fn find(&self, trial: usize, fraction: f64, arguments: &TrialArguments) -> Result<Option<&JournalLine>> {
        let Some(line) = self.lines.get(&(trial, fraction.to_bits())) else { return Ok(None) };
        // The line has the arguments in the order of their names.
        let is_same = arguments.iter().all(|(name, value)| line.arguments.get(name) == Some(value));
        match is_same && arguments.iter().count() == line.arguments.iter().count() {
            true => Ok(Some(line)),
            false => {
                let value = format!("{}, where trial {trial} has {}", self.path.display(), line.arguments);
                Err(refused(value, format!("the arguments {arguments}; begin a new journal")))
            }
        }
    }

    /// Appends an evaluation.
    pub(super) fn write(&self, line: &JournalLine) -> Result<()> {
        self.append(&sealed(line)?)
    }

    fn append(&self, line: &str) -> Result<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(line.as_bytes()).map_err(|source| Error::Io { path: self.path.clone(), source })
    }
}

fn refused(value: impl ToString, expected: impl Into<String>) -> Error {
    Error::argument("Search", "journal", value, expected)
}

fn not_a_journal(path: &Path) -> Error {
    refused(format!("{}, which is not a journal", path.display()), "a file that a search wrote, or a new one")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("perceptra-journal-{name}-{}", std::process::id()))
    }

    fn head(seed: u64) -> Map<String, Value> {
        json!({ "seed": seed, "strategy": "x" }).as_object().unwrap().clone()
    }

    fn line(trial: usize) -> JournalLine {
        let arguments = [("b", 1.into()), ("a", 0.1.into())].into_iter().collect();
        JournalLine {
            trial,
            fraction: 1.0,
            seed: 7,
            arguments,
            score: Some(0.5),
            parts: Vec::new(),
            fold_rows: None,
            failure: None,
            seconds: 1.0,
        }
    }

    #[test]
    fn a_journal_cut_anywhere_keeps_its_whole_lines() {
        let path = file("cut");
        let _ = std::fs::remove_file(&path);
        let journal = Journal::open(&path).unwrap();
        journal.begin(&head(5)).unwrap();
        (0..3).for_each(|trial| journal.write(&line(trial)).unwrap());
        drop(journal);
        let bytes = std::fs::read(&path).unwrap();
        for end in 0..=bytes.len() {
            std::fs::write(&path, &bytes[..end]).unwrap();
            let journal = Journal::open(&path).unwrap();
            let breaks = bytes[..end].iter().filter(|byte| **byte == b'\n').count();
            assert_eq!((journal.seed(), journal.lines.len()), ((breaks > 0).then_some(5), breaks.saturating_sub(1)));
            journal.begin(&head(5)).unwrap();
            let known = journal.lines.len();
            (known..3).for_each(|trial| journal.write(&line(trial)).unwrap());
            drop(journal);
            assert_eq!(std::fs::read(&path).unwrap(), bytes, "cut at {end}");
        }
        std::fs::remove_file(&path).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn what_is_not_an_ordinary_file_is_refused_unread() {
        for path in ["/dev/zero", "/dev/full", "/tmp"] {
            let error = Journal::open(Path::new(path)).err().unwrap().to_string();
            assert!(error.contains(path) && error.contains("not an ordinary file"), "{error}");
        }
    }

    #[test]
    fn another_search_and_other_files_are_refused_by_name() {
        let path = file("other");
        let _ = std::fs::remove_file(&path);
        let journal = Journal::open(&path).unwrap();
        journal.begin(&head(5)).unwrap();
        journal.write(&line(0)).unwrap();
        let busy = Journal::open(&path).err().unwrap().to_string();
        assert!(busy.contains("another search has open"), "{busy}");
        drop(journal);
        let journal = Journal::open(&path).unwrap();
        let other = journal.begin(&head(6)).unwrap_err().to_string();
        assert!(other.contains("another seed: 5") && other.contains("seed is 6"), "{other}");
        assert!(journal.find(0, 1.0, &line(0).arguments).unwrap().is_some());
        assert!(journal.find(0, 0.5, &line(0).arguments).unwrap().is_none());
        let changed = [("b", 2.into()), ("a", 0.1.into())].into_iter().collect();
        assert!(journal.find(0, 1.0, &changed).unwrap_err().to_string().contains("begin a new journal"));
        drop(journal);
        for bytes in ["a,b\n1,2\n", "a", "{}\n"] {
            std::fs::write(&path, bytes).unwrap();
            assert!(Journal::open(&path).err().unwrap().to_string().contains("not a journal"), "{bytes}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), bytes, "it is left as it was");
        }
        std::fs::remove_file(&path).unwrap();
    }
}
