use super::column_groups::grouped;
use super::importances::{ColumnImportance, ColumnImportances};
use super::replaced::with_rows;
use crate::items::{IntoItem, Item};
use crate::model_selection::{Folds, KFold, StratifiedKFold};
use crate::pipeline::{Pipeline, cross_validate};
use crate::preprocessing::Table;
use crate::random::fresh_seed;
use crate::scores::Score;
use crate::{Error, Result, Scalar};

/// Measures the importance of each column by the loss of cross-validated score when the pipeline is fitted without it.
///
/// The pipeline is fitted again on the same folds with the same seeds once with all columns and once without each column or
/// group. The importance is the mean over the folds of how much the score gets worse, with the standard error of
/// [`compare`](crate::model_selection::compare), which corrects for shared training rows. Unlike with permuted columns, the
/// pipeline can learn the information of a missing column from correlated ones. The cost is folds × (columns + 1) fits, which
/// run on all threads.
///
/// | option | default |
/// |---|---|
/// | [`folds`](Self::folds) | 5, stratified for a target with classes, else shuffled |
/// | [`group`](Self::group) | none: each column separately |
/// | [`level`](Self::level) | 0.95, in (0, 1) |
///
/// A transformer that needs a column by its name, for example [`ColumnArithmetic`](struct@crate::preprocessing::ColumnArithmetic),
/// is left out with the column.
///
/// ```
/// use perceptra::inspection::DropColumnImportance;
/// use perceptra::prelude::*;
///
/// let table = Table::new()
///     .with_numbers("income", (0..90).map(|row| f64::from(row * 37 % 90)))?
///     .with_numbers("noise", (0..90).map(|row| f64::from(row * 53 % 90)))?
///     .with_booleans("large", (0..90).map(|row| row * 37 % 90 >= 45))?;
/// let ann = Sequential::new().add(Dense::new(1, Sigmoid)).compile(Adam.learning_rate(0.1), BinaryCrossentropy, ());
/// let columns = ColumnTransformer::new().add(StandardScaler::new(), ["income", "noise"]);
/// let pipeline = Pipeline::new(Target::binary("large")).columns(columns).model(ann).options(Fit::new().epochs(10).verbose(0)).seed(1);
/// let dropped = DropColumnImportance::new(RocAuc).folds(StratifiedKFold::new(3)).compute(&pipeline, &table)?;
/// assert_eq!(dropped.columns()[0].name, "income");
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # References
///
/// J. Lei et al., *Distribution-free predictive inference for regression*, JASA 113 (2018), section 6. C. Nadeau and Y.
/// Bengio, *Inference for the generalization error*, Machine Learning 52 (2003).
#[derive(Debug, Clone)]
#[must_use = "nothing is fitted before .compute(…)"]
pub struct DropColumnImportance {
    score: Item<dyn Score>,
    folds: Option<Item<dyn Folds>>,
    groups: Vec<(String, Vec<String>)>,
    level: f64,
}

const ITEM: &str = "DropColumnImportance";

impl DropColumnImportance {
    /// Measures importance by a score, given as an item or its name.
    pub fn new<M>(score: impl IntoItem<dyn Score, M>) -> Self {
        DropColumnImportance { score: score.into_item(), folds: None, groups: Vec::new(), level: 0.95 }
    }

    /// The folds, at least two.
    pub fn folds<M>(mut self, folds: impl IntoItem<dyn Folds, M>) -> Self {
        self.folds = Some(folds.into_item());
        self
    }

    /// Columns that are left out together and have one importance.
    pub fn group(mut self, name: impl Into<String>, columns: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.groups.push((name.into(), columns.into_iter().map(Into::into).collect()));
        self
    }

    /// The level of the confidence intervals.
    pub fn level(mut self, level: f64) -> Self {
        self.level = level;
        self
    }

    /// Computes the importances of the columns of a table that a pipeline uses.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for an option out of its range; [`Error::Empty`] for a table without rows, and if no column would
    /// be left without one; the errors of [`cross_validate`](crate::pipeline::cross_validate()), with the name of the column that
    /// was left out.
    pub fn compute<T: Scalar>(&self, pipeline: &Pipeline<T>, table: &Table) -> Result<ColumnImportances> {
        if !(self.level > 0.0 && self.level < 1.0) {
            return Err(Error::argument(ITEM, "level", self.level, "a probability between 0 and 1"));
        }
        with_rows("the table", table)?;
        let groups = grouped(ITEM, &pipeline.taken_columns(table)?, &self.groups)?;
        let pipeline = match pipeline.given_seed() {
            Some(_) => pipeline.clone(),
            None => pipeline.clone().seed(fresh_seed()),
        };
        let score = self.score.checked()?;
        let name = score.name();
        let validated = |pipeline: &Pipeline<T>| {
            let scores = vec![self.score.clone()];
            match (&self.folds, pipeline.target().task().has_classes()) {
                (Some(folds), _) => cross_validate(pipeline, table, folds.clone(), scores),
                (None, true) => cross_validate(pipeline, table, StratifiedKFold::new(5), scores),
                (None, false) => cross_validate(pipeline, table, KFold::new(5).shuffle(true), scores),
            }
        };
        let all = validated(&pipeline)?;
        let sign = if score.greater_is_better() { 1.0 } else { -1.0 };
        let mut columns = Vec::with_capacity(groups.len());
        for group in groups {
            let of_group = |error: Error| error.with_note(&format!("without {}", group.columns.join(", ")));
            let without = validated(&pipeline.without_columns(&group.columns)).map_err(of_group)?;
            let compared = all.compare(&without, &name)?;
            let (with, without) = (all.values(&name).unwrap_or_default(), without.values(&name).unwrap_or_default());
            let values = with.iter().zip(&without).map(|(with, without)| sign * (with - without)).collect();
            let error = Some(compared.standard_error);
            columns.push(ColumnImportance::new(group.name, group.columns, values, error, self.level));
        }
        let baseline = all.mean(&name).unwrap_or(f64::NAN);
        let method = "Importance by fits without a column";
        Ok(ColumnImportances { method, score: name, baseline, level: self.level, columns }.sorted())
    }
}

#[cfg(test)]
mod tests;
