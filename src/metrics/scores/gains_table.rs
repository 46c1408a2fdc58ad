//! Lift and cumulative gains by decile.

use crate::error::counted;
use std::fmt;

use super::ranking::{Ranking, one_class};
use super::weighted::AsTruth;
use crate::as_column::AsColumn;
use crate::error::{Error, Result};

/// Divides the samples by descending score into ten deciles and counts the positives of each, and of the deciles up to it.
///
/// If the number of rows is n = 10·q + r, the first r deciles have q + 1 rows and the others q. Positives among rows with equal scores
/// on both sides of a border are divided in proportion, so that the order of the rows does not matter. With weights, rows and
/// positives are sums of weights, and each decile has a tenth of the total weight.
///
/// `y_true` must contain 0 and 1, `y_score` contains probabilities or other scores.
///
/// ```
/// use perceptra::metrics::gains_table;
///
/// let score: Vec<f64> = (0..50).map(|row| f64::from(row) / 50.0).collect();
/// let truth: Vec<bool> = score.iter().map(|score| *score >= 0.8).collect();
/// let table = gains_table(&truth, &score)?;
/// assert_eq!((table.rows[0].positives, table.rows[0].lift), (5.0, 5.0));
/// assert_eq!(table.rows[1].cumulative_gain, 1.0);
/// println!("{table}");
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// The errors of [`roc_auc_score`](super::roc_auc_score()), but only class 1 has to occur; [`Error::Argument`] for fewer than 10 rows with a weight above 0.
pub fn gains_table(y_true: &(impl AsTruth + ?Sized), y_score: &(impl AsColumn + ?Sized)) -> Result<GainsTable> {
    let ranking = Ranking::new("gains_table", y_true, y_score)?;
    if ranking.positives() == 0.0 {
        return Err(one_class("gains_table", 1));
    }
    let (total, positives) = (ranking.positives() + ranking.negatives(), ranking.positives());
    let weights = y_true.sample_weight()?;
    let count = match &weights {
        Some(weights) => weights.iter().filter(|weight| **weight > 0.0).count(),
        None => total as usize,
    };
    if count < DECILES {
        return Err(Error::argument(
            "gains_table",
            "y_true",
            counted(count, "row"),
            "at least 10 rows, one for each decile",
        ));
    }
    let border = |decile: usize| match weights {
        Some(_) => total * decile as f64 / DECILES as f64,
        None => (decile * (count / DECILES) + decile.min(count % DECILES)) as f64,
    };
    let base = positives / total;
    let mut rows = Vec::with_capacity(DECILES);
    let (mut from, mut found) = (0.0, 0.0);
    for decile in 1..=DECILES {
        let (to, within) =
            if decile == DECILES { (total, positives) } else { (border(decile), reached(&ranking, border(decile))) };
        let rate = (within - found) / (to - from);
        rows.push(GainsRow {
            decile,
            rows: to - from,
            positives: within - found,
            rate,
            lift: rate / base,
            cumulative_gain: within / positives,
            cumulative_lift: within / to / base,
        });
        (from, found) = (to, within);
    }
    Ok(GainsTable { rows, positive_rate: base })
}

const DECILES: usize = 10;

/// The positives among the samples with the highest scores that have this total weight.
fn reached(ranking: &Ranking, weight: f64) -> f64 {
    let size = |at: usize| ranking.true_positives[at] + ranking.false_positives[at];
    let (mut low, mut high) = (0, ranking.thresholds.len());
    while low < high {
        let middle = (low + high) / 2;
        if size(middle) < weight { low = middle + 1 } else { high = middle }
    }
    // The border is within a group of equal scores.
    let (before, tp_before) = if low == 0 { (0.0, 0.0) } else { (size(low - 1), ranking.true_positives[low - 1]) };
    let at = low.min(ranking.thresholds.len() - 1);
    let fraction = ((weight - before) / (size(at) - before)).min(1.0);
    if low > at { tp_before } else { tp_before + fraction * (ranking.true_positives[at] - tp_before) }
}

/// The result of [`gains_table`](gains_table()); `Display` shows it in fewer than 80 columns.
#[derive(Debug, Clone, PartialEq)]
pub struct GainsTable {
    /// One row per decile, with the highest scores first.
    pub rows: Vec<GainsRow>,
    /// The fraction of positives among all rows.
    pub positive_rate: f64,
}

/// One decile of a [`GainsTable`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GainsRow {
    /// The number of the decile, from 1 for the highest scores to 10.
    pub decile: usize,
    /// The number of samples in the decile, or the sum of their weights.
    pub rows: f64,
    /// The number of positives among them, or the sum of their weights.
    pub positives: f64,
    /// The fraction of positives.
    pub rate: f64,
    /// The fraction of positives relative to that among all rows.
    pub lift: f64,
    /// The fraction of all positives that are in this decile or those before it.
    pub cumulative_gain: f64,
    /// The lift of this decile and those before it together.
    pub cumulative_lift: f64,
}

impl fmt::Display for GainsTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "decile        rows   positives     rate    lift  cum. gain  cum. lift")?;
        for row in &self.rows {
            let rate = format!("{:.2}%", row.rate * 100.0);
            let gain = format!("{:.2}%", row.cumulative_gain * 100.0);
            let (rows, positives) = (amount(row.rows), amount(row.positives));
            let (decile, lift, cumulative) = (row.decile, row.lift, row.cumulative_lift);
            write!(f, "\n{decile:>6}{rows:>12}{positives:>12}{rate:>9}{lift:>8.2}{gain:>11}{cumulative:>11.2}")?;
        }
        Ok(())
    }
}

/// Formats a count, or a sum of weights in at most 11 columns.
fn amount(value: f64) -> String {
    let plain = if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.2}") };
    if plain.len() <= 11 && (value == 0.0 || value >= 0.005) { plain } else { format!("{value:.3e}") }
}

#[cfg(test)]
mod tests {
    use super::super::weighted::weighted;
    use super::*;
    use crate::reference;

    #[test]
    fn deciles_are_those_of_rows_in_the_order_of_scores() {
        let case = reference::case("scores_binary");
        let table = gains_table(&case.numbers("truth"), &case.numbers("score")).unwrap();
        let column = |of: fn(&GainsRow) -> f64| table.rows.iter().map(of).collect::<Vec<_>>();
        case.assert_close("gains_rows", column(|row| row.rows), 1e-12);
        case.assert_close("gains_positives", column(|row| row.positives), 1e-12);
        case.assert_close("gains_cumulative", column(|row| row.cumulative_gain), 1e-12);
        case.assert_close("gains_lift", column(|row| row.lift), 1e-12);
        assert!((table.rows[9].cumulative_lift - 1.0).abs() < 1e-15);
    }

    #[test]
    fn equal_scores_are_divided_in_proportion() {
        let truth: Vec<bool> = (0..20).map(|row| row < 5).collect();
        let table = gains_table(&truth, &[0.5; 20]).unwrap();
        assert!(table.rows.iter().all(|row| row.rows == 2.0 && (row.positives - 0.5).abs() < 1e-14));
        assert!(table.rows.iter().all(|row| (row.lift - 1.0).abs() < 1e-13));
    }

    #[test]
    fn a_weight_of_two_is_two_rows() {
        let score: Vec<f64> = (0..20).map(|row| f64::from(row * 7 % 20)).collect();
        let truth: Vec<bool> = (0..20).map(|row| row % 3 == 0).collect();
        let twice = |values: &[f64]| values.iter().chain(values).copied().collect::<Vec<_>>();
        let doubled_truth: Vec<bool> = truth.iter().chain(&truth).copied().collect();
        let found = gains_table(&weighted(&truth, &[2; 20]), &score).unwrap();
        assert_eq!(found, gains_table(&doubled_truth, &twice(&score)).unwrap());
        let fractions: Vec<f64> = (0..20).map(|row| 0.1 + f64::from(row % 4)).collect();
        let found = gains_table(&weighted(&truth, &fractions), &score).unwrap();
        let sum: f64 = found.rows.iter().map(|row| row.positives).sum();
        let expected: f64 = truth.iter().zip(&fractions).filter(|pair| *pair.0).map(|pair| pair.1).sum();
        assert!((sum - expected).abs() < 1e-12 && found.rows.iter().all(|row| row.positives >= 0.0));
    }

    #[test]
    fn it_needs_ten_rows_and_a_positive() {
        assert!(matches!(gains_table(&[1; 9], &[0.1; 9]), Err(Error::Argument { .. })));
        assert!(matches!(gains_table(&[0; 20], &[0.1; 20]), Err(Error::Empty { .. })));
        assert!(gains_table(&[1; 20], &[0.1; 20]).is_ok());
        let weights: Vec<u8> = (0..20).map(|row| u8::from(row < 9)).collect();
        assert!(matches!(gains_table(&weighted(&[1; 20], &weights), &[0.1; 20]), Err(Error::Argument { .. })));
    }

    #[test]
    fn lines_are_below_eighty_columns() {
        let score: Vec<f64> = (0..30).map(f64::from).collect();
        let truth: Vec<bool> = (0..30).map(|row| row >= 24).collect();
        let shown = gains_table(&truth, &score).unwrap().to_string();
        let lines: Vec<&str> = shown.lines().collect();
        assert_eq!(lines[0], "decile        rows   positives     rate    lift  cum. gain  cum. lift");
        assert_eq!(lines[1], "     1           3           3  100.00%    5.00     50.00%       5.00");
        assert_eq!(lines[10], "    10           3           0    0.00%    0.00    100.00%       1.00");
        let weights: Vec<f64> = (0..30).map(|row| 1e-300_f64.powf(f64::from(row) / 30.0) * 1e250).collect();
        let shown = gains_table(&weighted(&truth, &weights), &score).unwrap().to_string();
        assert!(shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
    }
}
