//! The pictures, a page that shows them, and all figures as JSON.

use crate::evaluate::{Evaluation, WANTED_RECALL, by_threshold};
use crate::load::{Data, Numbers};
use crate::text::{percent, thousands};
use crate::tune::{Trial, Width};
use crate::{Phases, THRESHOLD};
use perceptra::plot::{Bars, ConfusionPicture, Lines, Report};
use perceptra::prelude::*;
use perceptra::preprocessing::Table;
use perceptra::{Error, Result};
use serde_json::{Value, json};
use std::path::Path;

const INTEREST_RECEIVED: &str = "total_rec_int, the interest received so far, is known only after a loan has run: a \
    model that uses it describes loans but cannot score an application. --without-interest-received leaves it out.";

/// Everything that a run found out.
pub struct Run<'a> {
    pub loans: &'a Table,
    /// Where the rows come from.
    pub source: String,
    pub numbers: Numbers,
    pub data: Data,
    pub imbalanced: History,
    pub balanced: History,
    pub before: Evaluation,
    pub after: Evaluation,
    pub trials: Vec<Trial>,
    pub widths: Vec<Width>,
}

/// Pictures (SVG), `report.html` and `report.json` into a folder.
pub fn write(run: &Run<'_>, folder: &Path, phases: &mut Phases) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|source| Error::Io { path: folder.into(), source })?;
    let pictures = phases.time("pictures", || pictures(run))?;
    for (name, _, svg) in &pictures {
        save(&folder.join(format!("{name}.svg")), svg)?;
    }
    page(run, &pictures)?.save(folder.join("report.html"))?;
    save(&folder.join("report.json"), &format!("{:#}\n", figures(run, phases)))
}

fn save(path: &Path, text: &str) -> Result<()> {
    std::fs::write(path, text).map_err(|source| Error::Io { path: path.into(), source })
}

/// File name, caption, SVG.
type Picture = (&'static str, &'static str, String);

fn pictures(run: &Run<'_>) -> Result<Vec<Picture>> {
    let Run { data, imbalanced, balanced, before, after, .. } = run;
    let classes = Bars::new("Customers with complete records")
        .bar("repaid", data.rows_kept - data.positives_kept)
        .bar("default", data.positives_kept);
    let history = |title: &str, history: &History| {
        ["accuracy", "recall", "precision"]
            .iter()
            .fold(Lines::new(title).x_label("epoch").y_range(0.0, 1.0), |lines, name| {
                lines.epochs(*name, history.get(name).unwrap_or(&[]))
            })
            .to_svg()
    };
    let loss = Lines::new("Loss while training")
        .x_label("epoch")
        .y_label("binary cross-entropy")
        .epochs("as they are", imbalanced.get("loss").unwrap_or(&[]))
        .epochs("balanced", balanced.get("loss").unwrap_or(&[]));
    let confusion = |title: &str, evaluation: &Evaluation| {
        ConfusionPicture::new(title, evaluation.confusion.counts()).labels(["repaid", "default"]).to_svg()
    };
    let trials = run.trials.iter().fold(Bars::new("Networks compared"), |bars, trial| {
        bars.bar_with_error(trial.name.as_str(), trial.mean, trial.deviation)
    });
    let units: Vec<f64> = run.widths.iter().map(|width| width.units as f64).collect();
    let losses = |of: fn(&Width) -> f64| run.widths.iter().map(of).collect::<Vec<_>>();
    let widths = Lines::new("Widening until training and validation part")
        .x_label("units in each of two hidden layers")
        .y_label("loss")
        .series("training", &units, &losses(|width| width.training))
        .series("validation", &units, &losses(|width| width.validation));
    Ok(vec![
        ("classes", "Most customers repay.", classes.to_svg()?),
        ("correlation", "Correlation of the numbers, complete rows.", run.numbers.heat_map().to_svg()?),
        ("loss", "Loss of both trainings; that of balanced rows is higher because they are harder.", loss.to_svg()?),
        (
            "training",
            "On the rows as they are: high accuracy, no recall.",
            history("Training, as they are", imbalanced)?,
        ),
        ("training_balanced", "On balanced rows.", history("Training, balanced", balanced)?),
        ("confusion", "Test rows before down-sampling.", confusion("Before down-sampling", before)?),
        ("confusion_balanced", "Test rows after down-sampling.", confusion("After down-sampling", after)?),
        ("thresholds", "What other thresholds would give, after down-sampling.", thresholds(run)?),
        (
            "tuning",
            "ROC AUC of each network with the deviation over the folds.",
            trials.baseline(0.5).horizontal().to_svg()?,
        ),
        ("widening", "Loss by width.", widths.to_svg()?),
    ])
}

/// Precision and recall over the thresholds; of the hundred thousand points a few hundred are drawn.
fn thresholds(run: &Run<'_>) -> Result<String> {
    let curve = &run.after.curve;
    let every = (curve.thresholds.len() / 400).max(1);
    let thin =
        |values: &[f64]| -> Vec<f64> { values[..curve.thresholds.len()].iter().step_by(every).copied().collect() };
    let x = thin(&curve.thresholds);
    Lines::new("Precision and recall by threshold")
        .x_label("threshold")
        .y_range(0.0, 1.0)
        .series("precision", &x, &thin(&curve.precision))
        .series("recall", &x, &thin(&curve.recall))
        .vertical(THRESHOLD, format!("{THRESHOLD}"))
        .vertical(curve.threshold_for_recall(WANTED_RECALL)?, format!("recall {WANTED_RECALL}"))
        .to_svg()
}

fn page(run: &Run<'_>, pictures: &[Picture]) -> Result<Report> {
    let picture = |report: Report, name: &str| match pictures.iter().find(|(known, _, _)| *known == name) {
        Some((_, caption, svg)) => report.picture(svg.as_str(), *caption),
        None => report,
    };
    let Run { data, before, after, .. } = run;
    let rows = [
        ("read", data.rows_read, data.positives_read),
        ("complete", data.rows_kept, data.positives_kept),
        ("training", data.y_train.len(), data.positives_train()),
        ("test", data.y_test.len(), data.positives_test()),
    ]
    .map(|(name, count, ones)| {
        [name.to_string(), thousands(count), thousands(ones), percent(ones as f64 / count.max(1) as f64)]
    });
    let evaluation = |name: &str, e: &Evaluation| {
        let (c, share) = (e.counts, percent);
        [name.into(), share(c.precision()), share(c.recall()), share(c.accuracy()), format!("{:.4}", e.roc_auc)]
    };
    let table = by_threshold(after, data)?.into_iter().map(|[t, p, r]| [format!("{t:.1}"), percent(p), percent(r)]);

    let report = Report::new("Which customers will default?")
        .lead("A neural network on a bank's loans, from the table to the threshold")
        .section("The data")
        .paragraph(run.source.as_str())
        .paragraph(INTEREST_RECEIVED)
        .preformatted(run.loans.head(5).to_string())
        .table("Rows", ["", "rows", "defaults", "share"], rows);
    let report = picture(picture(report, "classes"), "correlation").section("Training");
    let report = report.paragraph(format!(
        "\"Nobody defaults\" would score an accuracy of {} on the training rows.",
        percent(data.majority_share())
    ));
    let report = picture(picture(picture(report, "training"), "training_balanced"), "loss").section("Test rows").table(
        format!("Figures at threshold {THRESHOLD}"),
        ["trained on", "precision", "recall", "accuracy", "ROC AUC"],
        [evaluation("rows as they are", before), evaluation("then balanced rows", after)],
    );
    let report = picture(picture(report, "confusion"), "confusion_balanced");
    let report = picture(report, "thresholds").table("By threshold", ["threshold", "precision", "recall"], table);
    Ok(picture(picture(report.section("Tuning"), "tuning"), "widening"))
}

fn figures(run: &Run<'_>, phases: &Phases) -> Value {
    let Run { data, before, after, .. } = run;
    let history = |history: &History| -> Value {
        let epochs = history.names().map(|name| (name.to_string(), json!(history.get(name))));
        Value::Object(epochs.collect())
    };
    let step = |history: &History| 1e6 * history.seconds().iter().sum::<f64>() / history.steps().max(1) as f64;
    let evaluation = |e: &Evaluation| {
        let c = e.counts;
        json!({
            "threshold": THRESHOLD, "tn": c.tn, "fp": c.fp, "fn": c.fn_, "tp": c.tp,
            "precision": c.precision(), "recall": c.recall(), "accuracy": c.accuracy(), "roc_auc": e.roc_auc,
        })
    };
    json!({
        "source": run.source,
        "rows_read": data.rows_read,
        "rows_kept": data.rows_kept,
        "rows_train": data.y_train.len(),
        "rows_test": data.y_test.len(),
        "positives_read": data.positives_read,
        "positives_kept": data.positives_kept,
        "positives_train": data.positives_train(),
        "positives_test": data.positives_test(),
        "features": data.features,
        "seconds": phases.seconds.iter().map(|(name, s)| (name.to_string(), json!(s))).collect::<serde_json::Map<_, _>>(),
        "microseconds_per_step": { "imbalanced": step(&run.imbalanced), "balanced": step(&run.balanced) },
        "history": { "imbalanced": history(&run.imbalanced), "balanced": history(&run.balanced) },
        "imbalanced": evaluation(before),
        "balanced": evaluation(after),
        "correlation_with_target": run.numbers.with_target,
        "tuning": run.trials.iter()
            .map(|trial| json!({ "network": trial.name, "roc_auc": trial.mean, "deviation": trial.deviation }))
            .collect::<Vec<_>>(),
    })
}
