//! Adds units to one hidden layer until the network overfits.

use super::candidate::Candidate;
use super::sample::{FOLDS, Sample};
use crate::text::{paragraph, thousands};
use perceptra::Result;
use perceptra::scores::LogLoss;

/// Few rows and many epochs, so that overfitting is visible.
pub(super) const ROWS: usize = 12_000;
const EPOCHS: usize = 50;

/// After this many doublings without a lower validation loss, the network is considered overfitted.
const PATIENCE: usize = 2;
/// The largest number of units, even without overfitting.
const MOST_UNITS: usize = 256;

/// A network with one hidden layer, and its losses: the means over the folds.
pub(crate) struct Width {
    pub name: String,
    pub units: usize,
    /// The loss on the training rows.
    pub training_loss: f64,
    /// The loss on the rows left out.
    pub validation_loss: f64,
}

/// The widths that were tried, in ascending order, and the units with the lowest validation loss.
pub(super) fn widen(sample: &Sample<'_>, inputs: usize) -> Result<(Vec<Width>, usize)> {
    let rule = (inputs + 1).div_ceil(2);
    paragraph(&format!(
        "One hidden layer first. A rule of thumb for its units is the mean of inputs and outputs: here {rule}. The surer \
         way is to add units until the network over-fits, on {} of the balanced training rows by {FOLDS}-fold \
         cross-validation, {EPOCHS} epochs each:",
        thousands(sample.rows().nrows()),
    ));

    let of = |units| width(sample, units);
    let mut widths = vec![of(rule)?];
    let (mut units, mut lowest, mut since) = (1, f64::INFINITY, 0);
    while since < PATIENCE && units <= MOST_UNITS {
        if units != rule {
            widths.push(of(units)?);
        }
        let loss = widths.iter().find(|width| width.units == units).map_or(f64::NAN, |width| width.validation_loss);
        since = if loss < lowest { 0 } else { since + 1 };
        lowest = lowest.min(loss);
        units *= 2;
    }
    widths.sort_by_key(|width| width.units);

    say!("  {:>5}  {:>13}  {:>15}  {:>7}", "units", "training loss", "validation loss", "apart");
    for Width { units, training_loss: training, validation_loss: validation, .. } in &widths {
        let note = if *units == rule { "  rule of thumb" } else { "" };
        say!("  {units:>5}  {training:>13.4}  {validation:>15.4}  {:>7.4}{note}", validation - training);
    }
    say!();
    let best = widths.iter().min_by(|a, b| a.validation_loss.total_cmp(&b.validation_loss));
    let best = best.map_or(rule, |width| width.units);
    paragraph(&format!(
        "The training loss keeps falling; the validation loss is lowest at {best} units. Beyond that the network learns \
         its rows by heart."
    ));
    Ok((widths, best))
}

fn width(sample: &Sample<'_>, units: usize) -> Result<Width> {
    let candidate = [Candidate { epochs: EPOCHS, ..Candidate::relu([units]) }];
    let search = sample.search(&candidate).score(LogLoss);
    let result = search.run(sample.rows())?;
    Ok(Width {
        name: candidate[0].name(),
        units,
        training_loss: sample.training_loss(&search, &result)?,
        validation_loss: result.best().score,
    })
}
