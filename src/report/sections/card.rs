//! The model card: the purpose of the model, its parts, and how to reproduce it.

use crate::Result;
use crate::pipeline::{FittedPipeline, Task};
use crate::preprocessing::Table;
use crate::report::ReportSection;
use crate::report::report_data::ReportData;
use crate::report::wording::{count, counted, name};
use crate::{Model, Scalar};

/// The most columns and labels that are listed.
const MOST_NAMES: usize = 40;

/// The facts about the model that the caller states.
#[derive(Debug, Clone, Default)]
pub(in crate::report) struct Stated {
    pub(in crate::report) date: Option<String>,
    pub(in crate::report) intended_use: Option<String>,
    pub(in crate::report) description: Option<String>,
    pub(in crate::report) seed: u64,
}

pub(super) fn section<T: Scalar>(
    fitted: &FittedPipeline<T>,
    data: &ReportData<'_>,
    stated: &Stated,
) -> Result<ReportSection> {
    let mut rows: Vec<[String; 2]> = Vec::new();
    let mut add = |key: &str, value: String| rows.push([key.into(), value]);
    add("task", data.task.to_string());
    add("target", names(&data.targets));
    let classes = &data.classes;
    match (classes.as_slice(), fitted.target().positive_label()) {
        ([negative, positive], Some(_)) => {
            add("classes", format!("{negative} and {positive}"));
            add("positive class", format!("{positive}: its probability is predicted"));
        }
        ([], _) => {}
        _ => add("classes", names(classes)),
    }
    let is_thresholded = matches!(data.task, Task::Binary | Task::Multilabel);
    if is_thresholded {
        add("threshold", format!("positive above {}", fitted.threshold()));
    }
    let of = |table: &Table| format!("{}, {}", counted(table.nrows(), "row"), counted(table.ncols(), "column"));
    if let Some(train) = data.train {
        add("training table", of(train));
    }
    add("test table", of(data.test));
    add("columns used", format!("{}: {}", count(data.inputs.len()), names(&data.inputs)));
    if !data.unused.is_empty() {
        add("columns not used", format!("{}: {}", count(data.unused.len()), names(&data.unused)));
    }
    add("columns of the network", count(fitted.columns().names().len()));
    add("networks", count(fitted.members().len()));
    if let Some(first) = fitted.members().first() {
        add("parameters", count(parameters(first)? * fitted.members().len()));
    }
    add("number type", std::any::type_name::<T>().into());
    add("seed of the fit", fitted.seed().to_string());
    add("seed of this report", stated.seed.to_string());
    add("made with", format!("perceptra {}", env!("CARGO_PKG_VERSION")));
    if let Some(date) = &stated.date {
        add("date", date.clone());
    }
    let mut section = ReportSection::new("Card of the model");
    section = match &stated.intended_use {
        Some(text) => section.subsection("Intended use").text(text.as_str()),
        None => section.text("The intended use was not stated."),
    };
    section = section.subsection("Facts").table("The model", ["", "value"], rows);
    if let Some(description) = &stated.description {
        section = section.subsection("Description of the pipeline").preformatted(description.as_str());
    }
    let steps = steps(fitted);
    if !steps.is_empty() {
        section =
            section.table("Transformers, in their order", ["transformer", "columns", "columns of the network"], steps);
    }
    Ok(section)
}

fn parameters<T: Scalar>(model: &Model<T>) -> Result<usize> {
    model.count_params()
}

/// Lists at most [`MOST_NAMES`] names, and their total number if there are more.
fn names(all: &[String]) -> String {
    let mut shown: Vec<String> = all.iter().take(MOST_NAMES).map(|one| name(one)).collect();
    if all.len() > MOST_NAMES {
        shown.push(format!("… ({} in all)", count(all.len())));
    }
    shown.join(", ")
}

/// The name of each transformer, its input columns and the number of its output columns.
fn steps<T: Scalar>(fitted: &FittedPipeline<T>) -> Vec<[String; 3]> {
    let steps = fitted.columns().steps.iter().take(MOST_NAMES);
    let rows = steps.map(|step| {
        let inputs: Vec<String> = step.fitted.inputs().into_iter().map(String::from).collect();
        let config = step.transformer.config().unwrap_or_default();
        let mut stages = Vec::new();
        class_names(&config, &mut stages);
        let called = if stages.is_empty() { step.transformer.class_name() } else { stages.join(", then ") };
        [called, names(&inputs), count(step.width)]
    });
    rows.collect()
}

/// The classes within a configuration, such as the stages of a chain.
fn class_names(config: &serde_json::Value, found: &mut Vec<String>) {
    match config {
        serde_json::Value::Object(map) => match map.get("class_name").and_then(|class| class.as_str()) {
            Some(class) => found.push(class.into()),
            None => map.values().for_each(|value| class_names(value, found)),
        },
        serde_json::Value::Array(all) => all.iter().for_each(|value| class_names(value, found)),
        _ => {}
    }
}
