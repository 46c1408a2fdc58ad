//! Encodes categories by the mean of the target.

use super::cross_fit::{parts, rest};
use super::encoder_target::{EncoderTarget, LearnedTarget, TargetType};
use super::known_values::label;
use super::mapped_columns::{MappedColumn, checked, mapped, unmapped};
use super::target_mean::{Smooth, mean, smoothed, smoothed_summaries};
use super::target_statistics::{EncodedTarget, LearnedTargets, TargetAccumulator, TargetEncoding};
use super::transformer::restored;
use super::{Accumulator, Column, FitInput, FittedTransformer, Table, Transformer, Value};
use crate::items::{Spec, invalid, item};
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

item! {
    /// Turns each category of a column into the mean of the target in its training rows, drawn towards the mean of all.
    ///
    /// The encoding of a category with the mean ȳᶜ, in nᶜ rows, is λ ȳᶜ + (1 − λ) ȳ with the mean ȳ of all rows. With a value s of
    /// `smooth` λ = nᶜ / (nᶜ + s); with [`Smooth::Auto`] it is the empirical Bayes estimate λ = τ² nᶜ / (τ² nᶜ + σᶜ²), of the variance
    /// τ² of the target in all rows and σᶜ² in those of the category. An unknown category is ȳ; a missing value is a category where
    /// one was missing at the fit, and unknown otherwise.
    ///
    /// A binary target is 0 or 1, the latter for the last of its two classes. For a target of several classes a column becomes one
    /// for each of them, called `column_class`, in which the target is 1 for the class and 0 for the others; otherwise it keeps its name.
    ///
    /// [`Transformer::fit_transform`], and so a [`ColumnTransformer`](super::ColumnTransformer) or pipeline in its fit, encodes the
    /// training rows by cross-fitting: each of `cv` parts by what was learned of the others, stratified by class. Otherwise the target
    /// of a row would be in its encoding. The fitted encoder learned from all rows, and encodes others.
    ///
    /// Values are compared with the categories as by a [`OneHotEncoder`](struct@super::OneHotEncoder); weights of rows are ignored, as
    /// in scikit-learn. It has no inverse, since two categories may have one mean.
    ///
    /// Over blocks of rows ([`Transformer::accumulator`]) it counts the same rows, so that the fitted encoder is the same up to the
    /// rounding of sums. It needs the key of each row ([`FitInput::with_row_keys`]), by which the row is in one of `cv` parts:
    /// [`Accumulator::finish_training`] returns what encodes the training rows. `shuffle` and strata play no part in this.
    ///
    /// ```
    /// use perceptra::preprocessing::{FitInput, Table, TargetEncoder, Transformer};
    ///
    /// let train = Table::new().with_strings("city", ["Rome", "Oslo", "Rome", "Oslo"])?;
    /// let target = Table::new().with_numbers("price", [3.5, 1.0, 4.5, 2.5])?;
    /// let encoder = TargetEncoder::new().smooth(2.0);
    /// let fitted = Transformer::fit(&encoder, FitInput::new(&train).with_target(&target)?)?;
    /// let other = Table::new().with_strings("city", ["Rome", "Bern"])?;
    /// assert_eq!(fitted.transform(&other)?.numbers("city")?, [3.4375, 2.875]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// - D. Micci-Barreca, *A preprocessing scheme for high-cardinality categorical attributes in classification and prediction
    ///   problems*, SIGKDD Explorations 3 (2001).
    /// - scikit-learn, *sklearn.preprocessing.TargetEncoder*.
    pub struct TargetEncoder: "TargetEncoder" checked by has_a_weight {
        /// The type of the target.
        target_type: TargetType = TargetType::Auto,
        /// The weight of the mean of all rows.
        smooth: Smooth [custom setter] = Smooth::Auto,
        /// The number of parts of the training rows for cross-fitting.
        cv: usize [at least 2] = 5,
        /// Whether rows are assigned to the parts at random, by the seed of the [`FitInput`].
        shuffle: bool = true,
    }
}

impl TargetEncoder {
    /// The defaults.
    pub fn new() -> TargetEncoder {
        TargetEncoder
    }

    /// The weight of the mean of all rows: [`Smooth::Auto`], or a number of rows, for example `10.0`, at least 0.
    #[must_use]
    pub fn smooth(mut self, smooth: impl Into<Smooth>) -> TargetEncoder {
        self.smooth = smooth.into();
        self
    }

    fn has_a_weight(&self) -> Result<()> {
        match self.smooth {
            Smooth::Value(value) if !(value.is_finite() && value >= 0.0) => {
                Err(invalid(self, "smooth", value, "a finite number of at least 0, or Smooth::Auto"))
            }
            _ => Ok(()),
        }
    }

    /// Learns the encodings of all columns of the input from its target.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] without a target or any row; [`Error::Argument`] for several columns of the target, more than two classes of
    /// a binary one, or an argument out of its range; [`Error::MissingValue`] and [`Error::InfiniteValue`] for the target, the latter also
    /// for an infinite number in a column.
    pub fn fit(&self, input: FitInput<'_>) -> Result<FittedTargetEncoder> {
        self.learned(&input).map(|(fitted, ..)| fitted)
    }

    /// The fitted encoder, the place of each row's category by column, and the target.
    fn learned(&self, input: &FitInput<'_>) -> Result<(FittedTargetEncoder, Vec<Vec<usize>>, EncoderTarget)> {
        self.check()?;
        let (table, target) = (input.columns(), EncoderTarget::of(self, input, self.target_type)?);
        let rows: Vec<usize> = (0..table.nrows()).collect();
        let classes = match &target {
            EncoderTarget::Binary(_, classes) | EncoderTarget::Classes(_, classes) => classes.clone(),
            EncoderTarget::Continuous(_) => Vec::new(),
        };
        let (mut columns, mut places) = (Vec::new(), Vec::new());
        for name in table.names() {
            let mut column = unmapped(table, name)?;
            let of_column = column.places(table)?;
            column.values = self.encodings(&column, &of_column, &target, &rows);
            column.outputs = match &target {
                EncoderTarget::Classes(_, classes) => {
                    classes.iter().map(|class| format!("{name}_{}", label(class))).collect()
                }
                _ => vec![name.clone()],
            };
            columns.push(column);
            places.push(of_column);
        }
        let target_mean = match &target {
            EncoderTarget::Binary(values, _) | EncoderTarget::Continuous(values) => {
                vec![mean(&rows, &|row| values[row])]
            }
            EncoderTarget::Classes(of_row, classes) => {
                let is = |class: usize| move |row: usize| f64::from(u8::from(of_row[row] == class));
                (0..classes.len()).map(|class| mean(&rows, &is(class))).collect()
            }
        };
        Ok((FittedTargetEncoder { columns, classes, target_mean }, places, target))
    }

    /// The encodings of a column learned from these rows, those of an unknown category last.
    fn encodings(
        &self,
        column: &MappedColumn,
        places: &[usize],
        target: &EncoderTarget,
        rows: &[usize],
    ) -> Vec<Vec<f64>> {
        let count = column.known().len();
        match target {
            EncoderTarget::Binary(values, _) | EncoderTarget::Continuous(values) => {
                vec![smoothed(places, rows, count, self.smooth, &|row| values[row])]
            }
            EncoderTarget::Classes(of_row, classes) => {
                let is = |class: usize| move |row: usize| f64::from(u8::from(of_row[row] == class));
                (0..classes.len()).map(|class| smoothed(places, rows, count, self.smooth, &is(class))).collect()
            }
        }
    }
}

impl TargetEncoding for TargetEncoder {
    fn values(&self, learned: &LearnedTargets, column: usize, without: Option<usize>) -> Vec<Vec<f64>> {
        let of_output = |output: &EncodedTarget| {
            let categories = learned.categories(column, *output, without);
            smoothed_summaries(&categories, learned.total(*output, without), self.smooth)
        };
        learned.outputs().iter().map(of_output).collect()
    }

    fn fitted(&self, learned: &LearnedTargets, columns: Vec<MappedColumn>) -> Arc<dyn FittedTransformer> {
        let target_mean = learned.outputs().iter().map(|output| learned.total(*output, None).mean).collect();
        Arc::new(FittedTargetEncoder { columns, classes: learned.classes.clone(), target_mean })
    }

    fn output_names(&self, learned: &LearnedTargets, name: &str) -> Vec<String> {
        match learned.target {
            LearnedTarget::Classes => learned.classes.iter().map(|class| format!("{name}_{}", label(class))).collect(),
            LearnedTarget::Binary(_) | LearnedTarget::Continuous => vec![name.to_owned()],
        }
    }
}

impl Transformer for TargetEncoder {
    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        Ok(Arc::new(self.fit(input)?))
    }

    fn fit_transform(&self, mut input: FitInput<'_>) -> Result<(Arc<dyn FittedTransformer>, Option<Table>)> {
        let (fitted, places, target) = self.learned(&input)?;
        let (table, strata) = (input.columns(), target.strata());
        let random = self.shuffle.then(|| input.random());
        let mut made: Vec<Vec<Vec<f64>>> =
            fitted.columns.iter().map(|column| vec![vec![0.0; table.nrows()]; column.outputs.len()]).collect();
        for part in parts(self, self.cv, table.nrows(), strata.as_deref(), random)? {
            let others = rest(&part, table.nrows());
            for ((column, places), made) in fitted.columns.iter().zip(&places).zip(&mut made) {
                let encodings = self.encodings(column, places, &target, &others);
                for (made, encoding) in made.iter_mut().zip(encodings) {
                    part.iter().for_each(|&row| made[row] = encoding[places[row]]);
                }
            }
        }
        let made = made.into_iter().flatten().map(Column::Number).collect();
        let made = table.of_outputs(FittedTransformer::outputs(&fitted), made);
        Ok((Arc::new(fitted), Some(made)))
    }

    fn accumulator(&self) -> Option<Box<dyn Accumulator>> {
        Some(TargetAccumulator::boxed(self.clone(), self.target_type, self.cv))
    }

    fn restore(&self, state: serde_json::Value) -> Result<Arc<dyn FittedTransformer>> {
        let read: FittedTargetEncoder = restored("TargetEncoder", state)?;
        checked("TargetEncoder", &read.columns)?;
        match read.columns.iter().all(|column| column.outputs.len() == read.target_mean.len()) {
            true => Ok(Arc::new(read)),
            false => {
                let reason =
                    format!("it has the means of {} targets and other numbers of columns", read.target_mean.len());
                Err(Error::Configuration { item: "TargetEncoder".into(), reason })
            }
        }
    }
}

/// A [`TargetEncoder`](struct@TargetEncoder) that learned from the training rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FittedTargetEncoder {
    pub(crate) columns: Vec<MappedColumn>,
    classes: Vec<Value>,
    target_mean: Vec<f64>,
}

impl FittedTargetEncoder {
    /// The classes of the target in sorted order; none of a continuous one.
    pub fn classes(&self) -> &[Value] {
        &self.classes
    }

    /// The mean of the target: one number, or the fraction of each of several classes.
    pub fn target_mean(&self) -> &[f64] {
        &self.target_mean
    }
}

mapped!(FittedTargetEncoder: "TargetEncoder");
