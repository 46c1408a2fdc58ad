//! The pictures, a page that shows them, and everything measured as JSON.

mod json;
mod page;
mod pictures;

use crate::Phases;
use crate::evaluate::Evaluation;
use crate::load::{Data, Inspected, Numbers};
use crate::task::Task;
use crate::tune::{Found, Winner};
use perceptra::prelude::*;
use perceptra::preprocessing::Table;
use perceptra::{Error, Result};
use std::path::Path;

/// Everything that a run found out.
pub(crate) struct Run<'a> {
    /// The whole frame.
    pub table: &'a Table,
    pub task: Task,
    pub numbers: Numbers,
    pub inspected: Vec<Inspected>,
    pub data: Data,
    /// After the training on balanced rows.
    pub ann: Model,
    pub imbalanced: History,
    pub balanced: History,
    pub before: Evaluation,
    pub after: Evaluation,
    pub search: Found,
    pub winner: Winner,
}

/// Pictures (SVG), `report.html` and `report.json` into a folder.
pub(crate) fn write(run: &Run<'_>, folder: &Path, phases: &mut Phases) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|source| Error::Io { path: folder.into(), source })?;
    let pictures = phases.time("pictures", || pictures::draw(run))?;
    for (name, _, svg) in &pictures {
        save(&folder.join(format!("{name}.svg")), svg)?;
    }
    let report = phases.time("report", || page::page(run, &pictures))?;
    report.write_html(folder.join("report.html"))?;
    save(&folder.join("report.json"), &format!("{:#}\n", json::measured(run, phases)))
}

fn save(path: &Path, text: &str) -> Result<()> {
    std::fs::write(path, text).map_err(|source| Error::Io { path: path.into(), source })
}
