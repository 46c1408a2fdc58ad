//! Compares two fitted pipelines on the test rows, with the standard error of their difference.

use perceptra::Result;
use perceptra::metrics::roc_auc_score;
use perceptra::model_selection::{KFold, Rows, compare};
use perceptra::prelude::*;

/// The number of disjoint parts of the test rows; both pipelines are scored on each.
const PARTS: usize = 20;

/// Prints the ROC AUC of both, the difference, and its standard error over the parts.
pub(crate) fn on_test_rows(first: &FittedPipeline, winner: &FittedPipeline, test: &Table) -> Result<()> {
    let truth = test.to_vector::<f64>("loan_status")?;
    let probability = |pipeline: &FittedPipeline| Ok(pipeline.predict_proba(test)?.column(1).into_owned());
    let (of_first, of_winner) = (probability(first)?, probability(winner)?);
    say!("On the {} test rows, which the search never saw:", test.nrows());
    say!("  {:<12} {:>8}", "", "ROC AUC");
    for (name, probability) in [("12-12-1", &of_first), ("winner", &of_winner)] {
        say!("  {name:<12} {:>8.4}", roc_auc_score(&truth, probability)?);
    }
    let (mut a, mut b) = (Vec::new(), Vec::new());
    for part in KFold::new(PARTS).split(&truth)? {
        let truth = (&truth).take_rows(&part.test)?;
        a.push(roc_auc_score(&truth, &(&of_winner).take_rows(&part.test)?)?);
        b.push(roc_auc_score(&truth, &(&of_first).take_rows(&part.test)?)?);
    }
    // The same two models predict all parts, which are independent, so no correction for shared training rows is needed.
    let gain = compare(&a, &b, usize::MAX, 1)?;
    let (difference, error) = (gain.difference, gain.standard_error);
    say!("\nThe winner gains {difference:+.4} with a standard error of {error:.4}, in {PARTS} parts of these rows.");
    match gain.p_value < 0.05 {
        true => say!("That is more than chance (p = {:.1e}).", gain.p_value),
        false => say!("These rows do not tell the two apart (p = {:.2}).", gain.p_value),
    }
    Ok(())
}
