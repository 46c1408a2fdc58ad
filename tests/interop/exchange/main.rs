//! The part of `tests/interop/run` that this crate does: opens, trains and saves models in Keras's files.
//!
//! `exchange open FOLDER` and `exchange train FOLDER` work through the cases that Python left in the folder;
//! `exchange born FOLDER` leaves models of this crate there for Python.

mod born;
mod cases;

use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["open", folder] => cases::open(Path::new(folder)),
        ["train", folder] => cases::train(Path::new(folder)),
        ["born", folder] => born::write(Path::new(folder)),
        _ => Err("usage: exchange open|train|born FOLDER".into()),
    }
}
