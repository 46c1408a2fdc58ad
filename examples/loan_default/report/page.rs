//! The report on the network after balanced training, with the other results of the walkthrough.

use super::Run;
use super::pictures::Picture;
use crate::THRESHOLD;
use crate::evaluate::Evaluation;
use crate::text::{percent, thousands};
use perceptra::Result;
use perceptra::prelude::*;
use perceptra::report::{BuiltReport, Report, ReportSection};

const INTEREST_RECEIVED: &str = "total_rec_int, the interest received so far, is known only after a loan has run: a \
    model that uses it describes loans but cannot score an application. --without-interest-received leaves it out.";
const INTENDED_USE: &str = "To follow a tutorial. The customers are synthetic unless a file was given, and the network was trained on \
    balanced classes, so that its probabilities are higher than the frequencies of the test rows.";

pub(super) fn page(run: &Run<'_>, pictures: &[Picture]) -> Result<BuiltReport> {
    let Run { task, data, .. } = run;
    let title = match task.loans {
        Some(_) => "Which customers will default?".to_string(),
        None => format!("Which rows are {}?", task.classes[1]),
    };
    let columns = data.columns.clone();
    let fitted =
        FittedPipeline::from_parts(columns, &Target::binary(&task.target), &data.train, vec![run.ann.clone()])?
            .with_threshold(THRESHOLD)?;
    Report::new(&fitted, &data.test)
        .training(&data.train)
        .title(title)
        .class_names(&task.classes)
        .intended_use(INTENDED_USE)
        .section(with_pictures(source(run), pictures, &["classes", "correlation"]))
        .section(with_pictures(training(run), pictures, &["training", "training_balanced", "loss", "confusion"]))
        .section(with_pictures(tuning(run), pictures, &["widening", "tuning"]))
        .build()
}

fn with_pictures(section: ReportSection, pictures: &[Picture], names: &[&str]) -> ReportSection {
    let shown = names.iter().filter_map(|name| pictures.iter().find(|(known, _, _)| known == name));
    shown.fold(section, |section, (name, caption, svg)| section.picture(*name, svg.as_str(), *caption))
}

/// The origin of the rows, and the columns that were picked.
fn source(run: &Run<'_>) -> ReportSection {
    let Run { task, data, .. } = run;
    let mut section = ReportSection::new("From the file to the rows").text(task.source.as_str());
    if task.loans.is_some() {
        section = section.text(INTEREST_RECEIVED);
    }
    let rows = [
        ("read", data.rows_read, data.positives_read),
        ("complete", data.rows_kept, data.positives_kept),
        ("training", data.y_train.len(), data.positives_train()),
        ("test", data.y_test.len(), data.positives_test()),
    ]
    .map(|(name, count, ones)| {
        [name.to_string(), thousands(count), thousands(ones), percent(ones as f64 / count.max(1) as f64)]
    });
    let columns = run.inspected.iter().map(|one| {
        let verdict = one.left_out.as_deref().unwrap_or("picked");
        [one.name.clone(), format!("{:.3}", one.correlation), verdict.to_string()]
    });
    section
        .preformatted(run.table.head(5).to_string())
        .table("Rows", ["", "rows", task.positives.as_str(), "rate"], rows)
        .table(format!("Correlation with {}", task.target), ["column", "correlation", "verdict"], columns)
}

/// The scores on the rows as they are and on balanced ones.
fn training(run: &Run<'_>) -> ReportSection {
    let rate = run.data.positive_rate();
    let text = format!(
        "\"{}\" would score an accuracy of {} on the training rows.",
        run.task.constant(rate),
        percent(rate.max(1.0 - rate))
    );
    let scores = [
        scores("rows as they are", &run.before),
        scores("then balanced rows", &run.after),
        scores("the winner of the search", &run.winner.evaluation),
    ];
    let headings = ["trained on", "precision", "recall", "accuracy", "ROC AUC"];
    ReportSection::new("Before and after balancing").text(text).table(
        format!("Scores of the test rows at threshold {THRESHOLD}"),
        headings,
        scores,
    )
}

fn tuning(run: &Run<'_>) -> ReportSection {
    let winner = &run.winner;
    ReportSection::new("Tuning").text(format!(
        "The winner: {}. ROC AUC minus that of the first model: {:+.4}, standard error {:.4}.",
        winner.name, winner.difference, winner.error
    ))
}

fn scores(name: &str, e: &Evaluation) -> [String; 5] {
    [name.into(), percent(e.precision), percent(e.recall), percent(e.accuracy), format!("{:.4}", e.roc_auc)]
}
