//! The proof by signs.

use crate::pipeline::{FittedPipeline, Monotonicity};
use crate::{Dependence, Error, Model, Result, Scalar};

impl<T: Scalar> FittedPipeline<T> {
    /// Proves that the prediction is monotone in a raw column: `Ok` only if the signs of the weights of all members, of the
    /// activations and of the fitted transformers prove that no two records that differ only in this column, with a value in
    /// both, are predicted in the opposite order.
    ///
    /// It inspects the weights themselves, not how they were trained, so it holds for a pipeline from a file as well. A
    /// prediction that does not depend on the column at all is monotone in both directions.
    ///
    /// # Rounding
    ///
    /// Products and sums of floating-point numbers keep the order that the proof is about. Functions that are approximated, `exp`
    /// in sigmoid and tanh or the ranks of a normal distribution, may be wrong in the last digit, so two predictions closer than a
    /// few units in the last place may be in the opposite order.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::pipeline::Monotonicity;
    ///
    /// let loans = Table::new()
    ///     .with_numbers("annual_inc", (0..80).map(|row| f64::from(row * 7 % 80)))?
    ///     .with_numbers("dti", (0..80).map(|row| f64::from(row * 11 % 80)))?
    ///     .with_booleans("default", (0..80).map(|row| row * 7 % 80 < 40 || row % 9 == 0))?;
    /// let model = Sequential::new().add(Dense::new(4, Relu)).add(Dense::new(1, Sigmoid));
    /// let fitted = Pipeline::new(Target::binary("default"))
    ///     .monotone("annual_inc", Monotonicity::Decreasing)
    ///     .columns(ColumnTransformer::new().add(StandardScaler::new(), ["annual_inc", "dti"]))
    ///     .model(model.compile("adam", BinaryCrossentropy, ()))
    ///     .options(Fit::new().epochs(2).verbose(0))
    ///     .seed(1)
    ///     .fit(&loans)?;
    /// fitted.prove_monotone("annual_inc", Monotonicity::Decreasing)?;
    /// assert!(fitted.prove_monotone("annual_inc", Monotonicity::Increasing).is_err());
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`] for a column that the table of the fit did not have; [`Error::Argument`] if signs do not prove
    /// it, which names the feature or the layer.
    pub fn prove_monotone(&self, column: &str, direction: Monotonicity) -> Result<()> {
        if !self.known.names().iter().any(|known| known == column) && !self.columns.inputs().contains(&column) {
            return Err(Error::unknown_column("the table of the fit", column, self.known.names()));
        }
        let unproven = |reason: String| {
            let value = format!("\"{column}\" {direction}, but {reason}");
            Error::argument(
                "prove_monotone",
                "column",
                value,
                "a column that the pipeline was fitted to be .monotone(…) in",
            )
        };
        let features = self.columns.dependences(column);
        if let Some(index) = features.iter().position(|of| *of == Dependence::Unknown) {
            let feature = self.columns.names().into_iter().nth(index).unwrap_or_default();
            return Err(unproven(format!("its feature \"{feature}\" is not known to be a monotone function of it")));
        }
        if self.target.task() == crate::pipeline::Task::Multiclass
            && features.iter().any(|of| *of != Dependence::Independent)
        {
            return Err(unproven("the probabilities of several classes have no common direction".into()));
        }
        // Calibration and the correction of a prior keep the order of probabilities.
        match self.members.iter().try_fold(None, |found, member| match found {
            Some(found) => Ok(Some(found)),
            None => of_member(member, &features, direction),
        })? {
            None => Ok(()),
            Some(reason) => Err(unproven(reason)),
        }
    }
}

/// Why the signs of a network do not prove the direction, if they do not.
fn of_member<T: Scalar>(member: &Model<T>, features: &[Dependence], direction: Monotonicity) -> Result<Option<String>> {
    let network = member.network()?;
    let outputs = network.dependences(features)?;
    if outputs.contains(&Dependence::Unknown) {
        let layer = network.first_unproven(features)?.unwrap_or("the network");
        return Ok(Some(format!("the weights of {layer} let it rise and fall")));
    }
    let is_opposite = |of: &Dependence| *of != Dependence::Independent && *of != direction.dependence();
    Ok(outputs.iter().any(is_opposite).then(|| "the prediction moves in the opposite direction".into()))
}

/// Proves the direction of each of these columns.
pub(crate) fn prove<T: Scalar>(fitted: &FittedPipeline<T>, columns: &[(String, Monotonicity)]) -> Result<()> {
    columns.iter().try_for_each(|(column, direction)| fitted.prove_monotone(column, *direction))
}

#[cfg(test)]
mod tests {
    use crate::calibration::{IsotonicCalibration, PlattScaling};
    use crate::pipeline::Monotonicity::Increasing;
    use crate::prelude::*;

    #[test]
    fn no_calibration_reverses_the_order_of_predictions() -> crate::Result<()> {
        let rows = |is: fn(i32) -> bool| {
            Table::new()
                .with_numbers("x", (0..60).map(f64::from))?
                .with_numbers("noise", (0..60).map(|row| f64::from(row * 7 % 60)))?
                .with_booleans("late", (0..60).map(is))
        };
        let fitted = Pipeline::new(Target::binary("late"))
            .monotone("x", Increasing)
            .columns(ColumnTransformer::new().add(StandardScaler::new(), ["x"]))
            .model(Sequential::new().add(Dense::new(1, Sigmoid)).compile("adam", BinaryCrossentropy, ()))
            .options(Fit::new().epochs(5).verbose(0))
            .seed(1)
            .fit(&rows(|row| row > 30)?)?;
        let (same, reversed) = (rows(|row| row > 25)?, rows(|row| row < 25)?);
        for (method, rows) in [(PlattScaling, &same), (PlattScaling, &reversed), (IsotonicCalibration, &reversed)] {
            let calibrated = fitted.clone().calibrate(method, rows)?;
            calibrated.prove_monotone("x", Increasing)?;
            // It does not depend on this column at all.
            calibrated.prove_monotone("noise", Increasing)?;
            let predicted = calibrated.predict_proba(rows)?;
            assert!(predicted.column(1).as_slice().is_sorted(), "{method}");
        }
        Ok(())
    }
}
