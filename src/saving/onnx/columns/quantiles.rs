//! Ranks among quantiles: the quantiles below a number are counted, the neighbouring ones are looked up.

use super::super::graph::Graph;
use super::super::proto::DataType;
use super::super::term::Term;
use super::form::{Form, Taken, taken};
use super::missing::{keep_missing, refuse_infinite};
use crate::Result;
use crate::preprocessing::fitted::{FittedQuantileTransformer, Ranked, ScaledColumns, Scaler, normal_coefficients};

impl Form for ScaledColumns<FittedQuantileTransformer> {
    fn takes(&self, _: &[String]) -> Result<Vec<Taken>> {
        Ok(taken(&self.columns, false))
    }

    fn write<'g>(&self, columns: &[Term<'g>], _: &'g Graph) -> Result<Vec<Term<'g>>> {
        let ranked = |(raw, column): (&Term<'g>, &Ranked)| {
            let raw = refuse_infinite(raw);
            let rank = rank(&raw, column);
            keep_missing(&raw, if column.normal { normal(&rank) } else { rank })
        };
        Ok(columns.iter().zip(self.scaler.columns()).map(ranked).collect())
    }

    fn keeps_missing(&self) -> bool {
        true
    }
}

/// The rank, from 0 to 1; any such number for a missing one.
fn rank<'g>(x: &Term<'g>, column: &Ranked) -> Term<'g> {
    let (graph, count) = (x.graph, column.quantiles.len());
    let number = |value: f64| graph.constant(DataType::Double, &[], &[value]);
    let ((low, high), last) = (column.ends(), count - 1);
    let (is_low, is_high) = match column.normal {
        true => {
            let bound = number(Ranked::BOUND);
            (number(low).greater(x - &bound), (x + &bound).greater(high))
        }
        false => (x.equal(low), x.equal(high)),
    };
    // A single quantile is the first and the last.
    let interpolated = if last == 0 { number(0.0) } else { interpolated(x, column) };
    is_low.choose(&number(0.0), is_high.choose(&number(1.0), interpolated))
}

/// The mean of the interpolations from below and from above.
fn interpolated<'g>(x: &Term<'g>, column: &Ranked) -> Term<'g> {
    let (graph, count) = (x.graph, column.quantiles.len());
    let last = (count - 1) as f64;
    let row = graph.constant(DataType::Double, &[1, count], &column.quantiles);
    let table = graph.constant(DataType::Double, &[count], &column.quantiles);
    let counted = |which: Term<'g>| which.cast(DataType::Double).sum(1, true);
    let at = |index: &Term<'g>| table.gather(&index.cast(DataType::Int64));
    let part = |from: &Term<'g>, to: &Term<'g>| {
        let (from, to) = (at(from), at(to));
        // Halves, whose differences are within the range of numbers.
        let gap = &to * 0.5 - &from * 0.5;
        let part = ((x * 0.5 - &from * 0.5) / &gap).clip(0.0, 1.0);
        gap.equal(0.0).choose(&graph.constant(DataType::Double, &[], &[0.0]), part)
    };
    let below = (counted(x.greater_or_equal(&row)) - 1.0).clip(0.0, last);
    let from_below = &below + part(&below, &(&below + 1.0).clip(0.0, last));
    let above = counted(x.greater(&row)).clip(0.0, last);
    let from_above = &above - part(&above, &(&above - 1.0).clip(0.0, last));
    (from_below + from_above) * (0.5 / last)
}

/// The inverse of the normal distribution function, cut off at both ends, by the rational functions of its middle and tails.
fn normal<'g>(rank: &Term<'g>) -> Term<'g> {
    let graph = rank.graph;
    let number = |value: f64| graph.constant(DataType::Double, &[], &[value]);
    let polynomial = |coefficients: &[f64], x: &Term<'g>| {
        coefficients.iter().fold(number(0.0), |sum, coefficient| sum * x + *coefficient)
    };
    let ratio = |[above, below]: [&[f64]; 2], x: &Term<'g>| polynomial(above, x) / polynomial(below, x);
    let [middle, tail, far_tail] = normal_coefficients();
    let distance = rank - 0.5;
    let inner = ratio(middle, &(&distance * &distance * -1.0 + 0.180625)) * &distance;
    let is_left = number(0.0).greater(&distance);
    let fraction = is_left.choose(rank, number(1.0) - rank);
    let root = (-&fraction.apply("Log")).sqrt();
    let magnitude = root.greater(5.0).choose(&ratio(far_tail, &(&root - 5.0)), ratio(tail, &(&root - 1.6)));
    let outer = is_left.choose(&-&magnitude, magnitude.clone());
    let quantile = distance.apply("Abs").greater(0.425).choose(&outer, inner);
    // The fractions 0 and 1 have no logarithm.
    let (low, high) = Ranked::normal_ends();
    let inside = rank.equal(1.0).choose(&number(high), quantile.clip(low, high));
    rank.equal(0.0).choose(&number(low), inside)
}
