//! How many positives are among the riskiest rows.

use super::WIDTH;
use crate::Result;
use crate::plot::{Bars, Lines};
use crate::report::ReportSection;
use crate::report::outcomes::BinaryOutcomes;
use crate::report::uncertainty::proportion;
use crate::report::wording::{count, counted, fixed, percent, with_error};

/// The groups of rows, most probable first.
const GROUPS: usize = 10;

pub(super) fn section(binary: &BinaryOutcomes) -> Result<ReportSection> {
    let section = ReportSection::new("Gains by decile");
    if let Some(reason) = binary.one_class() {
        return Ok(section.note(reason));
    }
    let rows = binary.rows();
    if rows < GROUPS {
        let rows = counted(rows, "test row");
        return Ok(section.note(format!("Not shown: {rows} cannot be divided into ten parts.")));
    }
    let found = PositivesAmongFirst::of(binary);
    let ends: Vec<usize> = (0..=GROUPS).map(|group| group * rows / GROUPS).collect();
    let captured: Vec<f64> = ends.iter().map(|end| found.at(*end) / binary.positives() as f64).collect();
    let places: Vec<f64> = ends.iter().map(|end| *end as f64 / rows as f64).collect();
    let rate = binary.rate();
    let [_, positive] = &binary.classes;
    let gains = Lines::new("Cumulative gains")
        .x_label("part of all rows, most probable first")
        .y_label(format!("part of the {positive} found"))
        .series("pipeline", &places, &captured)
        .series("perfect", &[0.0, rate, 1.0], &[0.0, 1.0, 1.0])
        .series("guessing", &[0.0, 1.0], &[0.0, 1.0])
        .x_range(0.0, 1.0)
        .y_range(0.0, 1.0)
        .width(WIDTH)
        .to_svg()?;
    let mut bars = Bars::new("Lift by decile").subtitle("± one standard error; 1 is the frequency of all rows");
    let mut table = Vec::new();
    for group in 0..GROUPS {
        let size = (ends[group + 1] - ends[group]) as f64;
        let positives = found.at(ends[group + 1]) - found.at(ends[group]);
        let fraction = proportion(positives, size);
        bars = bars.bar_with_error(format!("{}", group + 1), fraction.value / rate, fraction.error / rate);
        table.push([
            format!("{}", group + 1),
            count(ends[group + 1] - ends[group]),
            fixed(positives, if positives.fract() == 0.0 { 0 } else { 1 }),
            with_error(fraction.value, fraction.error, percent),
            fixed(fraction.value / rate, 2),
            percent(captured[group + 1]),
        ]);
    }
    let first = proportion(found.at(ends[1]), ends[1] as f64);
    let mut text = format!(
        "Sorted by probability, the first tenth of the rows ({}) holds {} of all {positive}: {} of these rows are {positive} (± {}), {} \
         times the frequency of all rows. The first half holds {}.",
        count(ends[1]),
        percent(captured[1]),
        percent(first.value),
        percent(first.error),
        fixed(first.value / rate, 1),
        percent(captured[GROUPS / 2]),
    );
    if found.has_ties {
        text += " Rows of equal probability are in no order; their positives are spread evenly over their places.";
    }
    let svg = bars.decimals(2).vertical().width(WIDTH).to_svg()?;
    let headings = ["decile", "rows", positive.as_str(), "frequency", "lift", "found up to here"];
    Ok(section
        .text(text)
        .picture(
            "gains",
            gains,
            "What part of the positives is found by naming a part of the rows, the most probable first.",
        )
        .picture("lift", svg, "How much more frequent the positives are in each tenth than in all rows.")
        .table("By decile, the most probable first, ± one standard error", headings, table))
}

/// How many positives are among the first rows, sorted by descending probability.
struct PositivesAmongFirst {
    /// Where each group of equal probabilities ends, and the positives up to there.
    groups: Vec<(usize, usize)>,
    has_ties: bool,
}

impl PositivesAmongFirst {
    fn of(binary: &BinaryOutcomes) -> Self {
        let p = &binary.probability;
        let mut order: Vec<usize> = (0..p.len()).collect();
        order.sort_by(|&a, &b| p[b].total_cmp(&p[a]));
        let mut groups = vec![(0, 0)];
        let (mut end, mut positives) = (0, 0);
        for group in order.chunk_by(|&a, &b| p[a] == p[b]) {
            end += group.len();
            positives += group.iter().filter(|row| binary.truth[**row]).count();
            groups.push((end, positives));
        }
        PositivesAmongFirst { has_ties: groups.len() <= p.len(), groups }
    }

    /// The positives among the first `rows`; those of a divided group in proportion.
    fn at(&self, rows: usize) -> f64 {
        let after = self.groups.partition_point(|(end, _)| *end < rows).min(self.groups.len() - 1);
        let (end, positives) = self.groups[after];
        if end == rows || after == 0 {
            return positives as f64;
        }
        let (start, before) = self.groups[after - 1];
        before as f64 + (positives - before) as f64 * (rows - start) as f64 / (end - start) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcomes(truth: &[bool], probability: &[f64]) -> BinaryOutcomes {
        BinaryOutcomes {
            name: "y".into(),
            classes: ["no".into(), "yes".into()],
            truth: truth.to_vec(),
            probability: probability.to_vec(),
            decided: vec![false; truth.len()],
            threshold: 0.5,
        }
    }

    #[test]
    fn ties_share_their_positives() {
        let found = PositivesAmongFirst::of(&outcomes(&[true, false, true, false], &[0.5, 0.5, 0.9, 0.5]));
        assert_eq!([0, 1, 2, 3, 4].map(|rows| found.at(rows)), [0.0, 1.0, 4.0 / 3.0, 5.0 / 3.0, 2.0]);
        assert!(found.has_ties);
        let found = PositivesAmongFirst::of(&outcomes(&[true, false], &[0.1, 0.9]));
        assert_eq!(([0, 1, 2].map(|rows| found.at(rows)), found.has_ties), ([0.0, 0.0, 1.0], false));
    }
}
