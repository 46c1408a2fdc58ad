//! The scores of the pipeline in groups of rows.

use super::drawing::WIDTH;
use super::segment_groups::{SegmentRows, segment_groups};
use crate::Result;
use crate::plot::Bars;
use crate::preprocessing::Column;
use crate::report::ReportSection;
use crate::report::outcomes::{BinaryOutcomes, Outcomes};
use crate::report::report_data::ReportData;
use crate::report::uncertainty::{Uncertain, mean, proportion, roc_auc};
use crate::report::wording::{count, fixed, list, name, percent, short, with_error};

/// The number of columns that are used if none are chosen, and the largest number of their categories.
const CHOSEN: usize = 3;
const MOST_CATEGORIES: usize = 12;

/// The score of a group: its name and the format of its values.
struct SegmentScore {
    called: &'static str,
    baseline: f64,
    write: fn(f64) -> String,
}

pub(super) fn section(data: &ReportData<'_>, chosen: &[String]) -> Result<ReportSection> {
    let mut section = ReportSection::new("Segments");
    let outcomes = match &data.outcomes {
        Err(reason) => return Ok(section.note(reason.as_str())),
        Ok(outcomes) => outcomes,
    };
    let columns = if chosen.is_empty() { usual(data) } else { chosen.to_vec() };
    if columns.is_empty() {
        return Ok(
            section.note("Not shown: no column was chosen, and none that the pipeline uses has a few categories.")
        );
    }
    if chosen.is_empty() {
        let names: Vec<String> = columns.iter().map(|column| name(column)).collect();
        section = section.text(format!(
            "No columns were chosen; these are the first that the pipeline uses and that have few categories: {}.",
            list(&names)
        ));
    }
    for column in &columns {
        let groups = segment_groups(data.test.column(column)?);
        section = section.append(column, of_column(column, &groups, outcomes)?);
    }
    Ok(section.text(
        "Small groups have large errors: a difference of less than two standard errors is no evidence of one, and among many groups some \
         differ by more than that by chance.",
    ))
}

/// The first columns that are used and have few categories.
fn usual(data: &ReportData<'_>) -> Vec<String> {
    let has_few = |column: &&String| match data.test.column(column) {
        Ok(Column::String(strings)) => (2..=MOST_CATEGORIES).contains(&strings.counts().len()),
        Ok(Column::Boolean(_)) => true,
        _ => false,
    };
    data.inputs.iter().filter(has_few).take(CHOSEN).cloned().collect()
}

fn of_column(column: &str, groups: &[SegmentRows], outcomes: &Outcomes) -> Result<ReportSection> {
    let kind = match outcomes {
        Outcomes::Binary(_) => SegmentScore { called: "ROC AUC", baseline: 0.5, write: |v| fixed(v, 3) },
        Outcomes::Classes(_) => SegmentScore { called: "accuracy", baseline: 0.0, write: percent },
        Outcomes::Numbers(_) => SegmentScore { called: "mean absolute error", baseline: 0.0, write: short },
        Outcomes::Labels(_) => SegmentScore { called: "labels decided rightly", baseline: 0.0, write: percent },
    };
    let scores: Vec<Option<Uncertain>> = groups.iter().map(|group| score(outcomes, &group.rows)).collect();
    let mut section = ReportSection::new(name(column)).text(sentence(column, groups, &scores, &kind));
    let mut bars = Bars::new(format!("{} by {}", kind.called, name(column))).subtitle("± one standard error");
    for (group, score) in groups.iter().zip(&scores) {
        let label = format!("{} (n = {})", group.label, count(group.rows.len()));
        bars = match score {
            Some(score) if score.error.is_finite() => bars.bar_with_error(label, score.value, score.error),
            Some(score) => bars.bar(label, score.value),
            None => bars.bar(label, f64::NAN),
        };
    }
    let svg = bars.baseline(kind.baseline).decimals(3).horizontal().width(WIDTH).to_svg()?;
    let caption = format!("The {} of the test rows by {}.", kind.called, name(column));
    section = section.picture("segments", svg, caption);
    let (mut headings, more) = more_headings(outcomes);
    headings.push(kind.called.into());
    let rows = groups.iter().zip(&scores).map(|(group, score)| {
        let mut cells = vec![group.label.clone(), count(group.rows.len())];
        cells.extend(more(outcomes, &group.rows));
        cells.push(score.map_or("–".into(), |score| with_error(score.value, score.error, kind.write)));
        cells
    });
    Ok(section.table(format!("By {}, ± one standard error", name(column)), headings, rows))
}

type Cells = fn(&Outcomes, &[usize]) -> Vec<String>;

/// The columns of the table other than the score, and their cells.
fn more_headings(outcomes: &Outcomes) -> (Vec<String>, Cells) {
    let mut headings: Vec<String> = vec!["segment".into(), "rows".into()];
    let cells: Cells = match outcomes {
        Outcomes::Binary(_) => {
            headings.extend(["frequency", "mean probability", "recall"].map(String::from));
            |outcomes, rows| match outcomes {
                Outcomes::Binary(binary) => binary_cells(binary, rows),
                _ => Vec::new(),
            }
        }
        _ => |_, _| Vec::new(),
    };
    (headings, cells)
}

fn binary_cells(binary: &BinaryOutcomes, rows: &[usize]) -> Vec<String> {
    let positives = rows.iter().filter(|row| binary.truth[**row]).count();
    let found = rows.iter().filter(|row| binary.truth[**row] && binary.decided[**row]).count();
    let write = |fraction: Uncertain| with_error(fraction.value, fraction.error, percent);
    vec![
        write(proportion(positives as f64, rows.len() as f64)),
        percent(mean(rows.iter().map(|row| binary.probability[*row])).value),
        write(proportion(found as f64, positives as f64)),
    ]
}

fn score(outcomes: &Outcomes, rows: &[usize]) -> Option<Uncertain> {
    match outcomes {
        Outcomes::Binary(binary) => {
            let truth: Vec<bool> = rows.iter().map(|row| binary.truth[*row]).collect();
            let probability: Vec<f64> = rows.iter().map(|row| binary.probability[*row]).collect();
            roc_auc(&truth, &probability)
        }
        Outcomes::Classes(classes) => {
            let right = rows.iter().filter(|row| classes.truth[**row] == classes.decided[**row]).count();
            Some(proportion(right as f64, rows.len() as f64))
        }
        Outcomes::Numbers(columns) => {
            let first = columns.first()?;
            Some(mean(rows.iter().map(|row| (first.predicted[*row] - first.truth[*row]).abs())))
        }
        Outcomes::Labels(labels) => {
            let right = |row: usize| labels.iter().filter(|label| label.truth[row] == label.decided[row]).count();
            Some(mean(rows.iter().map(|row| right(*row) as f64 / labels.len() as f64)))
        }
    }
}

fn sentence(column: &str, groups: &[SegmentRows], scores: &[Option<Uncertain>], kind: &SegmentScore) -> String {
    let known: Vec<(&SegmentRows, Uncertain)> =
        groups.iter().zip(scores).filter_map(|(group, score)| Some((group, (*score)?))).collect();
    let by_value = |a: &&(&SegmentRows, Uncertain), b: &&(&SegmentRows, Uncertain)| a.1.value.total_cmp(&b.1.value);
    let (Some(least), Some(most)) = (known.iter().min_by(by_value), known.iter().max_by(by_value)) else {
        return format!("No group of {} has a {}: it needs rows of both classes.", name(column), kind.called);
    };
    let mut text = match known.len() {
        1 => format!(
            "The {} of {} is {}.",
            kind.called,
            least.0.label,
            with_error(least.1.value, least.1.error, kind.write)
        ),
        _ => {
            let error = least.1.error.hypot(most.1.error);
            let apart = (most.1.value - least.1.value) / error;
            format!(
                "The {} is from {} ({}) to {} ({}); {}.",
                kind.called,
                with_error(least.1.value, least.1.error, kind.write),
                least.0.label,
                with_error(most.1.value, most.1.error, kind.write),
                most.0.label,
                match apart {
                    apart if apart.is_finite() => format!("the two differ by {} standard errors", fixed(apart, 1)),
                    _ => "their errors cannot be estimated from so few rows".into(),
                }
            )
        }
    };
    if known.len() < groups.len() {
        text += " A group without a value has rows of one class alone.";
    }
    text
}
