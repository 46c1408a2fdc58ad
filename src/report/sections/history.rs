//! The losses and metrics of the members by epoch.

use super::drawing::WIDTH;
use crate::Result;
use crate::engine::History;
use crate::plot::Lines;
use crate::report::ReportSection;
use crate::report::report_data::ReportData;
use crate::report::wording::{counted, list, short};

/// The largest number of members that are drawn.
const MOST_MEMBERS: usize = 6;
/// The largest number of epochs that are drawn.
const MOST_EPOCHS: usize = 200;

pub(super) fn section(data: &ReportData<'_>) -> Result<ReportSection> {
    let section = ReportSection::new("Training history");
    let trained: Vec<&&History> = data.histories.iter().filter(|history| !history.epochs().is_empty()).collect();
    let Some(first) = trained.first() else {
        return Ok(section.note("Not shown: the networks hold no history, as one that was built without training."));
    };
    let epochs: Vec<usize> = trained.iter().map(|history| history.epochs().len()).collect();
    let (fewest, most) = (epochs.iter().min().copied().unwrap_or(0), epochs.iter().max().copied().unwrap_or(0));
    let mut text = match (trained.len(), fewest == most) {
        (1, _) => format!("The network was trained for {}.", counted(most, "epoch")),
        (members, true) => format!("{members} networks were trained for {} each.", counted(most, "epoch")),
        (members, false) => format!("{members} networks were trained for {fewest} to {} each.", counted(most, "epoch")),
    };
    let validated: Vec<f64> = trained.iter().filter_map(|history| least(history, "val_loss")).collect();
    if let Some((low, high)) = ends(&validated) {
        text += &match low == high {
            true => format!(" The least loss on rows for validation was {}.", short(low)),
            false => {
                format!(" The least loss of each on its rows for validation was {} to {}.", short(low), short(high))
            }
        };
        text += " Where that loss rises while the loss of the training rows falls, a network learns its rows by heart.";
    } else {
        text += " No rows were kept for validation, so over-fitting cannot be seen here.";
    }
    let shown = trained.len().min(MOST_MEMBERS);
    if trained.len() > shown {
        text += &format!(" Shown: the first {MOST_MEMBERS} networks.");
    }
    let mut lines = Lines::new("Loss by epoch").x_label("epoch").y_label("loss").width(WIDTH);
    for (member, history) in trained[..shown].iter().enumerate() {
        let suffix = if shown == 1 { String::new() } else { format!(" {}", member + 1) };
        for (key, called) in [("loss", "training"), ("val_loss", "validation")] {
            if let Some(values) = history.get(key).filter(|_| shown <= 3 || key == "val_loss" || validated.is_empty()) {
                let (x, y) = thinned(values);
                lines = lines.series(format!("{called}{suffix}"), &x, &y);
            }
        }
    }
    let section = section.text(text);
    let Ok(svg) = lines.to_svg() else {
        return Ok(section.note("Not shown: no loss of the history is a finite number."));
    };
    let section = section.picture("loss", svg, "The loss at the end of each epoch.");
    Ok(with_metrics(section, first, trained.len()))
}

/// Adds a plot of the metrics of the first network.
fn with_metrics(section: ReportSection, history: &History, members: usize) -> ReportSection {
    let is_metric = |name: &&str| !matches!(*name, "loss" | "val_loss" | "learning_rate") && !name.starts_with("val_");
    let metrics: Vec<&str> = history.names().filter(is_metric).take(6).collect();
    if metrics.is_empty() {
        return section;
    }
    let mut lines = Lines::new("Metrics by epoch").x_label("epoch").width(WIDTH);
    for metric in &metrics {
        let (x, y) = thinned(history.get(metric).unwrap_or(&[]));
        lines = lines.series(*metric, &x, &y);
    }
    let last = metrics.iter().filter_map(|metric| Some(format!("{metric} {}", short(history.last(metric)?))));
    let of = if members > 1 { " of the first network" } else { "" };
    let caption =
        format!("The metrics{of} on its training rows; after the last epoch: {}.", list(&last.collect::<Vec<_>>()));
    match lines.to_svg() {
        Ok(svg) => section.picture("metrics", svg, caption),
        Err(_) => section,
    }
}

fn least(history: &History, key: &str) -> Option<f64> {
    history.get(key)?.iter().copied().filter(|loss| loss.is_finite()).reduce(f64::min)
}

fn ends(values: &[f64]) -> Option<(f64, f64)> {
    let low = values.iter().copied().reduce(f64::min)?;
    Some((low, values.iter().copied().reduce(f64::max)?))
}

/// Returns epochs, counted from 1, and their values; of a long history only every n-th epoch and the last one.
fn thinned(values: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let every = values.len().div_ceil(MOST_EPOCHS).max(1);
    let kept = |i: &usize| i.is_multiple_of(every) || *i + 1 == values.len();
    (0..values.len()).filter(kept).map(|i| ((i + 1) as f64, values[i])).unzip()
}
