//! Errors that name the file and the cure.

use parquet::errors::{ParquetError, Result as ParquetResult};
use perceptra::{Error, Result};
use std::error::Error as _;
use std::io::{self, ErrorKind};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

const DAMAGED: &str =
    "the file is damaged, encrypted or still being written: copy it again, or write it again without encryption";

/// The error for a file whose content cannot be used.
pub(crate) fn invalid(path: &Path, reason: impl Into<String>) -> Error {
    io_error(path, io::Error::new(ErrorKind::InvalidData, reason.into()))
}

pub(crate) fn io_error(path: &Path, source: io::Error) -> Error {
    Error::Io { path: path.to_owned(), source }
}

/// The error for a file whose bytes violate the format; `part` names the part that was being read.
pub(crate) fn damaged(path: &Path, part: &str, reason: impl std::fmt::Display) -> Error {
    let reason = reason.to_string().replace(['\r', '\n'], " ");
    invalid(path, format!("{part}: {reason}; {DAMAGED}"))
}

/// Calls the Parquet reader and turns its panics into errors: damaged bytes can violate its assumptions.
pub(crate) fn guarded<T>(path: &Path, part: &str, read: impl FnOnce() -> ParquetResult<T>) -> Result<T> {
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(system_error(&error).map_or_else(
            || damaged(path, part, &error),
            |source| io_error(path, io::Error::new(source.kind(), source.to_string())),
        )),
        Err(_) => Err(damaged(path, part, "its bytes contradict each other")),
    }
}

/// The system error that prevented a file from being read or written, if any; an unexpected end of the file is not a system error.
pub(crate) fn system_error(error: &ParquetError) -> Option<&io::Error> {
    let source = error.source()?.downcast_ref::<io::Error>()?;
    source.raw_os_error().map(|_| source)
}
