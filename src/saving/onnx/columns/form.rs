//! Fitted transformers as operators: the table of those that can be written.

use super::super::graph::Graph;
use super::super::term::Term;
use super::refused::refused;
use crate::preprocessing::fitted::{
    ArithmeticColumns, BinnedColumns, CrossedColumns, DatedColumns, ElapsedColumns, FittedChain, FittedClip,
    FittedFeatures, FittedLog1p, FittedPowerTransformer, FittedQuantileTransformer, FittedRescaling,
    FittedRobustScaler, FittedSmoothClip, FittedStep, HashedColumns, IndicatedColumns, IntegerColumns, LookedUpColumns,
    LookedUpIntegers, NumberedColumns, PassedColumns, ScaledColumns,
};
use crate::preprocessing::{
    FittedFrequencyEncoder, FittedKBinsDiscretizer, FittedMinMaxScaler, FittedOneHotEncoder, FittedOrdinalEncoder,
    FittedPiecewiseLinearEncoder, FittedSimpleImputer, FittedStandardScaler, FittedTargetEncoder,
    FittedVarianceThreshold, FittedWeightOfEvidence,
};
use crate::{Error, Result};
use std::any::Any;

/// A raw column that a transformer takes.
pub(super) struct Taken {
    pub(super) name: String,
    pub(super) is_text: bool,
}

/// The operators of a fitted transformer.
pub(super) trait Form {
    /// The columns that it takes; those in `as_number` come as the numbers that a `TextToNumber` would read.
    fn takes(&self, as_number: &[String]) -> Result<Vec<Taken>>;

    /// The columns that a `TextToNumber` reads.
    fn reads(&self) -> &[String] {
        &[]
    }

    /// Whether it makes NaN of a missing number, which a network must not get, and of no other; nor does it hide an infinite one.
    fn keeps_missing(&self) -> bool {
        false
    }

    /// Writes the operators and returns the resulting columns, in order: terms of one or more columns each.
    fn write<'g>(&self, columns: &[Term<'g>], graph: &'g Graph) -> Result<Vec<Term<'g>>>;
}

macro_rules! forms {
    ($($fitted:ty),* $(,)?) => {
        /// The form of a step; that of a user-defined transformer is not known.
        pub(super) fn of(step: &FittedStep) -> Result<&dyn Form> {
            let fitted: &dyn Any = &*step.fitted;
            $(if let Some(known) = fitted.downcast_ref::<$fitted>() {
                return Ok(known);
            })*
            Err(by(step)(refused(&step.fitted.inputs().join(", "), USER_DEFINED)))
        }
    };
}

// A transformer that can be written, or is refused for a particular reason, has its line here and its form in this folder.
forms! {
    ArithmeticColumns,
    BinnedColumns,
    CrossedColumns,
    DatedColumns,
    ElapsedColumns,
    FittedChain,
    FittedFeatures,
    FittedFrequencyEncoder,
    FittedKBinsDiscretizer,
    FittedOneHotEncoder,
    FittedOrdinalEncoder,
    FittedPiecewiseLinearEncoder,
    FittedSimpleImputer,
    FittedTargetEncoder,
    FittedVarianceThreshold,
    FittedWeightOfEvidence,
    HashedColumns,
    IndicatedColumns,
    IntegerColumns,
    LookedUpColumns,
    LookedUpIntegers,
    NumberedColumns,
    PassedColumns,
    ScaledColumns<FittedClip>,
    ScaledColumns<FittedLog1p>,
    ScaledColumns<FittedMinMaxScaler>,
    ScaledColumns<FittedPowerTransformer>,
    ScaledColumns<FittedQuantileTransformer>,
    ScaledColumns<FittedRescaling>,
    ScaledColumns<FittedRobustScaler>,
    ScaledColumns<FittedSmoothClip>,
    ScaledColumns<FittedStandardScaler>,
}

/// Why a user-defined transformer is refused.
const USER_DEFINED: &str = "an exporter knows the operators of built-in transformers only; transform in the program that runs \
                   the model and export only the network, or build the same of StandardScaler, OneHotEncoder and their kin";

/// Names the transformer that is refused; a chain names its stages.
pub(super) fn by(step: &FittedStep) -> impl Fn(Error) -> Error {
    let fitted: &dyn Any = &*step.fitted;
    let class_name = (!fitted.is::<FittedChain>()).then(|| step.transformer.class_name());
    move |error| match (error, &class_name) {
        (Error::NotSerializable { item, reason }, Some(class_name)) => {
            let what = item.strip_suffix(" as ONNX").unwrap_or(&item);
            let by = format!(" by {class_name}");
            // It may have named itself.
            let what = what.strip_suffix(&by).unwrap_or(what);
            Error::NotSerializable { item: format!("{what}{by} as ONNX"), reason }
        }
        (error, _) => error,
    }
}

/// Columns of one type.
pub(super) fn taken(names: &[String], is_text: bool) -> Vec<Taken> {
    names.iter().map(|name| Taken { name: name.clone(), is_text }).collect()
}
