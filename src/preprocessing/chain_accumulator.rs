//! The fit of a chain to blocks of rows: a pass for each stage that learns from them.

use super::transformer::{
    Accumulator, FittedForTraining, FittedStep, of_pass_state, pass_state_of, with_indicators, without_indicators,
};
use super::{BoxedTrainingEncoder, Chain, Column, FitInput, FittedTransformer, Table, TrainingEncoder, Transformer};
use crate::items::Spec;
use crate::{Error, Result};
use serde_json::Value;
use std::any::Any;
use std::sync::Arc;

/// Fits the stages of a chain in order, each to the output of the previous stages for the rows.
pub(super) struct ChainAccumulator {
    chain: Chain,
    transformers: Vec<Arc<dyn Transformer>>,
    /// The first stages, which are fitted.
    fitted: Vec<FittedForTraining>,
    /// The accumulator of the next stage, after the first row; `None` if all stages are fitted.
    learning: Option<Box<dyn Accumulator>>,
    /// The first row, which is used to find stages that learn nothing from rows.
    first: Option<ChainSample>,
}

/// A row as a transformer is given it.
struct ChainSample {
    columns: Table,
    target: Option<Table>,
    weights: Option<Vec<f64>>,
    keys: Option<Vec<u64>>,
}

impl ChainSample {
    fn of(input: &FitInput<'_>) -> Self {
        ChainSample {
            columns: input.columns().head(1),
            target: input.target().map(|target| target.head(1)),
            weights: input.weights().map(|weights| weights[..1].to_vec()),
            keys: input.row_keys().map(|keys| keys[..1].to_vec()),
        }
    }

    fn input(&self) -> Result<FitInput<'_>> {
        let mut input = FitInput::new(&self.columns);
        if let Some(target) = &self.target {
            input = input.with_target(target)?;
        }
        if let Some(weights) = &self.weights {
            input = input.with_weights(weights)?;
        }
        match &self.keys {
            Some(keys) => input.with_row_keys(keys),
            None => Ok(input),
        }
    }
}

/// Transforms training rows by a stage.
fn made_by((step, training): &FittedForTraining, input: &mut FitInput<'_>, table: &Table) -> Result<Table> {
    match training {
        Some(encoder) => encoder.transform(input.part(table)),
        None => step.fitted.transform(table),
    }
}

/// Transforms training rows by several stages; their indicators are collected separately in `kept`.
fn staged(stages: &[FittedForTraining], input: &mut FitInput<'_>, kept: &mut Vec<(String, Column)>) -> Result<Table> {
    let mut table = input.columns().clone();
    for stage in stages {
        table = without_indicators(&*stage.0.fitted, made_by(stage, input, &table)?, kept)?;
    }
    Ok(table)
}

/// Encodes the rows of the fit with the stages of a chain, at least one.
struct ChainTraining {
    before: Vec<FittedForTraining>,
    last: FittedForTraining,
}

impl TrainingEncoder for ChainTraining {
    fn transform(&self, mut input: FitInput<'_>) -> Result<Table> {
        let mut indicators = Vec::new();
        let table = staged(&self.before, &mut input, &mut indicators)?;
        with_indicators(made_by(&self.last, &mut input, &table)?, indicators)
    }
}

impl ChainAccumulator {
    /// `None` if a stage needs all rows in memory.
    pub(super) fn boxed(chain: &Chain) -> Option<Box<dyn Accumulator>> {
        let transformers = chain.stages.iter().map(|stage| stage.get().ok()).collect::<Option<Vec<_>>>()?;
        if transformers.is_empty() || transformers.iter().any(|transformer| transformer.accumulator().is_none()) {
            return None;
        }
        let (chain, fitted) = (chain.clone(), Vec::new());
        Some(Box::new(ChainAccumulator { chain, transformers, fitted, learning: None, first: None }))
    }

    /// Appends the stage that an accumulator has fitted.
    fn push(&mut self, learned: Box<dyn Accumulator>) -> Result<()> {
        let (fitted, training) = learned.finish_training()?;
        let transformer = Arc::clone(&self.transformers[self.fitted.len()]);
        self.fitted.push((FittedStep::new(transformer, fitted), training));
        Ok(())
    }

    /// Fits the following stages that learn nothing from rows, and begins with the one after them.
    fn begin_stage(&mut self) -> Result<()> {
        self.learning = None;
        let Some(first) = self.first.take() else { return Ok(()) };
        while let Some(transformer) = self.transformers.get(self.fitted.len()).cloned() {
            let begin = || transformer.accumulator().ok_or_else(|| self.misused("one that needs all rows", "others"));
            let mut probe = begin()?;
            let mut input = first.input()?;
            let columns = staged(&self.fitted, &mut input, &mut Vec::new())?;
            // An error of the row is reported when its whole block is checked.
            if probe.update(input.part(&columns)).is_err() || probe.needs_more_rows() {
                self.learning = Some(begin()?);
                break;
            }
            self.push(probe)?;
        }
        self.first = Some(first);
        Ok(())
    }

    /// The fitted stages, after the last pass.
    fn stages(mut self) -> Result<(Chain, Vec<FittedForTraining>)> {
        if self.first.is_none() {
            let what = format!("the accumulator of {}", self.chain.class_name());
            return Err(Error::Empty { what, advice: "update it with at least one row".into() });
        }
        if let Some(learning) = self.learning.take() {
            self.push(learning)?;
            // Stages that learn nothing need no call of `next_pass`.
            self.begin_stage()?;
        }
        match self.learning.is_none() && self.fitted.len() == self.transformers.len() {
            true => Ok((self.chain, self.fitted)),
            false => {
                let value = format!("{} of {} fitted", self.fitted.len(), self.transformers.len());
                Err(self.misused(&value, "next_pass() after each pass, and another pass as long as it returns true"))
            }
        }
    }

    fn misused(&self, value: &str, expected: &str) -> Error {
        Error::argument(format!("the accumulator of {}", self.chain.class_name()), "stages", value, expected)
    }
}

impl Accumulator for ChainAccumulator {
    fn update(&mut self, mut input: FitInput<'_>) -> Result<()> {
        if input.columns().nrows() == 0 {
            return Ok(());
        }
        if self.first.is_none() {
            self.first = Some(ChainSample::of(&input));
            self.begin_stage()?;
        }
        let columns = staged(&self.fitted, &mut input, &mut Vec::new())?;
        match &mut self.learning {
            Some(learning) => learning.update(input.part(&columns)),
            None => Ok(()),
        }
    }

    fn merge(&mut self, later: Box<dyn Accumulator>) -> Result<()> {
        let later: Box<dyn Any> = later;
        let later = match later.downcast::<ChainAccumulator>() {
            Ok(later) if later.chain == self.chain => *later,
            _ => return Err(self.misused("those of another transformer", "one of the same chain")),
        };
        if later.first.is_none() {
            return Ok(());
        }
        if self.first.is_none() {
            *self = later;
            return Ok(());
        }
        match (&mut self.learning, later.learning) {
            (Some(one), Some(other)) if self.fitted.len() == later.fitted.len() => one.merge(other),
            (None, None) => Ok(()),
            _ => Err(self.misused("those of another pass", "accumulators of the same pass over the rows")),
        }
    }

    /// The number of fitted stages, and the state that the next one has learned in this pass.
    fn pass_state(&self) -> Result<Option<Value>> {
        let learning = match &self.learning {
            None => None,
            Some(learning) => match learning.pass_state()? {
                // A stage that stays in its process keeps the chain there.
                None => return Ok(None),
                state => state,
            },
        };
        pass_state_of(&self.chain.class_name(), &(self.fitted.len(), learning))
    }

    fn join_states(&mut self, states: Vec<Value>) -> Result<()> {
        let item = self.chain.class_name();
        let mut of_stage = Vec::new();
        for state in states {
            let (fitted, learning): (usize, Option<Value>) = of_pass_state(&item, state)?;
            if fitted != self.fitted.len() || learning.is_some() != self.learning.is_some() {
                return Err(self.misused("those of another pass", "accumulators of the same pass over the rows"));
            }
            of_stage.extend(learning);
        }
        self.learning.as_mut().map_or(Ok(()), |learning| learning.join_states(of_stage))
    }

    fn next_pass(&mut self) -> Result<bool> {
        let Some(mut learning) = self.learning.take() else { return Ok(false) };
        if learning.next_pass()? {
            self.learning = Some(learning);
            return Ok(true);
        }
        self.push(learning)?;
        self.begin_stage()?;
        Ok(self.learning.is_some())
    }

    fn needs_more_rows(&self) -> bool {
        self.first.is_none() || self.learning.as_ref().is_some_and(|learning| learning.needs_more_rows())
    }

    fn finish(self: Box<Self>) -> Result<Arc<dyn FittedTransformer>> {
        self.finish_training().map(|(fitted, _)| fitted)
    }

    fn finish_training(self: Box<Self>) -> Result<(Arc<dyn FittedTransformer>, Option<BoxedTrainingEncoder>)> {
        let (chain, mut stages) = self.stages()?;
        let fitted = chain.of_fitted(stages.iter().map(|(step, _)| step.clone()).collect())?;
        let differs = stages.iter().any(|(_, training)| training.is_some());
        let training = stages.pop().filter(|_| differs).map(|last| {
            let training: BoxedTrainingEncoder = Box::new(ChainTraining { before: stages, last });
            training
        });
        Ok((fitted, training))
    }
}

#[cfg(test)]
mod tests {
    use super::super::transformer::restored;
    use super::super::{MinMaxScaler, OrdinalEncoder, SimpleImputer, StandardScaler, VarianceThreshold};
    use super::*;
    use serde_json::json;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Turns numbers into their negatives, learns nothing, and counts the blocks that it is shown.
    #[derive(Debug)]
    struct Negative;

    static BLOCKS: AtomicUsize = AtomicUsize::new(0);

    #[derive(Debug)]
    struct FittedNegative(Vec<String>);

    struct Names(Option<Vec<String>>);

    impl Spec for Negative {
        fn config(&self) -> Result<Value> {
            Ok(json!({}))
        }
    }

    impl Transformer for Negative {
        fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
            Ok(Arc::new(FittedNegative(input.columns().names().to_vec())))
        }

        fn accumulator(&self) -> Option<Box<dyn Accumulator>> {
            Some(Box::new(Names(None)))
        }

        fn restore(&self, state: Value) -> Result<Arc<dyn FittedTransformer>> {
            Ok(Arc::new(FittedNegative(restored("Negative", state)?)))
        }
    }

    impl Accumulator for Names {
        fn update(&mut self, input: FitInput<'_>) -> Result<()> {
            BLOCKS.fetch_add(1, Ordering::Relaxed);
            self.0 = Some(input.columns().names().to_vec());
            Ok(())
        }

        fn merge(&mut self, _: Box<dyn Accumulator>) -> Result<()> {
            Ok(())
        }

        fn needs_more_rows(&self) -> bool {
            self.0.is_none()
        }

        fn finish(self: Box<Self>) -> Result<Arc<dyn FittedTransformer>> {
            Ok(Arc::new(FittedNegative(self.0.unwrap_or_default())))
        }
    }

    impl FittedTransformer for FittedNegative {
        fn inputs(&self) -> Vec<&str> {
            self.0.iter().map(String::as_str).collect()
        }

        fn outputs(&self) -> Vec<String> {
            self.0.clone()
        }

        fn transform(&self, table: &Table) -> Result<Table> {
            self.0.iter().try_fold(table.select(&self.0)?, |made, name| {
                made.with_numbers(name, table.numbers(name)?.iter().map(|x| -x))
            })
        }

        fn state(&self) -> Result<Value> {
            Ok(json!(self.0))
        }
    }

    fn table() -> Table {
        let gap = |row: u32| if row.is_multiple_of(7) { f64::NAN } else { f64::from(row * 37 % 101) };
        let table = Table::new().with_numbers("a", (0..60).map(gap)).unwrap();
        table.with_numbers("b", (0..60).map(|row| f64::from(row * row % 13))).unwrap()
    }

    /// Fits over blocks of these rows, and returns how many passes that took.
    fn over_blocks(chain: &Chain, rows: usize) -> Result<(Arc<dyn FittedTransformer>, usize)> {
        let table = table();
        let mut accumulator = chain.accumulator().expect("it fits over blocks");
        let mut passes = 1;
        loop {
            for start in (0..table.nrows()).step_by(rows) {
                let block: Vec<usize> = (start..(start + rows).min(table.nrows())).collect();
                accumulator.update(FitInput::new(&table.take(&block)?))?;
            }
            if !accumulator.next_pass()? {
                return Ok((accumulator.finish()?, passes));
            }
            passes += 1;
        }
    }

    #[test]
    fn each_stage_that_learns_costs_a_pass_and_others_none() -> Result<()> {
        let fill = || SimpleImputer::constant(0.5).indicator(true);
        for (chain, passes) in [
            (fill().then(MinMaxScaler::new()), 2),
            (Negative.then(fill()).then(Negative).then(MinMaxScaler::new()).then(Negative), 2),
            (Negative.then(MinMaxScaler::new()), 1),
            (MinMaxScaler::new().then(Negative), 1),
            (Negative.then(Negative), 1),
            (fill().then(MinMaxScaler::new().then(Negative)).then(VarianceThreshold::new()), 3),
        ] {
            let whole = chain.fit(FitInput::new(&table()))?;
            for rows in [1, 7, 60] {
                let (fitted, found) = over_blocks(&chain, rows)?;
                assert_eq!((fitted.state()?, found), (whole.state()?, passes), "{chain:?} in blocks of {rows}");
            }
        }
        BLOCKS.store(0, Ordering::Relaxed);
        let mut accumulator = Negative.then(Negative).accumulator().expect("it fits over blocks");
        assert!(accumulator.needs_more_rows());
        accumulator.update(FitInput::new(&table().head(0)))?;
        accumulator.update(FitInput::new(&table()))?;
        assert!(!accumulator.needs_more_rows());
        Ok(())
    }

    #[test]
    fn parts_that_are_merged_in_order_are_the_whole() -> Result<()> {
        let chain = Negative.then(MinMaxScaler::new()).then(Negative);
        let of = |rows: std::ops::Range<usize>| -> Result<Box<dyn Accumulator>> {
            let mut part = chain.accumulator().expect("it fits over blocks");
            part.update(FitInput::new(&table().take(&rows.collect::<Vec<_>>())?))?;
            Ok(part)
        };
        let whole = chain.fit(FitInput::new(&table()))?.state()?;
        let (mut left, mut middle) = (of(0..10)?, of(10..35)?);
        left.merge(of(10..35)?)?;
        left.merge(of(35..60)?)?;
        middle.merge(of(35..60)?)?;
        let mut right = of(0..0)?;
        right.merge(of(0..10)?)?;
        right.merge(middle)?;
        right.merge(of(0..0)?)?;
        for mut merged in [left, right] {
            assert!(!merged.next_pass()?);
            assert_eq!(merged.finish()?.state()?, whole);
        }
        let mut other = of(0..10)?;
        let error = other.merge(Negative.then(Negative).accumulator().expect("it fits")).unwrap_err().to_string();
        assert!(error.contains("the same chain"), "{error}");
        Ok(())
    }

    #[test]
    fn missing_passes_are_named() -> Result<()> {
        let chain = MinMaxScaler::new().then(StandardScaler::new());
        let fresh = || chain.accumulator().expect("it fits over blocks");
        assert!(matches!(fresh().finish(), Err(Error::Empty { .. })));
        let mut unfinished = fresh();
        unfinished.update(FitInput::new(&table()))?;
        let message = unfinished.finish().map(drop).unwrap_err().to_string();
        assert!(message.contains("1 of 2 fitted") && message.contains("next_pass"), "{message}");
        let mut words = OrdinalEncoder::new().then(MinMaxScaler::new()).accumulator().expect("it fits over blocks");
        assert!(words.update(FitInput::new(&table())).is_ok());
        Ok(())
    }
}
