use super::super::Table;
use super::FitInput;
use crate::Result;

/// Encodes the training rows of a fit over blocks where their encoding differs from that of other rows;
/// [`Accumulator::finish_training`](super::Accumulator::finish_training) makes it.
///
/// ```
/// use perceptra::preprocessing::{FitInput, Table, TargetEncoder, Transformer};
///
/// let block = |start: u32| {
///     let rows = start..start + 50;
///     let city = Table::new().with_strings("city", rows.clone().map(|row| if row % 2 == 0 { "Oslo" } else { "Rome" }))?;
///     let price = Table::new().with_numbers("price", rows.clone().map(|row| f64::from(row % 7)))?;
///     // The same in every pass; where rows may come in another order, a hash of the row.
///     let keys: Vec<u64> = rows.map(u64::from).collect();
///     Ok::<_, perceptra::Error>((city, price, keys))
/// };
/// let mut accumulator = TargetEncoder::new().accumulator().expect("it fits over blocks");
/// for start in [0, 50] {
///     let (city, price, keys) = block(start)?;
///     accumulator.update(FitInput::new(&city).with_target(&price)?.with_row_keys(&keys)?)?;
/// }
/// let (fitted, training) = accumulator.finish_training()?;
/// let training = training.expect("its training rows are cross-fitted");
/// let (city, price, keys) = block(50)?;
/// let made = training.transform(FitInput::new(&city).with_row_keys(&keys)?)?;
/// assert_eq!(made.names(), fitted.outputs());
/// assert_ne!(made.numbers("city")?, fitted.transform(&city)?.numbers("city")?);
/// # Ok::<(), perceptra::Error>(())
/// ```
pub trait TrainingEncoder: Send + Sync {
    /// Encodes a block of training rows, with the keys that they had at the fit. It uses neither target nor weights.
    ///
    /// # Errors
    ///
    /// The errors of [`FittedTransformer::transform`](super::FittedTransformer::transform); [`Error::Empty`](crate::Error::Empty) without keys.
    fn transform(&self, input: FitInput<'_>) -> Result<Table>;
}

/// A training encoder of any transformer.
pub type BoxedTrainingEncoder = Box<dyn TrainingEncoder>;
