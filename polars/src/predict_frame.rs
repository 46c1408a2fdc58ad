use crate::{from_polars, to_polars};
use perceptra::pipeline::FittedPipeline;
use perceptra::{Error, Result, Scalar};
use polars_core::frame::DataFrame;
use polars_core::prelude::PlSmallStr;

/// Returns the frame with the predictions of a fitted pipeline as additional columns, named as in
/// [`predict_table`](FittedPipeline::predict_table). If the frame already has a column with such a name, `_2` is appended, or the next
/// number that makes the name unique.
///
/// ```
/// use perceptra::prelude::*;
/// use perceptra_polars::{from_polars, predict_frame};
/// use polars_core::df;
///
/// let flats = df!(
///     "area" => (0..200).map(f64::from).collect::<Vec<_>>(),
///     "price" => (0..200).map(|area| 3.0 * f64::from(area)).collect::<Vec<_>>(),
/// ).unwrap();
/// let model = Sequential::new().add(Dense::new(1, Linear)).compile(Adam, MeanSquaredError, ());
/// let pipeline = Pipeline::new(Target::regression("price")).model(model).options(Fit::new().verbose(0)).seed(1);
/// let predicted = predict_frame(&pipeline.fit(&from_polars(&flats)?)?, &flats)?;
/// assert_eq!(predicted.get_column_names(), ["area", "price", "price_2"]);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// The errors of [`from_polars`] for columns that the pipeline uses, and of [`FittedPipeline::predict`].
pub fn predict_frame<T: Scalar>(fitted: &FittedPipeline<T>, frame: &DataFrame) -> Result<DataFrame> {
    let refused = |error| Error::argument("predict_frame", "frame", error, "a frame of the columns of the fit");
    // The frame may have other columns with types that a table does not have.
    let inputs = fitted.columns().inputs();
    let known: Vec<&str> = frame.get_column_names().into_iter().map(PlSmallStr::as_str).collect();
    let used = known.iter().copied().filter(|name| inputs.contains(name));
    let predictions = to_polars(&fitted.predict_table(&from_polars(&frame.select(used).map_err(refused)?)?)?)?;

    let mut names: Vec<String> = known.iter().map(|name| name.to_string()).collect();
    let mut further = predictions.columns().to_vec();
    for column in &mut further {
        let name = column.name().to_string();
        let candidates = std::iter::once(name.clone()).chain((2..=u32::MAX).map(|number| format!("{name}_{number}")));
        let free = candidates.into_iter().find(|name| !names.contains(name)).unwrap_or(name);
        column.rename(PlSmallStr::from_str(&free));
        names.push(free);
    }
    frame.hstack(&further).map_err(refused)
}
