//! One hidden layer first: units are added until the network over-fits.

use super::candidate::Candidate;
use super::sample::{FOLDS, Sample};
use super::trial::{Trial, cross_validate};
use crate::text::{paragraph, thousands};
use crate::train::progress::FitsDone;
use nalgebra::{DMatrix, DVector};
use perceptra::Result;

/// Few rows and many epochs, with which over-fitting shows.
pub(super) const ROWS: usize = 12_000;
const EPOCHS: usize = 50;

/// This many doublings without a lower validation loss are over-fitting and not chance.
const PATIENCE: usize = 2;
/// No layer gets more units, over-fitted or not.
const MOST_UNITS: usize = 256;

/// The widths that were tried, in ascending order, and the units with the lowest validation loss.
pub(super) fn widen(x: &DMatrix<f32>, y: &DVector<f32>, seed: u64) -> Result<(Vec<Trial>, usize)> {
    let sample = Sample::of(x, y, ROWS)?;
    let rule = (sample.x.ncols() + 1).div_ceil(2);
    paragraph(&format!(
        "One hidden layer first. A rule of thumb for its units is the mean of inputs and outputs: here {rule}. The surer \
         way is to add units until the network over-fits, on {} of the balanced training rows by {FOLDS}-fold \
         cross-validation, {EPOCHS} epochs each:",
        thousands(sample.y.len()),
    ));

    let progress = FitsDone::new(10 * FOLDS);
    let trial = |units| {
        let candidate = Candidate { epochs: EPOCHS, ..Candidate::relu([units]) };
        cross_validate(&candidate, &sample, seed, &progress)
    };
    let mut widths = vec![(rule, trial(rule)?)];
    let (mut units, mut lowest, mut since) = (1, f64::INFINITY, 0);
    while since < PATIENCE && units <= MOST_UNITS {
        if units != rule {
            widths.push((units, trial(units)?));
        }
        let loss = widths.iter().find(|width| width.0 == units).map_or(f64::NAN, |width| width.1.validation_loss);
        since = if loss < lowest { 0 } else { since + 1 };
        lowest = lowest.min(loss);
        units *= 2;
    }
    drop(progress);
    widths.sort_by_key(|width| width.0);

    say!("  {:>5}  {:>13}  {:>15}  {:>7}", "units", "training loss", "validation loss", "apart");
    for (units, trial) in &widths {
        let (training, validation) = (trial.training_loss, trial.validation_loss);
        let note = if *units == rule { "  rule of thumb" } else { "" };
        say!("  {units:>5}  {training:>13.4}  {validation:>15.4}  {:>7.4}{note}", validation - training);
    }
    say!();
    let best = widths.iter().min_by(|a, b| a.1.validation_loss.total_cmp(&b.1.validation_loss));
    let best = best.map_or(rule, |width| width.0);
    paragraph(&format!(
        "The training loss keeps falling; the validation loss is lowest at {best} units. Beyond that the network learns \
         its rows by heart."
    ));
    Ok((widths.into_iter().map(|width| width.1).collect(), best))
}
