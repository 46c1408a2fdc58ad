//! The other numeric columns of the published summary, independent of everything else.
//!
//! The summary states each column's distribution, but no dependence between columns, so these columns have the right
//! distributions and **no relation** to the label, to the eight columns of the model, or to each other. In the real file
//! some are closely related: the amounts applied for, granted and funded are nearly one number, and recoveries exist only if a
//! loan has defaulted. Here they are useless columns, to be examined and left out.
//!
//! Values are drawn from a separate random stream, so the other columns do not depend on them.

mod columns;

use super::interpolation::PiecewiseLinear;
use super::outcome::{Missing, Outcome};
use super::record::{push_hundredths, push_integer, to_multiple};
use super::{ROWS, unit};
use perceptra::Random;

/// Names of the columns, each followed by a comma.
pub(super) const HEADER: &str = "member_id,loan_amnt,funded_amnt,dti,delinq_2yrs,inq_last_6mths,mths_since_last_delinq,\
                          total_rec_late_fee,recoveries,collection_recovery_fee,collections_12_mths_ex_med,\
                          mths_since_last_major_derog,acc_now_delinq,tot_coll_amt,total_rev_hi_lim,";

/// The number of rows with a column's largest value, for every seed.
const LARGEST: u64 = 3;

/// A step through the rows that is coprime to their number, so that it visits each row once.
const STRIDE: u64 = 329_063;

/// The distribution and the precision of one column.
#[derive(Debug)]
struct Column {
    shape: Shape,
    maximum: f64,
    precision: Precision,
    absent: Absent,
}

/// The function from a uniform number in `[0, 1)` to a value.
#[derive(Debug)]
enum Shape {
    /// Zero up to the first point, then piecewise linear.
    Curve { zero: f64, values: PiecewiseLinear },
    /// Zero for this fraction of the rows; above it each count is `ratio` times as frequent as the one before.
    Count { zero: f64, ratio: f64 },
}

#[derive(Debug, Clone, Copy)]
enum Precision {
    Multiple(f64),
    Hundredths,
}

/// The rows with a missing value.
#[derive(Debug, Clone, Copy)]
enum Absent {
    Never,
    /// About this many, at random.
    Rows(u32),
    /// The rows without `tot_cur_bal`: the published counts of the three columns are the same.
    WithBalance,
}

impl Shape {
    fn curve(points: &[(f64, f64)]) -> Shape {
        let values = PiecewiseLinear::new(points.iter().copied());
        Shape::Curve { zero: values.start(), values }
    }

    fn value(&self, u: f64) -> f64 {
        match self {
            Shape::Curve { zero, .. } | Shape::Count { zero, .. } if u < *zero => 0.0,
            Shape::Curve { values, .. } => values.at(u),
            Shape::Count { zero, ratio } => 1.0 + (((1.0 - u) / (1.0 - zero)).ln() / ratio.ln()).floor(),
        }
    }
}

impl Column {
    /// Appends one field; `rank` is a number of the row that no other row has.
    fn write(&self, outcome: Outcome, rank: u64, random: &mut Random, text: &mut Vec<u8>) {
        let largest = rank < LARGEST;
        let absent = match self.absent {
            Absent::Never => false,
            Absent::Rows(count) => unit(random) < f64::from(count) / f64::from(ROWS) && !largest,
            Absent::WithBalance => outcome.missing == Missing::Balance,
        };
        let u = unit(random);
        if !absent {
            let value = if largest { self.maximum } else { self.shape.value(u).min(self.maximum) };
            match self.precision {
                // The largest value is no multiple in every column.
                Precision::Multiple(_) if value == self.maximum => push_integer(value as u64, text),
                Precision::Multiple(step) => push_integer(to_multiple(value, step), text),
                Precision::Hundredths => push_hundredths(value, text),
            }
        }
        text.push(b',');
    }
}

/// Writes the unrelated columns of row after row.
#[derive(Debug)]
pub(super) struct Unrelated {
    member_id: PiecewiseLinear,
    columns: [Column; 14],
    row: u64,
}

impl Unrelated {
    pub(super) fn new() -> Self {
        let member_id = PiecewiseLinear::new(columns::MEMBER_ID.iter().copied());
        Self { member_id, columns: columns::all(), row: 0 }
    }

    /// Appends the fields of the next row, each followed by a comma.
    pub(super) fn write(&mut self, outcome: Outcome, random: &mut Random, text: &mut Vec<u8>) {
        // Every rank once, so that no two members have the same number.
        let rank = |column: u64| (self.row * STRIDE + 30_000 * column) % u64::from(ROWS);
        push_integer(self.member_id.at(rank(0) as f64 / f64::from(ROWS - 1)) as u64, text);
        text.push(b',');
        for (number, column) in (1..).zip(&self.columns) {
            column.write(outcome, rank(number), random, text);
        }
        self.row += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_falls_by_its_ratio() {
        let shape = Shape::Count { zero: 0.5, ratio: 0.5 };
        assert_eq!(
            [0.0, 0.49, 0.5, 0.74, 0.76, 0.87, 0.88].map(|u| shape.value(u)),
            [0.0, 0.0, 1.0, 1.0, 2.0, 2.0, 3.0]
        );
    }

    #[test]
    fn a_curve_is_zero_up_to_its_first_point() {
        let shape = Shape::curve(&[(0.5, 10.0), (1.0, 30.0)]);
        assert_eq!([0.0, 0.49, 0.5, 0.75].map(|u| shape.value(u)), [0.0, 0.0, 10.0, 20.0]);
    }
}
