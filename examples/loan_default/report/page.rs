//! One page that shows the run.

use super::Run;
use super::pictures::Picture;
use crate::THRESHOLD;
use crate::evaluate::{Evaluation, by_threshold};
use crate::text::{percent, thousands};
use perceptra::Result;
use perceptra::plot::Page;

const INTEREST_RECEIVED: &str = "total_rec_int, the interest received so far, is known only after a loan has run: a \
    model that uses it describes loans but cannot score an application. --without-interest-received leaves it out.";

pub(super) fn page(run: &Run<'_>, pictures: &[Picture]) -> Result<Page> {
    let picture = |page: Page, name: &str| match pictures.iter().find(|(known, _, _)| *known == name) {
        Some((_, caption, svg)) => report.picture(svg.as_str(), *caption),
        None => report,
    };
    let Run { task, data, before, after, winner, .. } = run;
    let title = match task.loans {
        Some(_) => "Which customers will default?".to_string(),
        None => format!("Which rows are {}?", task.classes[1]),
    };
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

    let mut report = Page::new(title)
        .lead("A neural network on a table, from the first rows to the threshold")
        .section("The data")
        .paragraph(task.source.as_str());
    if task.loans.is_some() {
        report = report.paragraph(INTEREST_RECEIVED);
    }
    report = report
        .preformatted(run.table.head(5).to_string())
        .table("Rows", ["", "rows", task.positives.as_str(), "rate"], rows)
        .table(format!("Correlation with {}", task.target), ["column", "correlation", ""], columns);
    report = picture(picture(report, "classes"), "correlation").section("Training");
    let rate = data.positive_rate();
    report = report.paragraph(format!(
        "\"{}\" would score an accuracy of {} on the training rows.",
        task.constant(rate),
        percent(rate.max(1.0 - rate))
    ));
    report = picture(picture(picture(report, "training"), "training_balanced"), "loss").section("Test rows").table(
        format!("Scores at threshold {THRESHOLD}"),
        ["trained on", "precision", "recall", "accuracy", "ROC AUC"],
        [
            scores("rows as they are", before),
            scores("then balanced rows", after),
            scores("the winner of the search", &winner.evaluation),
        ],
    );
    report = picture(picture(report, "confusion"), "confusion_balanced");
    let table = by_threshold(after, data)?.into_iter().map(|[t, p, r]| [format!("{t:.1}"), percent(p), percent(r)]);
    report = picture(report, "thresholds").table("By threshold", ["threshold", "precision", "recall"], table);
    report = picture(picture(report.section("Tuning"), "widening"), "tuning");
    Ok(report.paragraph(format!(
        "The winner: {}. ROC AUC minus that of the first model: {:+.4}, standard error {:.4}.",
        winner.name, winner.difference, winner.error
    )))
}

fn scores(name: &str, e: &Evaluation) -> [String; 5] {
    [name.into(), percent(e.precision), percent(e.recall), percent(e.accuracy), format!("{:.4}", e.roc_auc)]
}
