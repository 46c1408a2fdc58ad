//! Prediction as a user of a network calls it.

use super::Predict;
use super::options::check_described;
use crate::as_matrix::AsMatrix;
use crate::engine::checks::{at_least_one, same_rows};
use crate::engine::predict_loop::BLOCK;
use crate::engine::{Logs, Network, Progress};
use crate::kernels::strided_view::StridedView;
use crate::{Error, Result, Scalar, memory};
use nalgebra::{DMatrix, Dyn, VecStorage};

impl<T: Scalar> Network<T> {
    /// The predictions for samples: one row a sample, one column an output.
    ///
    /// Takes the model by shared reference, so that any number of threads can predict at the same time.
    ///
    /// # Errors
    ///
    /// [`Error::Features`] for another number of columns, [`Error::NotFinite`] for a NaN or infinity,
    /// [`Error::Input`] for a value that the first layer cannot take.
    pub fn predict(&self, x: &impl AsMatrix<T>) -> Result<DMatrix<T>> {
        T::predict(self, StridedView::new(x.as_matrix()))
    }

    /// The predictions for samples, with options.
    ///
    /// ```
    /// use nalgebra::DMatrix;
    /// use perceptra::prelude::*;
    /// use perceptra::models::Predict;
    ///
    /// let network = Sequential::new().add(Dense::new(2, Relu)).build(3)?;
    /// let x = DMatrix::from_element(100, 3, 0.5);
    /// let some = network.predict_with(&x, Predict::new().batch_size(32).steps(2))?;
    /// assert_eq!(some, network.predict(&x)?.rows(0, 64));
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of [`predict`](Network::predict); [`Error::Argument`] for options out of range.
    pub fn predict_with(&self, x: &impl AsMatrix<T>, options: Predict<'_, T>) -> Result<DMatrix<T>> {
        let x = StridedView::new(x.as_matrix());
        let Some(verbosity) = options.verbosity else { return T::predict_with(self, x, options) };
        let batches = x.rows.div_ceil(options.batch_size.unwrap_or(BLOCK).max(1));
        let mut progress = Progress::of_pass(verbosity, options.steps.unwrap_or(batches).min(batches));
        let predictions = T::predict_with(self, x, options);
        match &predictions {
            Ok(_) => progress.end_pass(&Logs::default()),
            Err(_) => progress.abandon(),
        }
        predictions
    }

    pub(crate) fn run(&self, x: StridedView<'_, T>) -> Result<DMatrix<T>> {
        let mut predictions = self.blank(x.rows)?;
        self.run_into(x, BLOCK, predictions.as_mut_slice())?;
        Ok(predictions)
    }

    pub(crate) fn run_with(&self, x: StridedView<'_, T>, mut options: Predict<'_, T>) -> Result<DMatrix<T>> {
        let block = options.batch_size.unwrap_or(BLOCK);
        at_least_one("Predict", "batch_size", block)?;
        at_least_one("Predict", "steps", options.steps.unwrap_or(1))?;
        options.callbacks.iter().try_for_each(|callback| check_described(&**callback))?;
        let asked = options.steps.map_or(x.rows, |steps| steps.saturating_mul(block).min(x.rows));
        let x = x.skip_rows(0, asked);
        let mut predictions = self.blank(x.rows)?;
        match options.callbacks.as_mut_slice() {
            [] => self.run_into(x, block, predictions.as_mut_slice())?,
            callbacks => self.run_observed(x, block, callbacks, &mut predictions)?,
        }
        Ok(predictions)
    }

    /// The matrix that predictions are written to.
    fn blank(&self, rows: usize) -> Result<DMatrix<T>> {
        let columns = self.outputs();
        match memory::filled(T::zero(), &[rows, columns]) {
            Ok(values) => Ok(DMatrix::from_data(VecStorage::new(Dyn(rows), Dyn(columns), values))),
            Err(lack) => {
                let purpose = format!("the predictions of {rows} samples in {columns} columns");
                Err(lack.error("predict", purpose, "predict parts of the samples in turn"))
            }
        }
    }

    /// Writes the predictions for samples into a matrix of samples × outputs that is there already.
    ///
    /// It allocates nothing, which matters if predictions are made repeatedly.
    ///
    /// ```
    /// use nalgebra::{DMatrix, RowDVector};
    /// use perceptra::prelude::*;
    ///
    /// let network = Sequential::new().add(Dense::new(2, Relu)).build(3)?;
    /// let mut y = DMatrix::zeros(1, 2);
    /// for i in 0..10 {
    ///     let x = RowDVector::from_element(3, i as f32);
    ///     network.predict_into(&x, &mut y)?;
    /// }
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of [`predict`](Network::predict); [`Error::Rows`] and [`Error::Outputs`] if the matrix has another shape.
    pub fn predict_into(&self, x: &impl AsMatrix<T>, y: &mut DMatrix<T>) -> Result<()> {
        let x = StridedView::new(x.as_matrix());
        same_rows(("x", x.rows), ("y", y.nrows()))?;
        if y.ncols() != self.outputs() {
            let advice = "pass a matrix with one column for each output".into();
            return Err(Error::Outputs { what: "y", expected: self.outputs(), found: y.ncols(), advice });
        }
        T::predict_into(self, x, BLOCK, y.as_mut_slice())
    }
}
