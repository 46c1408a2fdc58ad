//! Which columns of strings are numbers in a notation.

use super::super::TextToNumber;
use super::super::chain::FittedChain;
use super::super::text_to_number::NumberedColumns;
use super::FittedColumnTransformer;
use std::any::Any;

impl FittedColumnTransformer {
    /// The conversion of a raw column's strings to numbers, if that is the first step applied to the column.
    pub(crate) fn number_notation(&self, name: &str) -> Option<&TextToNumber> {
        let of_steps = self.steps.iter().filter_map(|step| {
            let fitted: &dyn Any = &*step.fitted;
            let first: &dyn Any = match fitted.downcast_ref::<FittedChain>() {
                Some(chain) => &*chain.stages.first()?.fitted,
                None => fitted,
            };
            first.downcast_ref::<NumberedColumns>()
        });
        let mut all = self.conversions.iter().chain(of_steps);
        all.find(|numbered| numbered.columns.iter().any(|known| known == name)).map(|numbered| &numbered.to_number)
    }
}
