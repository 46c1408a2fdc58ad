//! Transformers of the crate that have no operators.

use super::super::graph::Graph;
use super::super::term::Term;
use super::form::{Form, Taken};
use super::refused::refused;
use crate::preprocessing::FittedTransformer;
use crate::preprocessing::fitted::{
    BinnedColumns, CrossedColumns, DatedColumns, ElapsedColumns, FittedFeatures, FittedRescaling, HashedColumns,
    IntegerColumns, LookedUpIntegers, ScaledColumns,
};
use crate::{Error, Result};

impl HashedColumns {
    fn without_operator(&self) -> Error {
        let reason = "ONNX has no operator for a hash; hash in the program that runs the model, or use a \
                      StringLookup with a vocabulary";
        refused(&self.columns.join(", "), reason)
    }
}

impl Form for HashedColumns {
    fn takes(&self, _: &[String]) -> Result<Vec<Taken>> {
        Err(self.without_operator())
    }

    fn write<'g>(&self, _: &[Term<'g>], _: &'g Graph) -> Result<Vec<Term<'g>>> {
        Err(self.without_operator())
    }
}

/// Declares transformers that are refused, each for a reason.
macro_rules! refusals {
    ($($fitted:ty: $what:expr, $reason:expr;)+) => {
        $(impl Form for $fitted {
            fn takes(&self, _: &[String]) -> Result<Vec<Taken>> {
                let what: fn(&$fitted) -> String = $what;
                Err(refused(&what(self), $reason))
            }

            fn write<'g>(&self, _: &[Term<'g>], _: &'g Graph) -> Result<Vec<Term<'g>>> {
                let what: fn(&$fitted) -> String = $what;
                Err(refused(&what(self), $reason))
            }
        })+
    };
}

/// Why a space of features is refused.
const FEATURES: &str = "it has no operators here; transform in the program that runs the model and export only the \
                        network, or join scalers and encoders in a ColumnTransformer";

/// Why these are refused on columns: the layers of the same names can be written.
const AS_LAYER: &str = "it has operators as a layer only; put the layer of that name into the network";

/// Why what is made of dates is refused.
const DATES: &str = "ONNX has no operators for dates; make columns of numbers of them before the fit, with the fitted transformer's \
                     transform, and in the program that runs the model";

/// The hash of the combinations is none of ONNX's.
const NO_HASH: &str = "ONNX has no operator for a hash; cross in the program that runs the model";

/// Why columns are refused that must not hold a fraction.
const WHOLE: &str = "ONNX has no operator that refuses a fraction; transform in the program that runs the model";

refusals! {
    BinnedColumns: |bins| bins.columns.join(", "), AS_LAYER;
    CrossedColumns: |crossed| crossed.columns.join(", "), NO_HASH;
    DatedColumns: |dated| format!("{} by DateParts", dated.inputs().join(", ")), DATES;
    ElapsedColumns: |elapsed| format!("{} by Elapsed", elapsed.inputs().join(", ")), DATES;
    FittedFeatures: |_| "a FeatureSpace".into(), FEATURES;
    IntegerColumns: |integers| integers.0.columns.join(", "), WHOLE;
    LookedUpIntegers: |lookup| lookup.columns.join(", "), AS_LAYER;
    ScaledColumns<FittedRescaling>: |scaled| scaled.columns.join(", "), AS_LAYER;
}
