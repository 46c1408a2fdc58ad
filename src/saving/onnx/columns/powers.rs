//! Logarithms and powers of numbers.
//!
//! ONNX has neither `ln(1 + x)` nor `eˣ − 1`: both are made of the rounded `1 + x` and `eˣ`, whose own rounding is divided out.

use super::super::graph::Graph;
use super::super::term::Term;
use super::form::{Form, Taken, taken};
use super::missing::{refuse_infinite, refuse_where};
use crate::Result;
use crate::preprocessing::fitted::{FittedLog1p, FittedPowerTransformer, Power, Powered, ScaledColumns, Scaler};

impl Form for ScaledColumns<FittedLog1p> {
    fn takes(&self, _: &[String]) -> Result<Vec<Taken>> {
        Ok(taken(&self.columns, false))
    }

    fn write<'g>(&self, columns: &[Term<'g>], _: &'g Graph) -> Result<Vec<Term<'g>>> {
        let logarithm = |raw: &Term<'g>| log_1p(&refuse_where(raw, &at_most(raw, -1.0)));
        Ok(columns.iter().map(logarithm).collect())
    }

    fn keeps_missing(&self) -> bool {
        true
    }
}

impl Form for ScaledColumns<FittedPowerTransformer> {
    fn takes(&self, _: &[String]) -> Result<Vec<Taken>> {
        Ok(taken(&self.columns, false))
    }

    fn write<'g>(&self, columns: &[Term<'g>], _: &'g Graph) -> Result<Vec<Term<'g>>> {
        let powered = |(raw, column): (&Term<'g>, &Powered)| {
            (transformed(&refuse_infinite(raw), &column.power) - column.center) / column.scale
        };
        Ok(columns.iter().zip(self.scaler.columns()).map(powered).collect())
    }

    fn keeps_missing(&self) -> bool {
        true
    }
}

/// The function of [`Power::apply`](Power).
fn transformed<'g>(x: &Term<'g>, power: &Power) -> Term<'g> {
    let Power { box_cox, lambda, origin } = *power;
    if box_cox {
        let logarithm = refuse_where(x, &at_most(x, 0.0)).apply("Log");
        return scaled_power(&(logarithm - origin), lambda);
    }
    if origin < 0.0 {
        return -&transformed(&-x, &Power { box_cox, lambda: 2.0 - lambda, origin: -origin });
    }
    let magnitude = log_1p(&x.apply("Abs"));
    let above = scaled_power(&(&magnitude - origin), lambda);
    // The value at 0, and the unit in which the distance from the origin is counted.
    let (zero, unit) = (power.of_logarithm(0.0), (-lambda * origin).exp());
    let below = scaled_power(&magnitude, 2.0 - lambda) * -unit + zero;
    x.greater_or_equal(0.0).choose(&above, below)
}

/// `(e^(λ·t) − 1)/λ`.
fn scaled_power<'g>(t: &Term<'g>, lambda: f64) -> Term<'g> {
    if lambda.abs() < f64::EPSILON { t.clone() } else { exp_m1(&(t * lambda)) / lambda }
}

/// Whether a number is at most this.
fn at_most<'g>(x: &Term<'g>, bound: f64) -> Term<'g> {
    x.graph.constant(x.kind, &[], &[bound]).greater_or_equal(x)
}

fn log_1p<'g>(x: &Term<'g>) -> Term<'g> {
    let rounded = x + 1.0;
    let corrected = rounded.apply("Log") * x / (&rounded - 1.0);
    rounded.equal(1.0).choose(x, corrected)
}

fn exp_m1<'g>(x: &Term<'g>) -> Term<'g> {
    let rounded = x.apply("Exp");
    let difference = &rounded - 1.0;
    // Further below, the exponential may be 0, which has no logarithm.
    let corrected = x.greater(-40.0).choose(&(&difference * x / rounded.apply("Log")), difference);
    rounded.equal(1.0).choose(x, corrected)
}
