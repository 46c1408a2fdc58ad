//! The characters that structure a file.

use crate::error::{Error, Result};

use super::options::{CsvOptions, Delimiter};

/// The bytes that structure a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Format {
    pub(super) delimiter: u8,
    pub(super) quote: Option<u8>,
    pub(super) comment: Option<u8>,
}

impl Format {
    pub(super) fn of(options: &CsvOptions) -> Result<Format> {
        let refused = |argument, character: char, expected: &str| {
            Error::argument("CsvOptions", argument, format!("{character:?}"), expected)
        };
        let ascii =
            |character: char| u8::try_from(character).ok().filter(u8::is_ascii).filter(|byte| !b"\r\n".contains(byte));
        let quote = match options.quote {
            None => None,
            Some(quote) => Some(
                ascii(quote)
                    .ok_or_else(|| refused("quote", quote, "one ASCII character other than a line break, or None"))?,
            ),
        };
        let delimiter = match options.delimiter {
            None => b',',
            Some(Delimiter::Whitespace) => b' ',
            Some(Delimiter::Character(character)) => {
                ascii(character).filter(|byte| Some(*byte) != quote).ok_or_else(|| {
                    refused("delimiter", character, "one ASCII character other than a quote or a line break")
                })?
            }
        };
        let comment = match options.comment {
            None => None,
            Some(comment) => {
                let free = ascii(comment).filter(|byte| *byte != delimiter && Some(*byte) != quote);
                Some(free.ok_or_else(|| {
                    refused(
                        "comment",
                        comment,
                        "one ASCII character other than a line break, the delimiter or the quote",
                    )
                })?)
            }
        };
        if quote.is_some_and(|quote| quote == delimiter) {
            let quote = options.quote.unwrap_or_default();
            return Err(refused("quote", quote, "another character than the delimiter"));
        }
        Ok(Format { delimiter, quote, comment })
    }
}
