//! Categories as what they are evidence of.

use super::cross_fit::{parts, rest};
use super::encoder_target::{EncoderTarget, TargetType};
use super::mapped_columns::{MappedColumn, checked, mapped, unmapped};
use super::target_statistics::{LearnedTargets, TargetAccumulator, TargetEncoding};
use super::transformer::restored;
use super::{Accumulator, Column, FitInput, FittedTransformer, Table, Transformer, Value};
use crate::items::{Spec, item};
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

item! {
    /// Turns each category of a column into its weight of evidence for the positive class of a binary target.
    ///
    /// A category that posᶜ of P positive training rows have, and negᶜ of N negative ones, becomes
    ///
    /// ```text
    /// woe(c) = ln((pos_c + a) / (P + a k)) − ln((neg_c + a) / (N + a k))
    /// ```
    ///
    /// with k categories of the column and the additive smoothing a, so that a category without rows of one class is finite. It is
    /// above 0 for a category that is more frequent among the positive rows. (The cited book has the negative class in the numerator,
    /// multiplies by 100 and does not smooth.) The information value of a column is the sum over its categories of
    ///
    /// ```text
    /// ((pos_c + a) / (P + a k) − (neg_c + a) / (N + a k)) woe(c)
    /// ```
    ///
    /// which [`FittedWeightOfEvidence::information_values`] reports. An unknown category is 0; a missing value is a category where one
    /// was missing at the fit, and unknown otherwise. The positive class is the last of the two in sorted order: 1, true, or a string.
    /// A column keeps its name.
    ///
    /// [`Transformer::fit_transform`], and so a [`ColumnTransformer`](super::ColumnTransformer) or pipeline in its fit, encodes the
    /// training rows by cross-fitting: each of `cv` parts, stratified by class, as an encoder does that was fitted to the others.
    ///
    /// Values are compared with the categories as by a [`OneHotEncoder`](struct@super::OneHotEncoder); weights of rows are ignored.
    /// It has no inverse, since two categories may have one weight.
    ///
    /// Over blocks of rows ([`Transformer::accumulator`]) it counts the same rows, so that the fitted encoder has the same bits. It
    /// needs the key of each row ([`FitInput::with_row_keys`]), by which the row is in one of `cv` parts:
    /// [`Accumulator::finish_training`] returns what encodes the training rows. `shuffle` and strata play no part in this.
    ///
    /// ```
    /// use perceptra::preprocessing::{FitInput, Table, WeightOfEvidence};
    ///
    /// let train = Table::new().with_strings("home", ["OWN", "RENT", "RENT", "OWN"])?;
    /// let target = Table::new().with_strings("status", ["paid", "default", "paid", "paid"])?;
    /// let fitted = WeightOfEvidence::new().fit(FitInput::new(&train).with_target(&target)?)?;
    /// let weights = fitted.encodings("home").unwrap_or_default();
    /// approx::assert_relative_eq!(weights[0].1[0], (2.5f64 / 4.0).ln() - (0.5f64 / 2.0).ln(), epsilon = 1e-12);
    /// assert!(fitted.information_values()[0].1 > 0.3);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// N. Siddiqi, *Credit Risk Scorecards: Developing and Implementing Intelligent Credit Scoring*, Wiley (2006), chapter 6.
    pub struct WeightOfEvidence: "WeightOfEvidence" {
        /// The number a of rows of each class that is added to every category.
        smoothing: f64 [above 0] = 0.5,
        /// The number of parts of the training rows for cross-fitting.
        cv: usize [at least 2] = 5,
        /// Whether rows are assigned to the parts at random, by the seed of the [`FitInput`].
        shuffle: bool = true,
    }
}

/// The weights of a column's categories, that of an unknown one last, and their information value.
struct Evidence {
    weights: Vec<f64>,
    information_value: f64,
}

impl WeightOfEvidence {
    /// The defaults.
    pub fn new() -> WeightOfEvidence {
        WeightOfEvidence
    }

    /// Learns the weights of all columns of the input from its target.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] without a target or any row; [`Error::Argument`] for a target of several columns or of more than two classes,
    /// or an argument out of its range; [`Error::MissingValue`] and [`Error::InfiniteValue`] for the target, the latter also for an
    /// infinite number in a column.
    pub fn fit(&self, input: FitInput<'_>) -> Result<FittedWeightOfEvidence> {
        self.learned(&input).map(|(fitted, ..)| fitted)
    }

    /// The fitted encoder, the place of each row's category by column, and the target.
    fn learned(&self, input: &FitInput<'_>) -> Result<(FittedWeightOfEvidence, Vec<Vec<usize>>, Vec<bool>)> {
        self.check()?;
        let (table, target) = (input.columns(), EncoderTarget::of(self, input, TargetType::Binary)?);
        let positive: Vec<bool> = target.strata().unwrap_or_default().into_iter().map(|class| class == 1).collect();
        let rows: Vec<usize> = (0..table.nrows()).collect();
        let (mut columns, mut places, mut information_values) = (Vec::new(), Vec::new(), Vec::new());
        for name in table.names() {
            let mut column = unmapped(table, name)?;
            let of_column = column.places(table)?;
            let evidence = self.evidence(column.known().len(), &of_column, &positive, &rows);
            (column.values, column.outputs) = (vec![evidence.weights], vec![name.clone()]);
            columns.push(column);
            places.push(of_column);
            information_values.push(evidence.information_value);
        }
        Ok((FittedWeightOfEvidence { columns, information_values }, places, positive))
    }

    /// Returns the evidence of `count` categories in these rows; a category without rows counts as unknown.
    fn evidence(&self, count: usize, places: &[usize], positive: &[bool], rows: &[usize]) -> Evidence {
        let mut counts = vec![[0.0; 2]; count];
        for &row in rows {
            counts[places[row]][usize::from(positive[row])] += 1.0;
        }
        self.evidence_of(counts)
    }

    /// The evidence of how many negative and positive rows each category has.
    fn evidence_of(&self, counts: Vec<[f64; 2]>) -> Evidence {
        let mut totals = [0.0; 2];
        for [negative, positive] in &counts {
            totals[0] += negative;
            totals[1] += positive;
        }
        let present = |[negative, positive]: [f64; 2]| negative + positive > 0.0;
        let categories = counts.iter().filter(|counts| present(**counts)).count() as f64;
        let mut information_value = 0.0;
        let mut weight = |counts: [f64; 2]| {
            if !present(counts) {
                return 0.0;
            }
            let fraction =
                |class: usize| (counts[class] + self.smoothing) / (totals[class] + self.smoothing * categories);
            let weight = fraction(1).ln() - fraction(0).ln();
            information_value += (fraction(1) - fraction(0)) * weight;
            weight
        };
        let mut weights: Vec<f64> = counts.into_iter().map(&mut weight).collect();
        weights.push(0.0);
        Evidence { weights, information_value }
    }
}

impl WeightOfEvidence {
    fn evidence_of_column(&self, learned: &LearnedTargets, column: usize, without: Option<usize>) -> Evidence {
        let outputs = learned.outputs();
        let categories = outputs.first().map(|output| learned.categories(column, *output, without));
        let counts = categories.unwrap_or_default().into_iter().map(|of| [of.count - of.sum, of.sum]);
        self.evidence_of(counts.collect())
    }
}

impl TargetEncoding for WeightOfEvidence {
    fn values(&self, learned: &LearnedTargets, column: usize, without: Option<usize>) -> Vec<Vec<f64>> {
        vec![self.evidence_of_column(learned, column, without).weights]
    }

    fn fitted(&self, learned: &LearnedTargets, columns: Vec<MappedColumn>) -> Arc<dyn FittedTransformer> {
        let information_value = |column| self.evidence_of_column(learned, column, None).information_value;
        let information_values = (0..columns.len()).map(information_value).collect();
        Arc::new(FittedWeightOfEvidence { columns, information_values })
    }

    fn output_names(&self, _: &LearnedTargets, name: &str) -> Vec<String> {
        vec![name.to_owned()]
    }
}

impl Transformer for WeightOfEvidence {
    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        Ok(Arc::new(self.fit(input)?))
    }

    fn fit_transform(&self, mut input: FitInput<'_>) -> Result<(Arc<dyn FittedTransformer>, Option<Table>)> {
        let (fitted, places, positive) = self.learned(&input)?;
        let table = input.columns();
        let strata: Vec<usize> = positive.iter().map(|&positive| usize::from(positive)).collect();
        let random = self.shuffle.then(|| input.random());
        let mut made = vec![vec![0.0; table.nrows()]; fitted.columns.len()];
        for part in parts(self, self.cv, table.nrows(), Some(&strata), random)? {
            let others = rest(&part, table.nrows());
            for ((column, places), made) in fitted.columns.iter().zip(&places).zip(&mut made) {
                let weights = self.evidence(column.known().len(), places, &positive, &others).weights;
                part.iter().for_each(|&row| made[row] = weights[places[row]]);
            }
        }
        let made = table.of_outputs(table.names().to_vec(), made.into_iter().map(Column::Number).collect());
        Ok((Arc::new(fitted), Some(made)))
    }

    fn accumulator(&self) -> Option<Box<dyn Accumulator>> {
        Some(TargetAccumulator::boxed(self.clone(), TargetType::Binary, self.cv))
    }

    fn restore(&self, state: serde_json::Value) -> Result<Arc<dyn FittedTransformer>> {
        let read: FittedWeightOfEvidence = restored("WeightOfEvidence", state)?;
        checked("WeightOfEvidence", &read.columns)?;
        let one_each = read.columns.iter().all(|column| column.outputs.len() == 1);
        let values = &read.information_values;
        match one_each && values.len() == read.columns.len() && values.iter().all(|value| value.is_finite()) {
            true => Ok(Arc::new(read)),
            false => {
                let reason = "it has no information value for each of its columns".into();
                Err(Error::Configuration { item: "WeightOfEvidence".into(), reason })
            }
        }
    }
}

/// A [`WeightOfEvidence`](struct@WeightOfEvidence) that learned from the training rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FittedWeightOfEvidence {
    pub(crate) columns: Vec<MappedColumn>,
    information_values: Vec<f64>,
}

impl FittedWeightOfEvidence {
    /// The information value of each column, in their order: how far its categories separate the classes.
    pub fn information_values(&self) -> Vec<(&str, f64)> {
        self.columns.iter().map(|column| column.name.as_str()).zip(self.information_values.iter().copied()).collect()
    }
}

mapped!(FittedWeightOfEvidence: "WeightOfEvidence");
