//! Callbacks by Keras's names.

use super::arguments::read;
use super::{
    BackupAndRestore, CSVLogger, CallbackItem, EarlyStopping, ModelCheckpoint, ProgbarLogger, ReduceLROnPlateau,
    SwapEMAWeights, TensorBoard, TerminateOnNaN,
};
use super::{
    backup_and_restore, csv_logger, early_stopping, model_checkpoint, progbar_logger, reduce_lr_on_plateau,
    swap_ema_weights, tensor_board, terminate_on_nan,
};
use crate::registry::{Entry, adopt, find};
use crate::{Result, Scalar};
use serde_json::Value;
use std::sync::Arc;

/// Every callback of the crate that has a configuration; those of closures have none.
pub(crate) fn all<T: Scalar>() -> Vec<Entry<dyn CallbackItem<T>>> {
    macro_rules! entries {
        ($($file:ident: $callback:ident $(<$t:ident>)? $(needs $required:literal)?;)+) => {
            vec![$(Entry {
                name: stringify!($callback).into(),
                make: |config| {
                    let arguments: $file::Arguments = read(stringify!($callback), config, &[$($required)?])?;
                    Ok(Arc::new($callback::$(<$t>::)?from(arguments)))
                },
                adopt: |value| adopt::<$callback $(<$t>)?, _>(value, |callback| Arc::new(callback)),
            }),+]
        };
    }
    entries! {
        backup_and_restore: BackupAndRestore needs "backup_dir";
        csv_logger: CSVLogger needs "filename";
        early_stopping: EarlyStopping<T>;
        model_checkpoint: ModelCheckpoint needs "filepath";
        progbar_logger: ProgbarLogger;
        reduce_lr_on_plateau: ReduceLROnPlateau;
        swap_ema_weights: SwapEMAWeights;
        tensor_board: TensorBoard;
        terminate_on_nan: TerminateOnNaN;
    }
}

/// The callback of Keras's class name, with arguments under Keras's names; `null` for the defaults.
///
/// [`LambdaCallback`](super::LambdaCallback) and [`LearningRateScheduler`](super::LearningRateScheduler) are made of
/// closures and have no configuration.
///
/// ```
/// use nalgebra::dmatrix;
/// use perceptra::callbacks;
/// use perceptra::prelude::*;
/// use serde_json::json;
///
/// let stopping = callbacks::get("EarlyStopping", json!({ "monitor": "loss", "min_delta": 1e9 }))?;
/// let fit = Fit::new().epochs(9).callback_item(stopping).verbose(0);
/// let mut model = Sequential::new().add(Dense::new(1, Linear)).compile("sgd", "mse", ());
/// let history = model.fit(&dmatrix![1.0; 2.0], &dmatrix![1.0; 2.0], fit)?;
/// assert_eq!(history.epochs().len(), 2);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Unknown`](crate::Error::Unknown) lists the names that exist,
/// [`Error::UnknownArgument`](crate::Error::UnknownArgument) the arguments where the configuration has another key;
/// [`Error::Configuration`](crate::Error::Configuration) says what is wrong with an argument, or that one is missing.
pub fn get<T: Scalar>(name: &str, config: Value) -> Result<Arc<dyn CallbackItem<T>>> {
    find("callback", &all(), &[], name, config)
}
