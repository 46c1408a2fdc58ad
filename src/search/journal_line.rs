//! One line of a journal: a JSON object whose first key is the checksum of the rest.

use super::TrialArguments;
use super::objective::Measured;
use crate::checksum::crc32c;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// An evaluation in a journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct JournalLine {
    pub(super) trial: usize,
    pub(super) fraction: f64,
    pub(super) seed: u64,
    pub(super) arguments: TrialArguments,
    #[serde(with = "crate::json_numbers::option")]
    pub(super) score: Option<f64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "crate::json_numbers::list")]
    pub(super) parts: Vec<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) fold_rows: Option<(usize, usize)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) failure: Option<String>,
    pub(super) seconds: f64,
}

impl JournalLine {
    /// The result of the evaluation, without the trial it belongs to.
    pub(super) fn measured(&self) -> Measured {
        Measured {
            score: self.score.unwrap_or(f64::NAN),
            parts: self.parts.clone(),
            fold_rows: self.fold_rows,
            failure: self.failure.clone(),
        }
    }
}

/// The beginning of every line; the checksum, eight hexadecimal digits, follows it.
pub(super) const BEGIN: &str = "{\"crc32c\":\"";

/// Serializes an object as a line with its checksum and line break.
pub(super) fn sealed(object: &impl Serialize) -> Result<String> {
    let text = serde_json::to_string(object).map_err(|error| Error::configuration("a line of a journal", error))?;
    let rest = text.strip_prefix('{').unwrap_or(&text);
    Ok(format!("{BEGIN}{:08x}\",{rest}\n", crc32c(rest.as_bytes())))
}

/// Parses a line into its object; `None` if the line is damaged.
pub(super) fn opened(line: &str) -> Option<Value> {
    let (sum, rest) = line.strip_prefix(BEGIN)?.split_at_checked(8)?;
    let rest = rest.strip_prefix("\",")?;
    let is_whole = u32::from_str_radix(sum, 16).is_ok_and(|sum| sum == crc32c(rest.as_bytes()));
    if is_whole { serde_json::from_str(&format!("{{{rest}")).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> JournalLine {
        JournalLine {
            trial: 3,
            fraction: 1.0 / 3.0,
            seed: u64::MAX - 1,
            arguments: [("units", 4.into()), ("rate", 0.1.into())].into_iter().collect(),
            score: Some(0.1 + 0.2),
            parts: vec![0.25, 1e-300],
            fold_rows: Some((80, 40)),
            failure: None,
            seconds: 0.5,
        }
    }

    #[test]
    fn a_line_keeps_every_bit() {
        let infinite =
            JournalLine { score: Some(f64::INFINITY), parts: vec![f64::INFINITY, 0.25, f64::NEG_INFINITY], ..line() };
        for line in [line(), JournalLine { score: None, failure: Some("diverged\n".into()), ..line() }, infinite] {
            let text = sealed(&line).unwrap();
            assert_eq!(text.matches('\n').count(), 1);
            let value = opened(text.trim_end()).unwrap();
            let again: JournalLine = serde_json::from_value(value).unwrap();
            assert_eq!(again.arguments.iter().count(), 2);
            assert_eq!(JournalLine { arguments: line.arguments.clone(), ..again }, line);
            // Any program reads it as JSON.
            assert!(serde_json::from_str::<Value>(&text).unwrap()["crc32c"].is_string());
        }
    }

    #[test]
    fn damage_is_noticed() {
        let text = sealed(&line()).unwrap();
        let text = text.trim_end();
        assert!(opened(text).is_some());
        for end in 0..text.len() {
            assert!(opened(&text[..end]).is_none(), "{end}");
        }
        for at in 0..text.len() {
            let mut bytes = text.as_bytes().to_vec();
            bytes[at] ^= 1;
            assert!(opened(std::str::from_utf8(&bytes).unwrap()).is_none_or(|_| at < BEGIN.len() + 8), "{at}");
        }
    }
}
