use crate::{Error, Result};

/// Costs of errors that depend on the row: the amount at risk times the fraction of it that is lost.
///
/// A false negative costs `amount × loss_given_default` (default 1), a false positive `amount × lost_margin` (default 0.1); correct
/// decisions cost 0. Both fractions are at least 0; amounts are finite and at least 0.
///
/// ```
/// use perceptra::decisions::{RowCosts, ThresholdFor};
///
/// let rule = ThresholdFor::row_costs(RowCosts::new([5_000.0, 20_000.0]).loss_given_default(0.6).lost_margin(0.15));
/// assert_eq!(rule.to_string(), "least cost per row, 0.6 and 0.15 of the amounts");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct RowCosts {
    pub(super) amounts: Vec<f64>,
    pub(super) loss_given_default: f64,
    pub(super) lost_margin: f64,
}

impl RowCosts {
    /// Creates costs from the amount of each row, in the order of the rows on which the threshold is chosen.
    pub fn new(amounts: impl Into<Vec<f64>>) -> Self {
        RowCosts { amounts: amounts.into(), loss_given_default: 1.0, lost_margin: 0.1 }
    }

    /// The fraction of the amount that a false negative costs.
    #[must_use]
    pub fn loss_given_default(mut self, fraction: f64) -> Self {
        self.loss_given_default = fraction;
        self
    }

    /// The fraction of the amount that a false positive costs.
    #[must_use]
    pub fn lost_margin(mut self, fraction: f64) -> Self {
        self.lost_margin = fraction;
        self
    }

    pub(super) fn check(&self, rows: usize) -> Result<()> {
        if self.amounts.len() != rows {
            return Err(Error::Rows {
                left: "truth",
                left_rows: rows,
                right: "amounts",
                right_rows: self.amounts.len(),
            });
        }
        let is_amount = |amount: &f64| (0.0..=1e100).contains(amount);
        if let Some(row) = self.amounts.iter().position(|amount| !is_amount(amount)) {
            let value = format!("{} in row {row}", self.amounts[row]);
            return Err(Error::argument("RowCosts", "amounts", value, "finite numbers of at least 0"));
        }
        for (name, fraction) in [("loss_given_default", self.loss_given_default), ("lost_margin", self.lost_margin)] {
            if !is_amount(&fraction) {
                return Err(Error::argument("RowCosts", name, fraction, "a finite number of at least 0"));
            }
        }
        Ok(())
    }
}
