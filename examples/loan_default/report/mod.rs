//! Writes plots, a page that contains them, and all results as JSON.

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

/// All results of a run.
pub(crate) struct Run<'a> {
    /// The whole table.
    pub table: &'a Table,
    pub task: Task,
    pub numbers: Numbers,
    pub inspected: Vec<Inspected>,
    pub data: Data,
    /// The scores after the training on balanced rows.
    pub ann: Model,
    pub imbalanced: History,
    pub balanced: History,
    pub before: Evaluation,
    pub after: Evaluation,
    pub search: Found,
    pub winner: Winner,
}

/// Writes plots (SVG), `report.html` and `report.json` to a folder.
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
