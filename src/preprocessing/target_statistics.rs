//! The statistics of categories and target that encoders accumulate over blocks of rows.

use super::category_counts::{CategoryCounts, in_order};
use super::encoder_target::{BlockTarget, BlockTargets, LearnedTarget, TargetType};
use super::known_values::KnownValues;
use super::mapped_columns::MappedColumn;
use super::one_hot_encoder::given_once;
use super::transformer::{BlockLayout, of_pass_state, pass_state_of};
use super::{Accumulator, BoxedTrainingEncoder, FitInput, FittedTransformer, Table, TrainingEncoder, Value};
use crate::items::{Spec, invalid};
use crate::random::mix;
use crate::statistics::Moments;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value as State;
use std::any::Any;
use std::cmp::Ordering;
use std::sync::Arc;

/// The targets of some rows.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct TargetCounts {
    /// How many rows are of each class, in the order in which the classes came; no more of them than the last that occurs.
    classes: Vec<usize>,
    /// Of a target of numbers.
    moments: Option<Moments>,
    rows: usize,
}

impl TargetCounts {
    fn of_class(&self, class: usize) -> usize {
        self.classes.get(class).copied().unwrap_or_default()
    }

    fn add(&mut self, others: &TargetCounts) {
        self.rows += others.rows;
        self.classes.resize(self.classes.len().max(others.classes.len()), 0);
        self.classes.iter_mut().zip(&others.classes).for_each(|(count, more)| *count += more);
        self.moments = match (self.moments, others.moments) {
            (Some(one), Some(other)) => Some(one.merge(&other)),
            (one, other) => one.or(other),
        };
    }

    /// With the classes in another order: what was at a position is at that of the list.
    fn reorder(&mut self, order: &[usize]) {
        let classes = std::mem::take(&mut self.classes);
        for (from, count) in classes.into_iter().enumerate() {
            let to = order[from];
            self.classes.resize(self.classes.len().max(to + 1), 0);
            self.classes[to] = count;
        }
    }
}

/// The targets by fold.
type FoldCounts = Vec<TargetCounts>;

/// The targets of each category of a column, in the order of the categories.
#[derive(Debug, Default, Serialize, Deserialize)]
struct CategoryTargets {
    values: Vec<Value>,
    of_values: Vec<FoldCounts>,
    missing: Option<FoldCounts>,
}

impl CategoryTargets {
    fn merge(&mut self, later: CategoryTargets) {
        match (&mut self.missing, later.missing) {
            (Some(known), Some(found)) => add_folds(known, &found),
            (known, found) => *known = known.take().or(found),
        }
        let known = std::mem::take(&mut self.values).into_iter().zip(std::mem::take(&mut self.of_values));
        let found = later.values.into_iter().zip(later.of_values);
        let (mut known, mut found) = (known.peekable(), found.peekable());
        loop {
            let order = match (known.peek(), found.peek()) {
                (None, None) => return,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some((one, _)), Some((other, _))) => in_order(one, other),
            };
            let taken = if order == Ordering::Greater { found.next() } else { known.next() };
            let Some((value, mut folds)) = taken else { return };
            if order == Ordering::Equal
                && let Some((_, more)) = found.next()
            {
                add_folds(&mut folds, &more);
            }
            self.values.push(value);
            self.of_values.push(folds);
        }
    }

    fn each(&mut self) -> impl Iterator<Item = &mut TargetCounts> {
        self.of_values.iter_mut().chain(&mut self.missing).flatten()
    }
}

fn add_folds(known: &mut FoldCounts, others: &FoldCounts) {
    known.iter_mut().zip(others).for_each(|(known, others)| known.add(others));
}

/// The targets of all folds, or of all but one.
fn joined(folds: &FoldCounts, without: Option<usize>) -> TargetCounts {
    let mut all = TargetCounts::default();
    let used = folds.iter().enumerate().filter(|(fold, _)| Some(*fold) != without);
    used.for_each(|(_, targets)| all.add(targets));
    all
}

/// The targets of the rows in each category of a column and each fold.
fn of_column(table: &Table, name: &str, rows: &BlockRows<'_>) -> Result<CategoryTargets> {
    let CategoryCounts { values, missing, .. } = CategoryCounts::of(table, name)?;
    let known = KnownValues { name, values: &values, missing: missing > 0 };
    let places: Vec<usize> = known.places(table)?.into_iter().map(Option::unwrap_or_default).collect();
    let mut of_values = rows.by_place(&places, known.len());
    let missing = if missing > 0 { of_values.pop() } else { None };
    Ok(CategoryTargets { values, of_values, missing })
}

/// The rows of a block: the fold of each, and its target.
struct BlockRows<'a> {
    count: usize,
    folds: Vec<usize>,
    targets: BlockTargets<'a>,
}

impl BlockRows<'_> {
    fn by_place(&self, places: &[usize], count: usize) -> Vec<FoldCounts> {
        let mut rows: Vec<Vec<Vec<usize>>> = vec![vec![Vec::new(); self.count]; count];
        places.iter().zip(&self.folds).enumerate().for_each(|(row, (place, fold))| rows[*place][*fold].push(row));
        let of_each = |folds: Vec<Vec<usize>>| folds.iter().map(|rows| self.targets(rows)).collect();
        rows.into_iter().map(of_each).collect()
    }

    fn targets(&self, rows: &[usize]) -> TargetCounts {
        let mut classes = Vec::new();
        for class in self.targets.classes.iter().flat_map(|classes| rows.iter().map(|row| classes[*row])) {
            classes.resize(classes.len().max(class + 1), 0);
            classes[class] += 1;
        }
        let moments = self.targets.numbers.filter(|_| !rows.is_empty());
        let moments = moments.map(|numbers| Moments::of_each(rows.iter().map(|row| numbers[*row])));
        TargetCounts { classes, moments, rows: rows.len() }
    }
}

/// The statistics of the target after the last block.
pub(super) struct LearnedTargets {
    pub(super) target: LearnedTarget,
    /// The classes in ascending order, and where each is in the counts.
    pub(super) classes: Vec<Value>,
    order: Vec<usize>,
    totals: FoldCounts,
    columns: Vec<(String, CategoryTargets)>,
}

/// A target of the encoder's: 1 and 0, or the numbers themselves.
#[derive(Debug, Clone, Copy)]
pub(super) enum EncodedTarget {
    /// 1 for the rows of this class.
    Class(usize),
    Numbers,
}

/// Count, sum, mean and standard deviation of a target.
#[derive(Debug, Clone, Copy)]
pub(super) struct TargetSummary {
    pub(super) count: f64,
    pub(super) sum: f64,
    pub(super) mean: f64,
    pub(super) deviation: f64,
}

impl TargetSummary {
    fn of(targets: &TargetCounts, output: EncodedTarget) -> Self {
        let count = targets.rows as f64;
        match (output, targets.moments) {
            (EncodedTarget::Class(class), _) => {
                let sum = targets.of_class(class) as f64;
                let mean = sum / count;
                TargetSummary { count, sum, mean, deviation: (mean * (1.0 - mean)).sqrt() }
            }
            (EncodedTarget::Numbers, Some(moments)) => {
                let deviation = if moments.is_constant() { 0.0 } else { moments.deviation(0.0) };
                TargetSummary { count, sum: moments.mean() * count, mean: moments.mean(), deviation }
            }
            (EncodedTarget::Numbers, None) => TargetSummary { count, sum: 0.0, mean: f64::NAN, deviation: f64::NAN },
        }
    }
}

impl LearnedTargets {
    /// The targets that the encoder has an output for.
    pub(super) fn outputs(&self) -> Vec<EncodedTarget> {
        match self.target {
            LearnedTarget::Binary(positive) => {
                vec![EncodedTarget::Class(self.order.get(positive).copied().unwrap_or(self.order.len()))]
            }
            LearnedTarget::Classes => self.order.iter().map(|class| EncodedTarget::Class(*class)).collect(),
            LearnedTarget::Continuous => vec![EncodedTarget::Numbers],
        }
    }

    /// Of all rows, or of those of all folds but one.
    pub(super) fn total(&self, output: EncodedTarget, without: Option<usize>) -> TargetSummary {
        TargetSummary::of(&joined(&self.totals, without), output)
    }

    /// The columns with their categories and the values that an encoder makes of all rows.
    fn mapped(&self, encoder: &dyn TargetEncoding) -> Vec<MappedColumn> {
        let column = |(at, (name, targets)): (usize, &(String, CategoryTargets))| MappedColumn {
            name: name.clone(),
            categories: targets.values.clone(),
            missing: targets.missing.is_some(),
            outputs: encoder.output_names(self, name),
            values: encoder.values(self, at, None),
        };
        self.columns.iter().enumerate().map(column).collect()
    }

    /// The targets of each category of a column, and of missing values if there are any.
    pub(super) fn categories(
        &self,
        column: usize,
        output: EncodedTarget,
        without: Option<usize>,
    ) -> Vec<TargetSummary> {
        let Some((_, targets)) = self.columns.get(column) else { return Vec::new() };
        let folds = targets.of_values.iter().chain(&targets.missing);
        folds.map(|folds| TargetSummary::of(&joined(folds, without), output)).collect()
    }

    /// The values of each column for the rows of each fold, as they are made of those of the others.
    fn cross_fitted(&self, encoder: &dyn TargetEncoding, columns: Vec<MappedColumn>) -> Result<CrossFitted> {
        let (folds, item) = (self.totals.len(), encoder.class_name());
        let rows: usize = self.totals.iter().map(|targets| targets.rows).sum();
        if self.totals.iter().any(|targets| targets.rows == rows) {
            let value = format!("{folds}, and all {rows} rows are in one fold by their keys");
            return Err(invalid(encoder, "cv", value, "rows with different keys in two folds; fit to more rows"));
        }
        let of_column = |(at, column): (usize, MappedColumn)| {
            let values = (0..folds).map(|fold| encoder.values(self, at, Some(fold)));
            (MappedColumn { values: Vec::new(), ..column }, values.collect())
        };
        Ok(CrossFitted { item, folds, columns: columns.into_iter().enumerate().map(of_column).collect() })
    }
}

/// Encodings of training rows, by fold.
struct CrossFitted {
    item: String,
    folds: usize,
    columns: Vec<(MappedColumn, Vec<Vec<Vec<f64>>>)>,
}

impl TrainingEncoder for CrossFitted {
    fn transform(&self, input: FitInput<'_>) -> Result<Table> {
        let (table, of_rows) = (input.columns(), folds(&self.item, &input, self.folds)?);
        let mut made = Vec::new();
        for (column, by_fold) in &self.columns {
            let places = column.places(table)?;
            for (output, name) in column.outputs.iter().enumerate() {
                let number = |(place, fold): (&usize, &usize)| by_fold[*fold][output][*place];
                let numbers: Vec<f64> = places.iter().zip(&of_rows).map(number).collect();
                made.push((name.clone(), numbers.into()));
            }
        }
        Ok(table.of_same_rows(made))
    }
}

/// The fold of each row, by its key.
fn folds(item: &str, input: &FitInput<'_>, count: usize) -> Result<Vec<usize>> {
    let Some(keys) = input.row_keys() else {
        return Err(Error::Empty {
            what: format!("the keys of the rows for {item}"),
            advice: format!(
                "over blocks of rows {item} encodes training rows by what it learned of the rows of other keys: pass them \
                 with FitInput::with_row_keys, or fit it to all rows in memory, or encode by OrdinalEncoder, \
                 FrequencyEncoder or OneHotEncoder, which do not use the target"
            ),
        });
    };
    let fold = |key: &u64| ((u128::from(mix(*key)) * count as u128) >> 64) as usize;
    Ok(keys.iter().map(fold).collect())
}

/// How an encoder makes the values of a column, for each of its outputs, of the rows of all folds or all but one.
pub(super) trait TargetEncoding: Spec {
    fn values(&self, learned: &LearnedTargets, column: usize, without: Option<usize>) -> Vec<Vec<f64>>;

    /// The fitted encoder of columns with values.
    fn fitted(&self, learned: &LearnedTargets, columns: Vec<MappedColumn>) -> Arc<dyn FittedTransformer>;

    /// The names of the columns that it makes of one.
    fn output_names(&self, learned: &LearnedTargets, name: &str) -> Vec<String>;
}

/// Fits an encoder that uses the target over blocks of rows.
pub(super) struct TargetAccumulator {
    encoder: Box<dyn TargetEncoding>,
    layout: BlockLayout,
    target: BlockTarget,
    totals: FoldCounts,
    columns: Vec<(String, CategoryTargets)>,
}

impl TargetAccumulator {
    pub(super) fn boxed(encoder: impl TargetEncoding, target_type: TargetType, folds: usize) -> Box<dyn Accumulator> {
        Box::new(TargetAccumulator {
            layout: BlockLayout::new(encoder.class_name()),
            encoder: Box::new(encoder),
            target: BlockTarget::new(target_type),
            totals: vec![TargetCounts::default(); folds],
            columns: Vec::new(),
        })
    }

    fn add(&mut self, totals: &FoldCounts, columns: Vec<(String, CategoryTargets)>) {
        add_folds(&mut self.totals, totals);
        if self.columns.is_empty() {
            self.columns = columns;
            return;
        }
        self.columns.iter_mut().zip(columns).for_each(|((_, known), (_, found))| known.merge(found));
    }

    /// Takes what another one learned of later rows.
    fn take_later(
        &mut self,
        layout: BlockLayout,
        target: BlockTarget,
        mut totals: FoldCounts,
        mut columns: Vec<(String, CategoryTargets)>,
    ) -> Result<()> {
        if totals.len() != self.totals.len() {
            return Err(self.layout.not_the_same("one with another number of folds"));
        }
        if layout.rows() == 0 {
            return self.layout.merge(layout);
        }
        let mut merged = self.target.clone();
        let order = merged.merge(&*self.encoder, target)?;
        self.layout.merge(layout)?;
        self.target = merged;
        totals.iter_mut().for_each(|targets| targets.reorder(&order));
        columns.iter_mut().for_each(|(_, column)| column.each().for_each(|targets| targets.reorder(&order)));
        self.add(&totals, columns);
        Ok(())
    }

    fn learned(self) -> Result<(LearnedTargets, Box<dyn TargetEncoding>)> {
        self.layout.at_least_one_row()?;
        for (name, targets) in &self.columns {
            let mut counted = CategoryCounts::default();
            counted.values.clone_from(&targets.values);
            counted.missing = targets.missing.iter().flatten().map(|targets| targets.rows).sum();
            given_once("an encoder", name, &counted)?;
        }
        let (target, classes, order) = self.target.learned(&*self.encoder)?;
        let learned = LearnedTargets { target, classes, order, totals: self.totals, columns: self.columns };
        Ok((learned, self.encoder))
    }
}

impl Accumulator for TargetAccumulator {
    fn update(&mut self, input: FitInput<'_>) -> Result<()> {
        self.encoder.check()?;
        let table = input.columns();
        if table.nrows() == 0 {
            return Ok(());
        }
        let folds = folds(&self.encoder.class_name(), &input, self.totals.len())?;
        let mut target = self.target.clone();
        let targets = target.take(&*self.encoder, &input)?;
        let rows = BlockRows { count: self.totals.len(), folds, targets };
        let mut columns = Vec::new();
        for name in table.names() {
            columns.push((name.clone(), of_column(table, name, &rows)?));
        }
        self.layout.take(table)?;
        self.target = target;
        let totals = rows.by_place(&vec![0; table.nrows()], 1).pop().unwrap_or_default();
        self.add(&totals, columns);
        Ok(())
    }

    fn merge(&mut self, later: Box<dyn Accumulator>) -> Result<()> {
        let later: Box<dyn Any> = later;
        let Ok(later) = later.downcast::<TargetAccumulator>() else {
            return Err(self.layout.not_the_same("one of another"));
        };
        self.take_later(later.layout, later.target, later.totals, later.columns)
    }

    fn pass_state(&self) -> Result<Option<State>> {
        pass_state_of(&self.encoder.class_name(), &(&self.layout, &self.target, &self.totals, &self.columns))
    }

    fn join_states(&mut self, states: Vec<State>) -> Result<()> {
        let item = self.encoder.class_name();
        let target_type = self.target.target_type();
        let folds = self.totals.len();
        self.layout = BlockLayout::new(item.clone());
        self.target = BlockTarget::new(target_type);
        self.totals = vec![TargetCounts::default(); folds];
        self.columns.clear();
        for state in states {
            let (layout, target, totals, columns) = of_pass_state(&item, state)?;
            self.take_later(layout, target, totals, columns)?;
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<Arc<dyn FittedTransformer>> {
        let (learned, encoder) = self.learned()?;
        Ok(encoder.fitted(&learned, learned.mapped(&*encoder)))
    }

    fn finish_training(self: Box<Self>) -> Result<(Arc<dyn FittedTransformer>, Option<BoxedTrainingEncoder>)> {
        let (learned, encoder) = self.learned()?;
        let columns = learned.mapped(&*encoder);
        let training = learned.cross_fitted(&*encoder, columns.clone())?;
        Ok((encoder.fitted(&learned, columns), Some(Box::new(training))))
    }
}
