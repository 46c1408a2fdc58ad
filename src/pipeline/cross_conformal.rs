use super::cross_validate::of_folds;
use super::{FittedPipeline, Pipeline, Task};
use crate::decisions::jackknife_plus;
use crate::items::IntoItem;
use crate::lists::try_map;
use crate::model_selection::Folds;
use crate::preprocessing::Table;
use crate::{Error, Result, Scalar};

/// Intervals of CV+ for one column of numbers: without rows that are held out, by the pipelines of the folds, from
/// [`Pipeline::cross_conformal`].
///
/// It is not saved: a file holds one pipeline, whose intervals are those of [`FittedPipeline::conformal`], which takes out-of-fold
/// predictions as well.
///
/// ```
/// use perceptra::prelude::*;
///
/// let table = Table::new()
///     .with_numbers("x", (0..60).map(f64::from))?
///     .with_numbers("y", (0..60).map(|row| f64::from(3 * row + row % 5)))?;
/// let pipeline = Pipeline::new(Target::regression("y")).members(1).options(Fit::new().epochs(2).verbose(0)).seed(1);
/// let cross = pipeline.cross_conformal(0.2, &table, KFold::new(3).shuffle(true))?;
/// let intervals = cross.predict(&table)?;
/// assert!(cross.residuals().len() == 60 && intervals.iter().all(|[low, high]| low <= high));
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct CrossConformal<T: Scalar = f32> {
    alpha: f64,
    folds: Vec<FittedPipeline<T>>,
    residuals: Vec<f64>,
    /// The index of the fold in which each row was tested.
    tested_in: Vec<usize>,
}

impl<T: Scalar> Pipeline<T> {
    /// Fits a pipeline without the rows of each fold, and keeps them with the residuals of the rows that they test.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let table = Table::new()
    ///     .with_numbers("x", (0..60).map(|row| f64::from(row % 20)))?
    ///     .with_numbers("y", (0..60).map(|row| f64::from(3 * (row % 20) + row * 7 % 11)))?;
    /// let pipeline = Pipeline::new(Target::regression("y")).members(1).seed(1);
    /// let [low, high] = pipeline.cross_conformal(0.2, &table, KFold::new(3).shuffle(true))?.predict(&table.head(1))?[0];
    /// assert!(low < high);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of [`cross_val_predict`](super::cross_val_predict()); [`Error::Argument`] for another target than one column of numbers, an α outside of
    /// (0, 1), and fewer rows than `⌈1/α⌉ − 1`.
    ///
    /// # References
    ///
    /// R. Barber, E. Candès, A. Ramdas and R. Tibshirani, *Predictive inference with the jackknife+*, 2021.
    pub fn cross_conformal<M>(
        &self,
        alpha: f64,
        table: &Table,
        folds: impl IntoItem<dyn Folds, M>,
    ) -> Result<CrossConformal<T>> {
        if self.target.task != Task::Regression {
            let expected = "one column of numbers, Target::regression";
            return Err(Error::argument("cross_conformal", "target", self.target.task, expected));
        }
        // An α that the number of rows does not allow is reported before anything is fitted.
        jackknife_plus(alpha, &vec![0.0; table.nrows()], &vec![0; table.nrows()], &[0.0])?;
        let (parts, fitted) = of_folds("cross_conformal", self, table, folds)?;
        let (mut residuals, mut tested_in) = (vec![0.0; table.nrows()], vec![0; table.nrows()]);
        for (index, (tested, pipeline)) in parts.iter().zip(&fitted).enumerate() {
            let test = table.take(tested)?;
            let (predicted, truth) = (pipeline.table_values(&test)?, pipeline.target.values(&test)?);
            for (at, row) in tested.iter().enumerate() {
                residuals[*row] = (truth[at] - predicted[at]).abs();
                tested_in[*row] = index;
            }
        }
        Ok(CrossConformal { alpha, folds: fitted, residuals, tested_in })
    }
}

impl<T: Scalar> CrossConformal<T> {
    /// The interval of each row.
    ///
    /// # Errors
    ///
    /// The errors of [`FittedPipeline::predict`].
    pub fn predict(&self, table: &Table) -> Result<Vec<[f64; 2]>> {
        let of_folds = try_map(self.folds.iter(), |fold| fold.table_values(table))?;
        let interval = |row: usize| {
            let predictions: Vec<f64> = of_folds.iter().map(|values| values[row]).collect();
            jackknife_plus(self.alpha, &self.residuals, &self.tested_in, &predictions)
        };
        (0..table.nrows()).map(interval).collect()
    }

    /// The residual of each training row by the pipeline that was fitted without it.
    pub fn residuals(&self) -> &[f64] {
        &self.residuals
    }
}
