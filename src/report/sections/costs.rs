//! The cost of each threshold.

use super::drawing::{POINTS, WIDTH, thin};
use super::score_input;
use crate::Result;
use crate::decisions::{CostMatrix, choose_threshold, cost_curve};
use crate::plot::Lines;
use crate::report::ReportSection;
use crate::report::outcomes::BinaryOutcomes;
use crate::report::uncertainty::{Uncertain, mean};
use crate::report::wording::{counted, fixed, short, with_error};

/// The number of resamples for the interval of the best threshold.
const RESAMPLES: usize = 100;

pub(super) fn section(binary: &BinaryOutcomes, costs: CostMatrix, seed: u64) -> Result<ReportSection> {
    let section = ReportSection::new("Costs");
    let calibrated = costs.bayes_threshold()?;
    if let Some(reason) = binary.one_class() {
        return Ok(section.note(reason));
    }
    let (truth, prediction) = score_input::columns(binary);
    let input = score_input::of(&truth, &prediction);
    let curve = cost_curve(&input, costs)?;
    let best = choose_threshold(costs, &input, RESAMPLES, seed)?;
    // The first threshold of the curve is infinite: no row is named.
    let finite = curve.thresholds.iter().zip(&curve.costs).filter(|(threshold, _)| threshold.is_finite());
    let (thresholds, values): (Vec<f64>, Vec<f64>) = finite.map(|(threshold, cost)| (*threshold, *cost)).unzip();
    let (x, y) = (thin(&thresholds, POINTS), thin(&values, POINTS));
    let here = cost_of(binary, costs, &|row| binary.decided[row]);
    let none = cost_of(binary, costs, &|_| false);
    let all = cost_of(binary, costs, &|_| true);
    let mut lines = Lines::new("Mean cost by threshold")
        .x_label("threshold")
        .y_label("mean cost of a row")
        .series("cost", &x, &y)
        .vertical(binary.threshold, format!("now {}", short(binary.threshold)))
        .horizontal(none.value.min(all.value), if none.value <= all.value { "none named" } else { "all named" });
    if best.threshold.is_finite() {
        lines = lines.vertical(best.threshold, format!("least {}", fixed(best.threshold, 3)));
    }
    let svg = lines.width(WIDTH).to_svg()?;
    let mut text = format!(
        "A false alarm costs {}, a missed {} {}. At the threshold {} the mean cost of a row is {} (± one standard error, {}); naming none \
         would cost {}, naming all {}.",
        short(costs.false_positive),
        binary.classes[1],
        short(costs.false_negative),
        short(binary.threshold),
        with_error(here.value, here.error, short),
        counted(binary.rows(), "test row"),
        short(none.value),
        short(all.value),
    );
    text += &match best.threshold.is_finite() {
        true => format!(
            " The cost of these rows is least, {}, from a probability of {} on",
            short(best.value),
            fixed(best.threshold, 3)
        ),
        false => format!(" The cost of these rows is least, {}, where none is named", short(best.value)),
    };
    if let Some(interval) = best.interval {
        text += &format!(
            "; over resamples of the rows that threshold is {} to {} (95%)",
            fixed(interval.threshold.low, 3),
            fixed(interval.threshold.high, 3)
        );
    }
    text += &format!(
        ". Of calibrated probabilities it would be {}. A threshold that is chosen on these rows looks better here than on new ones.",
        fixed(calibrated, 3)
    );
    Ok(section.text(text).picture("costs", svg, "The mean cost of a test row for each threshold."))
}

/// The mean cost of a row by these decisions.
fn cost_of(binary: &BinaryOutcomes, costs: CostMatrix, decided: &dyn Fn(usize) -> bool) -> Uncertain {
    mean((0..binary.rows()).map(|row| match (binary.truth[row], decided(row)) {
        (false, false) => costs.true_negative,
        (false, true) => costs.false_positive,
        (true, false) => costs.false_negative,
        (true, true) => costs.true_positive,
    }))
}
