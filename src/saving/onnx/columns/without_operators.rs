//! Transformers of the crate that have no operators.

use super::super::graph::Graph;
use super::super::term::Term;
use super::form::{Form, Taken};
use super::refused::refused;
use crate::preprocessing::fitted::{EncodedFeatures, HashedColumns};
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

/// Why a space of features is refused.
const FEATURES: &str = "it has no operators here; transform in the program that runs the model and export the network \
                        alone, or join scalers and encoders in a ColumnTransformer";

impl Form for EncodedFeatures {
    fn takes(&self, _: &[String]) -> Result<Vec<Taken>> {
        Err(refused("a FeatureSpace", FEATURES))
    }

    fn write<'g>(&self, _: &[Term<'g>], _: &'g Graph) -> Result<Vec<Term<'g>>> {
        Err(refused("a FeatureSpace", FEATURES))
    }
}
