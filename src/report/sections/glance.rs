//! The scores of the test rows, with standard errors and the scores of a constant prediction.

use crate::Result;
use crate::report::ReportSection;
use crate::report::outcomes::{BinaryOutcomes, ClassOutcomes, NumberOutcomes, Outcomes};
use crate::report::report_data::ReportData;
use crate::report::uncertainty::{Uncertain, mean, proportion, roc_auc};
use crate::report::wording::{count, counted, fixed, list, name, percent, short};

/// In the log loss, probabilities are clipped to `[CLIP, 1 − CLIP]`, as scikit-learn does in f64.
const CLIP: f64 = f64::EPSILON;

/// A score: name, estimate, and the score of a constant prediction.
struct Line {
    name: &'static str,
    estimate: Uncertain,
    baseline: f64,
}

pub(super) fn section(data: &ReportData<'_>) -> Result<ReportSection> {
    let section = ReportSection::new("At a glance");
    let targets: Vec<String> = data.targets.iter().map(|target| name(target)).collect();
    let introduction = format!(
        "The pipeline predicts {}, a {} from {}. Everything below is about {} that were given as test rows; the results are \
         honest only if none of these rows was used for training.",
        list(&targets),
        data.task,
        counted(data.inputs.len(), "column"),
        counted(data.test.nrows(), "row"),
    );
    let section = section.text(introduction);
    let outcomes = match &data.outcomes {
        Err(reason) => return Ok(section.note(reason.as_str())),
        Ok(outcomes) => outcomes,
    };
    Ok(match outcomes {
        Outcomes::Binary(binary) => with_lines(section.text(verdict(binary)), &lines(binary)),
        Outcomes::Classes(classes) => with_lines(section, &class_lines(classes)),
        Outcomes::Numbers(columns) => numbers(section, columns),
        Outcomes::Labels(labels) => labels_table(section, labels),
    })
}

/// The sentences that state the most important results.
fn verdict(binary: &BinaryOutcomes) -> String {
    let counts = binary.counts();
    let [_, positive] = &binary.classes;
    let found = proportion(counts.true_positives as f64, counts.positives() as f64);
    let mut text = format!(
        "{} of the test rows ({}) are of the class {positive}. At the threshold {} the pipeline names {} of all rows as {positive}",
        count(counts.positives()),
        percent(binary.rate()),
        short(binary.threshold),
        percent(counts.decided_positive() as f64 / binary.rows() as f64),
    );
    if counts.positives() > 0 {
        text += &format!(
            ", and finds {} of those that are (95% interval {} to {})",
            percent(found.value),
            percent(found.low),
            percent(found.high)
        );
    }
    text.push('.');
    if let Some(auc) = roc_auc(&binary.truth, &binary.probability) {
        text += &format!(
            " Of a random {positive} and a random {}, it gives the {positive} the higher probability {} of the time (95% interval \
             {} to {}; guessing: 50%).",
            binary.classes[0],
            percent(auc.value),
            percent(auc.low),
            percent(auc.high)
        );
    }
    text
}

fn lines(binary: &BinaryOutcomes) -> Vec<Line> {
    let (counts, rate) = (binary.counts(), binary.rate());
    let mut lines = Vec::new();
    if let Some(estimate) = roc_auc(&binary.truth, &binary.probability) {
        lines.push(Line { name: "ROC AUC", estimate, baseline: 0.5 });
    }
    let pairs = || binary.truth.iter().zip(&binary.probability);
    let log_loss = pairs().map(|(truth, p)| {
        let p = p.clamp(CLIP, 1.0 - CLIP);
        if *truth { -p.ln() } else { -(1.0 - p).ln() }
    });
    let brier = pairs().map(|(truth, p)| (p - f64::from(u8::from(*truth))).powi(2));
    let entropy = [rate, 1.0 - rate].into_iter().filter(|p| *p > 0.0).map(|p| -p * p.ln()).sum();
    lines.push(Line { name: "log loss", estimate: mean(log_loss), baseline: entropy });
    lines.push(Line { name: "Brier score", estimate: mean(brier), baseline: rate * (1.0 - rate) });
    let rows = counts.rows() as f64;
    let right = proportion(counts.right() as f64, rows);
    lines.push(Line { name: "accuracy", estimate: right, baseline: rate.max(1.0 - rate) });
    if counts.decided_positive() > 0 {
        let precision = proportion(counts.true_positives as f64, counts.decided_positive() as f64);
        lines.push(Line { name: "precision", estimate: precision, baseline: rate });
    }
    if counts.positives() > 0 {
        let recall = proportion(counts.true_positives as f64, counts.positives() as f64);
        let named = counts.decided_positive() as f64 / rows;
        lines.push(Line { name: "recall", estimate: recall, baseline: named });
    }
    lines
}

fn class_lines(classes: &ClassOutcomes) -> Vec<Line> {
    let rows = classes.rows();
    let right = (0..rows).filter(|&row| classes.truth[row] == classes.decided[row]).count();
    let rates: Vec<f64> = classes.class_rows().iter().map(|count| *count as f64 / rows as f64).collect();
    let log_loss = (0..rows).map(|row| -classes.probability[(row, classes.truth[row])].clamp(CLIP, 1.0).ln());
    let entropy = rates.iter().filter(|p| **p > 0.0).map(|p| -p * p.ln()).sum();
    let most = rates.iter().copied().fold(0.0, f64::max);
    vec![
        Line { name: "accuracy", estimate: proportion(right as f64, rows as f64), baseline: most },
        Line { name: "log loss", estimate: mean(log_loss), baseline: entropy },
    ]
}

fn with_lines(section: ReportSection, lines: &[Line]) -> ReportSection {
    let rows = lines.iter().map(|line| {
        let Uncertain { value, error, low, high } = line.estimate;
        [line.name.to_string(), fixed(value, 4), fixed(error, 4), interval(low, high), fixed(line.baseline, 4)]
    });
    section.table("Scores of the test rows", ["score", "value", "standard error", "95% interval", "baseline"], rows).text(
        "The baseline predicts the frequencies of the test rows for every row; that of precision and recall names as many rows, drawn \
         at random. Of log loss and Brier score less is better. Intervals of fractions are Wilson's, that of the area under the curve \
         uses DeLong's standard error.",
    )
}

fn interval(low: f64, high: f64) -> String {
    if low.is_finite() && high.is_finite() { format!("{} to {}", fixed(low, 4), fixed(high, 4)) } else { "–".into() }
}

fn numbers(section: ReportSection, columns: &[NumberOutcomes]) -> ReportSection {
    let rows = columns.iter().map(|column| {
        let errors = column.errors();
        let average = mean(column.truth.iter().copied()).value;
        let squares = mean(errors.iter().map(|error| error * error));
        let around = mean(column.truth.iter().map(|truth| (truth - average).powi(2)));
        let absolute = mean(errors.iter().map(|error| error.abs()));
        let r2 = if around.value > 0.0 { 1.0 - squares.value / around.value } else { f64::NAN };
        let rmse = squares.value.sqrt();
        [
            column.name.clone(),
            fixed(r2, 4),
            short_error(rmse, squares.error / (2.0 * rmse)),
            short_error(absolute.value, absolute.error),
            short(around.value.sqrt()),
        ]
    });
    let text: Vec<String> = columns
        .iter()
        .take(3)
        .map(|column| {
            let absolute = mean(column.errors().into_iter().map(f64::abs));
            format!(
                "The prediction of {} is off by {} on average.",
                column.name,
                short_error(absolute.value, absolute.error)
            )
        })
        .collect();
    section
        .text(text.join(" "))
        .table(
            "Scores of the test rows, ± one standard error",
            ["column", "R²", "root mean squared error", "mean absolute error", "deviation of the column"],
            rows,
        )
        .text(
            "The deviation of the column is the root mean squared error of a model that predicts the mean of the test rows for every \
             row; R² is the fraction of the variance that is explained.",
        )
}

fn short_error(value: f64, error: f64) -> String {
    crate::report::wording::with_error(value, error, short)
}

fn labels_table(section: ReportSection, labels: &[BinaryOutcomes]) -> ReportSection {
    let rows = labels.iter().map(|label| {
        let counts = label.counts();
        let auc = roc_auc(&label.truth, &label.probability);
        let of = |hits: usize, of: usize| {
            let fraction = proportion(hits as f64, of as f64);
            crate::report::wording::with_error(fraction.value, fraction.error, percent)
        };
        [
            label.name.clone(),
            percent(label.rate()),
            auc.map_or("–".into(), |auc| crate::report::wording::with_error(auc.value, auc.error, |v| fixed(v, 4))),
            of(counts.true_positives, counts.decided_positive()),
            of(counts.true_positives, counts.positives()),
        ]
    });
    let headings = ["label", "frequency", "ROC AUC", "precision", "recall"];
    section.table("Scores of the test rows, ± one standard error", headings, rows)
}
