//! Prints lines to a terminal or a pipe.
//!
//! `println!` panics when the reader of a pipe has closed it, as `| head` does; here the program then ends, as other programs do.

use std::fmt::Arguments;
use std::io::{ErrorKind, Write, stderr, stdout};
use std::process::exit;

/// Prints a line to standard output.
macro_rules! say {
    () => {
        $crate::console::say(format_args!(""))
    };
    ($($line:tt)+) => {
        $crate::console::say(format_args!($($line)+))
    };
}

/// Prints a line to standard error.
macro_rules! say_aside {
    ($($line:tt)+) => {
        $crate::console::say_aside(format_args!($($line)+))
    };
}

pub(crate) fn say(line: Arguments<'_>) {
    match writeln!(stdout().lock(), "{line}") {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::BrokenPipe => exit(0),
        Err(error) => {
            say_aside(format_args!("error: standard output: {error}"));
            exit(1)
        }
    }
}

/// Writes a line; an error is ignored, since there is no place to report it.
pub(crate) fn say_aside(line: Arguments<'_>) {
    let _ = writeln!(stderr().lock(), "{line}");
}
