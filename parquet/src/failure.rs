//! Errors that name the file and what to do.

use parquet::errors::{ParquetError, Result as ParquetResult};
use perceptra::{Error, Result};
use std::error::Error as _;
use std::io::{self, ErrorKind};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

const DAMAGED: &str =
    "the file is damaged, encrypted or still being written: copy it again, or write it again without encryption";

/// The error of a file whose content cannot be used.
pub(crate) fn invalid(path: &Path, reason: impl Into<String>) -> Error {
    io_error(path, io::Error::new(ErrorKind::InvalidData, reason.into()))
}

pub(crate) fn io_error(path: &Path, source: io::Error) -> Error {
    Error::Io { path: path.to_owned(), source }
}

/// The error of a file whose bytes do not follow the format; `part` is what was being read.
pub(crate) fn damaged(path: &Path, part: &str, reason: impl std::fmt::Display) -> Error {
    let reason = reason.to_string().replace(['\r', '\n'], " ");
    invalid(path, format!("{part}: {reason}; {DAMAGED}"))
}

/// Calls the reader of Parquet, which panics where some damaged bytes break an assumption of it: that is an error as well.
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

/// The error of the system that kept a file from being read or written; bytes that end too early are none.
pub(crate) fn system_error(error: &ParquetError) -> Option<&io::Error> {
    let source = error.source()?.downcast_ref::<io::Error>()?;
    source.raw_os_error().map(|_| source)
}
