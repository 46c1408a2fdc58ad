//! The distribution of the errors of predicted numbers.

use super::columns::quantile;
use super::drawing::WIDTH;
use crate::Result;
use crate::plot::Bars;
use crate::report::ReportSection;
use crate::report::outcomes::NumberOutcomes;
use crate::report::wording::{counted, percent, short};

/// The bars of the histogram.
const BINS: usize = 15;

pub(super) fn section(numbers: &NumberOutcomes) -> Result<ReportSection> {
    let section = ReportSection::new("Residuals");
    let mut errors = numbers.errors();
    errors.sort_unstable_by(f64::total_cmp);
    let [least, low, q1, middle, q3, high, most] =
        [0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0].map(|fraction| quantile(&errors, fraction));
    if least == most {
        return Ok(section.note(format!(
            "Not drawn: the error, predicted minus actual, is {} in all of the {}.",
            short(least),
            counted(errors.len(), "test row")
        )));
    }
    // Bins over the central range of the errors; errors outside of it are in the outermost bins.
    let [from, to] = [0.01, 0.99].map(|fraction| quantile(&errors, fraction));
    let (from, to) = if from < to { (from, to) } else { (least, most) };
    let width = (to - from) / BINS as f64;
    let mut counts = [0usize; BINS];
    for error in &errors {
        let bin = ((error - from) / width).floor().clamp(0.0, (BINS - 1) as f64) as usize;
        counts[bin] += 1;
    }
    let total = errors.len() as f64;
    let bars = Bars::new(format!("{}: predicted minus actual", numbers.name)).subtitle("percent of the test rows");
    let bars = counts.iter().enumerate().fold(bars, |bars, (bin, count)| {
        let start = from + width * bin as f64;
        let label = match bin {
            0 => format!("below {}", short(start + width)),
            _ if bin == BINS - 1 => format!("above {}", short(start)),
            _ => format!("{} to {}", short(start), short(start + width)),
        };
        bars.bar(label, 100.0 * *count as f64 / total)
    });
    let svg = bars.decimals(1).horizontal().width(WIDTH).to_svg()?;
    let text = format!(
        "The error is predicted minus actual. Half of the {} have an error between {} and {}, nine of ten between {} and {}; the \
         median is {}, and {} of the predictions are too high.",
        counted(errors.len(), "test row"),
        short(q1),
        short(q3),
        short(low),
        short(high),
        short(middle),
        percent(errors.iter().filter(|error| **error > 0.0).count() as f64 / total)
    );
    Ok(section.text(text).picture(
        "residuals",
        svg,
        "How often errors of each size are; the outer bars hold all that is beyond.",
    ))
}
