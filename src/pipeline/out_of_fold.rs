use super::{FittedPipeline, Pipeline, cross_val_predict};
use crate::items::IntoItem;
use crate::model_selection::Folds;
use crate::preprocessing::Table;
use crate::{Result, Scalar};
use nalgebra::DMatrix;

/// Predictions for the training rows, each by a pipeline that was not fitted to it, from [`Pipeline::fit_out_of_fold`].
///
/// ```
/// use perceptra::prelude::*;
///
/// let table = Table::new()
///     .with_numbers("income", (0..80).map(f64::from))?
///     .with_booleans("paid", (0..80).map(|row| row % 40 + row % 7 > 20))?;
/// let pipeline = Pipeline::new(Target::binary("paid")).members(1).options(Fit::new().epochs(2).verbose(0)).seed(1);
/// let (fitted, rows) = pipeline.fit_out_of_fold(&table, StratifiedKFold::new(3))?;
/// assert_eq!(rows.predictions().shape(), (80, 1));
/// println!("{}", fitted.evaluate(&rows)?);
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct OutOfFold {
    pub(super) table: Table,
    pub(super) predictions: DMatrix<f64>,
    pub(super) weights: Option<String>,
}

impl OutOfFold {
    /// The predictions before calibration, rows × probabilities or numbers, as [`cross_val_predict`](super::cross_val_predict())
    /// returns them.
    pub fn predictions(&self) -> &DMatrix<f64> {
        &self.predictions
    }
}

impl<T: Scalar> Pipeline<T> {
    /// Fits the pipeline to all rows, and predicts each row by a pipeline that is fitted without its fold: calibration, threshold and
    /// regions can then be learned without rows that are held out.
    ///
    /// The weights are those of the pipeline's [`weights`](Self::weights). Each fold has a pipeline that is fitted to fewer rows than the one
    /// that is returned, so that its predictions are a little worse; and what is calibrated by these rows is a little too good by them.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::decisions::ThresholdFor;
    ///
    /// let table = Table::new()
    ///     .with_numbers("x", (0..90).map(|row| f64::from(row % 30)))?
    ///     .with_booleans("large", (0..90).map(|row| row % 30 + row % 7 > 18))?;
    /// let pipeline = Pipeline::new(Target::binary("large")).members(1).seed(1);
    /// let (fitted, rows) = pipeline.fit_out_of_fold(&table, StratifiedKFold::new(3))?;
    /// let fitted = fitted.choose_threshold(ThresholdFor::recall(0.9), &rows)?;
    /// assert!(fitted.threshold_choice().unwrap().recall >= 0.9);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of [`fit`](Self::fit) and [`cross_val_predict`](super::cross_val_predict()).
    ///
    /// # References
    ///
    /// scikit-learn, *CalibratedClassifierCV* with `ensemble=False`, and *TunedThresholdClassifierCV*.
    pub fn fit_out_of_fold<M>(
        &self,
        table: &Table,
        folds: impl IntoItem<dyn Folds, M>,
    ) -> Result<(FittedPipeline<T>, OutOfFold)> {
        let predictions = cross_val_predict(self, table, folds)?;
        let rows = OutOfFold { table: table.clone(), predictions, weights: self.weights.clone() };
        Ok((self.fit(table)?, rows))
    }
}
