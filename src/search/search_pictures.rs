//! Plots of the trials.

use super::search_table::as_number;
use super::{SearchResult, SearchValue, TrialResult};
use crate::error::counted;
use crate::plot::{Bars, Lines};
use crate::{Error, Result};

impl SearchResult {
    /// Plots the score of every trial against one of its arguments, as SVG: a dot for each trial, or for a choice a bar at the median
    /// score of each option. A logarithmic argument is shown by its decimal logarithm. Trials without the argument, failed ones and
    /// those that were trained for a smaller fraction of their epochs than the best one are left out.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`] for a name that the space does not have; [`Error::Empty`] if no trial has the argument and a score.
    pub fn plot(&self, argument: &str) -> Result<String> {
        let known = self.space.argument(argument);
        let known = known.ok_or_else(|| Error::unknown("search argument", argument, self.space.names()))?;
        let score = |trial: &TrialResult| trial.score.is_finite() && trial.fraction == self.best().fraction;
        let scored = self.trials.iter().filter(|trial| score(trial));
        let found: Vec<(&SearchValue, f64)> =
            scored.filter_map(|trial| Some((trial.arguments.get(argument)?, trial.score))).collect();
        if found.is_empty() {
            let what = format!("the trials with a score and the argument \"{argument}\"");
            return Err(Error::Empty { what, advice: "plot an argument that one of them has".into() });
        }
        let title = format!("{} against {argument}", self.score_name);
        let better = if self.greater_is_better { "more is better" } else { "less is better" };
        let subtitle = format!("{}; {better}", counted(found.len(), "trial"));
        let Some(scale) = known.domain.scale() else {
            let mut bars =
                Bars::new(title).subtitle(format!("median of each; {subtitle}")).value_label(&self.score_name);
            for choice in known.domain.points(1) {
                let mut scores: Vec<f64> =
                    found.iter().filter(|(value, _)| **value == choice).map(|one| one.1).collect();
                scores.sort_unstable_by(f64::total_cmp);
                if let Some(median) = median(&scores) {
                    bars = bars.bar(format!("{choice} ({})", scores.len()), median);
                }
            }
            return bars.decimals(4).to_svg();
        };
        let place = |value: &SearchValue| if scale.is_log { as_number(value).log10() } else { as_number(value) };
        let label = if scale.is_log { format!("log₁₀ {argument}") } else { argument.to_owned() };
        let (x, y): (Vec<f64>, Vec<f64>) = found.iter().map(|(value, score)| (place(value), *score)).unzip();
        let lines = Lines::new(title).subtitle(subtitle).x_label(label).y_label(&self.score_name).points("", &x, &y);
        match self.best().arguments.get(argument) {
            Some(best) => lines.vertical(place(best), format!("best: {best}")).to_svg(),
            None => lines.to_svg(),
        }
    }

    /// Plots the score of every evaluation and the best score so far, in the order of the evaluations, as SVG.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] if all trials have failed.
    pub fn plot_best_so_far(&self) -> Result<String> {
        let scores: Vec<f64> = self.evaluations().iter().map(|(_, _, score)| *score).collect();
        let order: Vec<usize> = (1..=scores.len()).collect();
        Lines::new(format!("{} of every evaluation", self.score_name))
            .subtitle("the best so far counts trials with more of their epochs first")
            .x_label("evaluation")
            .y_label(&self.score_name)
            .points("evaluation", &order, &scores)
            .series("best so far", &order, &self.best_so_far())
            .to_svg()
    }
}

fn median(sorted: &[f64]) -> Option<f64> {
    let middle = sorted.len() / 2;
    let upper = *sorted.get(middle)?;
    Some(if sorted.len() % 2 == 1 { upper } else { (sorted[middle - 1] + upper) / 2.0 })
}
