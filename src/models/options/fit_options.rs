use crate::engine::{CallbackItem, FitSettings};
use crate::items::Item;
use crate::{Result, Scalar};

/// The options of a fit that can be repeated: numbers, flags and callbacks as plain data, nothing borrowed.
///
/// They are made by [`Fit::options`](crate::Fit::options), and `Fit::from(&options)` makes the options of one call of
/// them, to which the data of that call is added. Every fit starts its own callbacks, so the same options serve
/// folds, trials and members of an ensemble, one after another or at the same time. A callback that writes files, such as
/// [`ModelCheckpoint`](crate::callbacks::ModelCheckpoint) or [`BackupAndRestore`](crate::callbacks::BackupAndRestore), writes
/// to the same ones in every fit: where they would collide, it is passed to each call.
///
/// ```
/// use nalgebra::DMatrix;
/// use perceptra::prelude::*;
///
/// let x = DMatrix::from_fn(60, 2, |i, j| ((i * (j + 3)) % 7) as f32);
/// let y = x.columns(0, 1).map(|v| f32::from(u8::from(v > 3.0)));
/// let stopping = EarlyStopping::new().patience(2).restore_best_weights(true);
/// let options = Fit::new().batch_size(10).epochs(20).callback(stopping).verbose(0).options()?;
///
/// for fold in 0..2 {
///     let (train, validation) = ((1 - fold) * 30, fold * 30);
///     let (x_train, y_train) = (x.rows(train, 30).into_owned(), y.rows(train, 30).into_owned());
///     let (x_val, y_val) = (x.rows(validation, 30).into_owned(), y.rows(validation, 30).into_owned());
///     let mut model = Sequential::new().add(Dense::new(1, Sigmoid)).seed(1).compile("adam", "bce", ["accuracy"]);
///     let history = model.fit(&x_train, &y_train, Fit::from(&options).validation_data(&x_val, &y_val))?;
///     assert!(history.last("val_accuracy").is_some());
/// }
///
/// let again = FitOptions::from_config(options.config()?, &Registry::<f32>::new())?;
/// assert_eq!(again.config()?["callbacks"][0]["config"]["patience"], 2);
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct FitOptions<T: Scalar = f32> {
    pub(crate) settings: FitSettings,
    pub(crate) callbacks: Vec<Item<dyn CallbackItem<T>>>,
}

impl<T: Scalar> Default for FitOptions<T> {
    /// The options of [`Fit::new`](crate::Fit::new).
    fn default() -> Self {
        FitOptions { settings: FitSettings::default(), callbacks: Vec::new() }
    }
}

impl<T: Scalar> FitOptions<T> {
    /// Checks the ranges of the options and of the callbacks' arguments, as [`Fit::options`](crate::Fit::options) and every
    /// fit check.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) names the option, its value and the range.
    pub fn check(&self) -> Result<()> {
        self.settings.check()?;
        self.callbacks.iter().try_for_each(|callback| callback.checked().map(drop))
    }
}
