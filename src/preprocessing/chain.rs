//! Chains of transformers, each applied to the output of the previous one.

use super::chain_accumulator::ChainAccumulator;
use super::missing_numbers::name_given_twice;
pub use super::transformer::Chain;
use super::transformer::{
    Accumulator, Features, FittedStep, leaves_no_numbers, restored, with_indicators, without_indicators,
};
use super::{Column, ColumnKind, FitInput, FittedTransformer, RowValue, Table, Transformer};
use crate::Dependence;
use crate::error::counted;
use crate::items::{IntoItem, Item, Spec, invalid};
use crate::lists::{joined, try_map};
use crate::{Error, Result};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;

impl Chain {
    /// Appends `next` as the last transformer.
    #[must_use]
    pub fn then<M>(mut self, next: impl IntoItem<dyn Transformer, M>) -> Chain {
        self.stages.push(next.into_item());
        self
    }

    /// Fits each stage to the output of the one before.
    fn fit_stages(&self, mut input: FitInput<'_>) -> Result<FittedStages> {
        let table = input.columns().clone();
        let mut fit = FittedStages { stages: Vec::new(), table, indicators: Vec::new(), made: None, differs: false };
        for stage in &self.stages {
            let transformer = stage.get()?;
            if let Some(before) = fit.stages.last() {
                fit.differs |= fit.made.is_some();
                let made = match fit.made.take() {
                    Some(made) => made,
                    None => before.fitted.transform(&fit.table)?,
                };
                fit.table = without_indicators(&*before.fitted, made, &mut fit.indicators)?;
            }
            let (fitted, made) = transformer.fit_transform(input.part(&fit.table))?;
            fit.stages.push(FittedStep::new(transformer, fitted));
            fit.made = made;
        }
        Ok(fit)
    }

    /// Creates the chain.
    ///
    /// # Errors
    ///
    /// A reason if two stages produce a column of the same name.
    fn of_stages(stages: Vec<FittedStep>) -> std::result::Result<FittedChain, String> {
        let before = stages.split_last().map(|(_, before)| before).unwrap_or_default();
        let indicators: Vec<String> = joined(before, |stage| stage.fitted.indicators());
        let links = stages.windows(2).map(|pair| StageLink::of(&pair[0], &pair[1])).collect();
        let chain = FittedChain { stages, indicators, links };
        // Without indicators the names are those of the last transformer, which may be too many for memory.
        let names = if chain.indicators.is_empty() { Vec::new() } else { chain.outputs() };
        match name_given_twice(&names) {
            Some(name) => Err(format!("two of its transformers make a column \"{name}\"")),
            None => Ok(chain),
        }
    }

    /// The chain of stages that were fitted elsewhere.
    pub(super) fn of_fitted(&self, stages: Vec<FittedStep>) -> Result<Arc<dyn FittedTransformer>> {
        Ok(Arc::new(self.fitted(stages)?))
    }

    fn fitted(&self, stages: Vec<FittedStep>) -> Result<FittedChain> {
        let names = "columns of different names; rename the column of the table, or leave the indicator out";
        Chain::of_stages(stages).map_err(|reason| invalid(self, "stages", reason, names))
    }
}

/// The result of [`Chain::fit_stages`].
struct FittedStages {
    stages: Vec<FittedStep>,
    /// The input of the last stage.
    table: Table,
    /// The indicator columns of all stages but the last, for the training rows.
    indicators: Vec<(String, Column)>,
    /// The last stage's output for the training rows, if it differs from that of `transform` (see `Transformer::fit_transform`).
    made: Option<Table>,
    /// Whether an earlier stage's output for the training rows differs from `transform`.
    differs: bool,
}

impl Transformer for Chain {
    /// The columns that the first stage requires; later stages read the outputs of the one before.
    fn required(&self) -> Vec<String> {
        let first = self.stages.first().and_then(|stage| stage.get().ok());
        first.map(|first| first.required()).unwrap_or_default()
    }

    fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
        Ok(Arc::new(self.fitted(self.fit_stages(input)?.stages)?))
    }

    fn fit_transform(&self, input: FitInput<'_>) -> Result<(Arc<dyn FittedTransformer>, Option<Table>)> {
        let FittedStages { stages, table, indicators, made, differs } = self.fit_stages(input)?;
        let made = match (made, stages.last()) {
            (None, Some(last)) if differs => Some(last.fitted.transform(&table)?),
            (made, _) => made,
        };
        let made = made.map(|made| with_indicators(made, indicators)).transpose()?;
        Ok((Arc::new(self.fitted(stages)?), made))
    }

    /// The accumulator for stages that are fitted over blocks: one pass for each stage that learns from rows.
    fn accumulator(&self) -> Option<Box<dyn Accumulator>> {
        ChainAccumulator::boxed(self)
    }

    /// Restores the stages from a list of their states, in order.
    fn restore(&self, state: Value) -> Result<Arc<dyn FittedTransformer>> {
        self.check()?;
        let states: Vec<Value> = restored("Chain", state)?;
        let unreadable = |reason: String| Error::Configuration { item: "Chain".into(), reason };
        if states.len() != self.stages.len() {
            let reason =
                format!("it has {} but {}", counted(self.stages.len(), "stage"), counted(states.len(), "state"));
            return Err(unreadable(reason));
        }
        let step = |(stage, state): (&Item<dyn Transformer>, Value)| {
            let transformer = stage.get()?;
            let fitted = transformer.restore(state)?;
            Ok(FittedStep::new(transformer, fitted))
        };
        let stages = try_map(self.stages.iter().zip(states), step)?;
        Ok(Arc::new(Chain::of_stages(stages).map_err(unreadable)?))
    }
}

/// A chain of fitted transformers, at least one.
#[derive(Debug)]
pub(crate) struct FittedChain {
    pub(crate) stages: Vec<FittedStep>,
    /// The names of the indicators of all stages but the last, which has its own among its columns.
    indicators: Vec<String>,
    /// For each stage but the last, the destination of its columns; `None` if it is not known beforehand.
    links: Option<Vec<StageLink>>,
}

/// The destination of the columns that one stage of a chain makes.
#[derive(Debug)]
struct StageLink {
    /// The columns that the next stage reads, in its order.
    next: Vec<usize>,
    /// Indicators, which are appended to the output of the last stage.
    indicators: Vec<usize>,
}

/// A stage that makes more columns than this is not linked.
const MOST_LINKED: usize = 10_000;

impl StageLink {
    /// The link from a stage to the next one; `None` unless each column that the next one reads is made exactly once.
    fn of(stage: &FittedStep, next: &FittedStep) -> Option<Self> {
        if stage.width > MOST_LINKED {
            return None;
        }
        let (made, apart) = (stage.fitted.outputs(), stage.fitted.indicators());
        if name_given_twice(&made).is_some() {
            return None;
        }
        let places: HashMap<&str, usize> =
            made.iter().enumerate().map(|(place, name)| (name.as_str(), place)).collect();
        let place = |name: &str| places.get(name).copied();
        let is_apart = |name: &str| apart.iter().any(|apart| apart == name);
        let inputs = next.fitted.inputs();
        let next = inputs.into_iter().map(|name| place(name).filter(|_| !is_apart(name))).collect::<Option<_>>()?;
        Some(StageLink { next, indicators: apart.iter().map(|name| place(name)).collect::<Option<_>>()? })
    }
}

/// The last stage of a chain, and the columns that those before it make.
struct LastStage<'a> {
    fitted: &'a dyn FittedTransformer,
    table: Table,
    indicators: Vec<(String, Column)>,
}

impl FittedChain {
    fn before_last(&self, table: &Table) -> Result<Option<LastStage<'_>>> {
        let Some((last, before)) = self.stages.split_last() else { return Ok(None) };
        let mut indicators = Vec::new();
        let table = before.iter().try_fold(table.clone(), |table, stage| {
            without_indicators(&*stage.fitted, stage.fitted.transform(&table)?, &mut indicators)
        })?;
        Ok(Some(LastStage { fitted: &*last.fitted, table, indicators }))
    }
}

impl FittedTransformer for FittedChain {
    fn inputs(&self) -> Vec<&str> {
        self.stages.first().map(|first| first.fitted.inputs()).unwrap_or_default()
    }

    fn outputs(&self) -> Vec<String> {
        let mut names = self.stages.last().map(|last| last.fitted.outputs()).unwrap_or_default();
        names.extend(self.indicators.iter().cloned());
        names
    }

    fn sources(&self) -> Vec<Vec<usize>> {
        let mut known: Vec<(String, Vec<usize>)> =
            self.inputs().into_iter().enumerate().map(|(input, name)| (name.to_owned(), vec![input])).collect();
        let (mut indicators, last) = (Vec::new(), self.stages.len().saturating_sub(1));
        for (index, stage) in self.stages.iter().enumerate() {
            let inputs = stage.fitted.inputs();
            let of_input = |input: usize| {
                let input = inputs.get(input)?;
                known.iter().find(|(name, _)| name == input).map(|(_, of)| of.clone())
            };
            let of_output = |sources: Vec<usize>| {
                let mut all = joined(sources, |input| of_input(input).unwrap_or_default());
                all.sort_unstable();
                all.dedup();
                all
            };
            let sources = stage.fitted.sources().into_iter().map(of_output);
            let mut made: Vec<(String, Vec<usize>)> = stage.fitted.outputs().into_iter().zip(sources).collect();
            if index < last {
                let apart = stage.fitted.indicators();
                let (of_stage, kept) = made.into_iter().partition(|(name, _)| apart.contains(name));
                let of_stage: Vec<_> = of_stage;
                let named = apart.iter().filter_map(|name| of_stage.iter().find(|(known, _)| known == name).cloned());
                indicators.extend(named);
                made = kept;
            }
            known = made;
        }
        known.into_iter().chain(indicators).map(|(_, sources)| sources).collect()
    }

    fn output_kinds(&self) -> Vec<ColumnKind> {
        let Some((last, before)) = self.stages.split_last() else { return Vec::new() };
        let mut kinds = last.fitted.output_kinds();
        for stage in before {
            let indicators = stage.fitted.indicators();
            if !indicators.is_empty() {
                let made: Vec<_> = stage.fitted.outputs().into_iter().zip(stage.fitted.output_kinds()).collect();
                let kind = |name: &String| made.iter().find(|(made, _)| made == name).map(|(_, kind)| *kind);
                kinds.extend(indicators.iter().map(|name| kind(name).unwrap_or(ColumnKind::Numbers)));
            }
        }
        kinds
    }

    /// The indicators of all stages, so that a chain within a chain passes them on.
    fn indicators(&self) -> Vec<String> {
        let mut names = self.stages.last().map(|last| last.fitted.indicators()).unwrap_or_default();
        names.extend(self.indicators.iter().cloned());
        names
    }

    fn width(&self) -> usize {
        self.stages.last().map_or(0, |last| last.width.saturating_add(self.indicators.len()))
    }

    fn transform(&self, table: &Table) -> Result<Table> {
        match self.before_last(table)? {
            Some(last) => with_indicators(last.fitted.transform(&last.table)?, last.indicators),
            None => Ok(table.clone()),
        }
    }

    fn write(&self, table: &Table, features: &mut Features<'_>) -> Result<()> {
        let Some(last) = self.before_last(table)? else { return Ok(()) };
        last.fitted.write(&last.table, features)?;
        let indicators = with_indicators(last.table.select::<&str>([])?, last.indicators)?;
        indicators.names().iter().try_for_each(|name| match ColumnKind::of(indicators.column(name)?) {
            kind @ (ColumnKind::Strings | ColumnKind::Dates) => Err(leaves_no_numbers(name.clone(), kind)),
            _ => features.column(indicators.complete_numbers(name)?),
        })
    }

    fn write_row<'a>(&'a self, values: &[RowValue<'a>], made: &mut Vec<RowValue<'a>>) -> bool {
        let (Some(links), Some((last, before))) = (&self.links, self.stages.split_last()) else { return false };
        let (mut taken, mut of_stage, mut apart) = (values.to_vec(), Vec::new(), Vec::new());
        for (stage, link) in before.iter().zip(links) {
            of_stage.clear();
            if !stage.fitted.write_row(&taken, &mut of_stage) || of_stage.len() != stage.width {
                return false;
            }
            taken.clear();
            taken.extend(link.next.iter().map(|&place| of_stage[place]));
            apart.extend(link.indicators.iter().map(|&place| of_stage[place]));
        }
        let is_whole = last.fitted.write_row(&taken, made);
        made.append(&mut apart);
        is_whole
    }

    fn inverse_transform(&self, table: &Table) -> Result<Table> {
        let is_indicator = |name: &&String| self.indicators.contains(*name);
        let table = table.drop_columns(table.names().iter().filter(is_indicator))?;
        self.stages.iter().rev().try_fold(table, |table, stage| stage.fitted.inverse_transform(&table))
    }

    fn state(&self) -> Result<Value> {
        try_map(self.stages.iter(), |stage| stage.fitted.state()).map(Value::Array)
    }

    /// Composes the dependences of the stages; an indicator column keeps the dependence that its own stage states.
    fn dependences(&self, column: &str) -> Vec<Dependence> {
        let mut known = vec![(column.to_owned(), Dependence::Increasing)];
        let mut indicators = Vec::new();
        let mut last = Vec::new();
        for stage in &self.stages {
            let mut made = vec![Dependence::Independent; stage.width];
            for (name, before) in &known {
                for (made, next) in made.iter_mut().zip(stage.fitted.dependences(name)) {
                    *made = made.and(before.then(next));
                }
            }
            let of_stage = stage.fitted.indicators();
            known.clear();
            for (name, dependence) in stage.fitted.outputs().into_iter().zip(&made) {
                if of_stage.contains(&name) {
                    indicators.push(*dependence);
                } else if *dependence != Dependence::Independent {
                    // What does not depend on the column makes nothing that does: of many columns one is followed.
                    known.push((name, *dependence));
                }
            }
            last = made;
        }
        // Those of the last stage are among its columns.
        last.extend(indicators.into_iter().take(self.indicators.len()));
        last
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ColumnTransformer, FittedColumnTransformer, MinMaxScaler, Record, StandardScaler};
    use super::*;
    use serde_json::json;

    /// Fills missing numbers with 0 and reports where, as a boolean.
    #[derive(Debug)]
    struct ZeroWithFlag;

    #[derive(Debug)]
    struct FittedZeroWithFlag(Vec<String>);

    impl Spec for ZeroWithFlag {
        fn config(&self) -> Result<Value> {
            Ok(json!({}))
        }
    }

    impl Transformer for ZeroWithFlag {
        fn fit(&self, input: FitInput<'_>) -> Result<Arc<dyn FittedTransformer>> {
            Ok(Arc::new(FittedZeroWithFlag(input.columns().names().to_vec())))
        }

        /// It makes of the rows of the fit ten times what it makes of others.
        fn fit_transform(&self, input: FitInput<'_>) -> Result<(Arc<dyn FittedTransformer>, Option<Table>)> {
            let table = input.columns().clone();
            let fitted = self.fit(input)?;
            let made = fitted.transform(&table)?;
            let tenfold =
                |made: Table, name: &String| made.with_numbers(name, made.numbers(name)?.iter().map(|x| 10.0 * x));
            let tenfold = table.names().iter().try_fold(made, tenfold)?;
            Ok((fitted, Some(tenfold)))
        }

        fn restore(&self, state: Value) -> Result<Arc<dyn FittedTransformer>> {
            Ok(Arc::new(FittedZeroWithFlag(restored("ZeroWithFlag", state)?)))
        }
    }

    impl FittedTransformer for FittedZeroWithFlag {
        fn inputs(&self) -> Vec<&str> {
            self.0.iter().map(String::as_str).collect()
        }

        fn outputs(&self) -> Vec<String> {
            self.indicators().into_iter().chain(self.0.iter().cloned()).collect()
        }

        fn output_kinds(&self) -> Vec<ColumnKind> {
            let count = self.0.len();
            [vec![ColumnKind::Booleans; count], vec![ColumnKind::Numbers; count]].concat()
        }

        fn indicators(&self) -> Vec<String> {
            self.0.iter().map(|name| format!("{name}_gap")).collect()
        }

        fn transform(&self, table: &Table) -> Result<Table> {
            let start = self.0.iter().try_fold(table.select::<&str>([])?, |made, name| {
                made.with_booleans(format!("{name}_gap"), table.numbers(name)?.iter().map(|x| x.is_nan()))
            })?;
            self.0.iter().try_fold(start, |made, name| {
                made.with_numbers(name, table.numbers(name)?.iter().map(|x| if x.is_nan() { 0.0 } else { *x }))
            })
        }

        fn inverse_transform(&self, table: &Table) -> Result<Table> {
            assert_eq!(table.names(), self.0, "indicators do not come back");
            Ok(table.clone())
        }

        fn state(&self) -> Result<Value> {
            Ok(json!(self.0))
        }
    }

    fn table() -> Table {
        let table = Table::new().with_numbers("a", [1.0, f64::NAN, 3.0]).unwrap();
        table.with_numbers("b", [4.0, 4.0, f64::NAN]).unwrap()
    }

    /// The states of a chain whose scalers change nothing.
    fn chain_of_unit_ranges() -> Value {
        let unit = Transformer::fit(
            &MinMaxScaler::new(),
            FitInput::new(&Table::new().with_numbers("a", [0.0, 1.0]).unwrap().with_numbers("b", [0.0, 1.0]).unwrap()),
        );
        let unit = unit.unwrap().state().unwrap();
        json!([["a", "b"], unit, unit])
    }

    #[test]
    fn indicators_follow_the_columns_of_the_last_stage() {
        let chain = ZeroWithFlag.then(MinMaxScaler::new()).then(MinMaxScaler::new());
        let fitted = chain.restore(chain_of_unit_ranges()).unwrap();
        assert_eq!(fitted.outputs(), ["a", "b", "a_gap", "b_gap"]);
        let kinds = [ColumnKind::Numbers, ColumnKind::Numbers, ColumnKind::Booleans, ColumnKind::Booleans];
        assert_eq!((fitted.output_kinds(), fitted.width()), (kinds.to_vec(), 4));
        assert_eq!(fitted.indicators(), ["a_gap", "b_gap"]);
        let made = fitted.transform(&table()).unwrap();
        assert_eq!(made.names(), fitted.outputs());
        assert_eq!(made.numbers("a").unwrap(), [1.0, 0.0, 3.0]);
        assert_eq!(made.numbers("b_gap").unwrap(), [0.0, 0.0, 1.0]);
        let back = fitted.inverse_transform(&made).unwrap();
        assert_eq!((back.names().len(), back.numbers("b").unwrap()), (2, &[4.0, 4.0, 0.0][..]));
    }

    #[test]
    fn the_matrix_has_the_columns_of_the_table() {
        let columns = ColumnTransformer::new().add(ZeroWithFlag.then(MinMaxScaler::new()), ["a", "b"]);
        // The scaler learns 0 to 30 and 0 to 40 of the rows of the fit.
        let (fitted, x) = columns.fit_transform::<f64>(&table()).unwrap();
        assert_eq!(fitted.names(), ["a", "b", "a_gap", "b_gap"]);
        let rows = [[1.0 / 3.0, 1.0, 0.0, 0.0], [0.0, 1.0, 1.0, 0.0], [1.0, 0.0, 0.0, 1.0]];
        approx::assert_relative_eq!(x.transpose().as_slice(), rows.concat().as_slice(), max_relative = 1e-15);
        let x = fitted.transform::<f64>(&table()).unwrap();
        let tenth = [[1.0 / 30.0, 0.1, 0.0, 0.0], [0.0, 0.1, 1.0, 0.0], [0.1, 0.0, 0.0, 1.0]];
        approx::assert_relative_eq!(x.transpose().as_slice(), tenth.concat().as_slice(), max_relative = 1e-15);
        let record = fitted.transform_record::<f64>(&Record::new().with("a", 3.0)).unwrap();
        assert_eq!(record, x.row(2));
    }

    #[test]
    fn a_chain_within_a_chain_passes_indicators_on() {
        let inner = ZeroWithFlag.then(StandardScaler::new());
        let fitted = Transformer::fit(&inner.then(MinMaxScaler::new()), FitInput::new(&table())).unwrap();
        let outer = Transformer::then(ZeroWithFlag.then(StandardScaler::new()), MinMaxScaler::new());
        let nested = Transformer::fit(&outer, FitInput::new(&table())).unwrap();
        assert_eq!(nested.outputs(), fitted.outputs());
        let (one, other) = (fitted.transform(&table()).unwrap(), nested.transform(&table()).unwrap());
        assert!(one.names().iter().all(|name| one.numbers(name).unwrap() == other.numbers(name).unwrap()));
        // The last transformer's indicators are among its columns once.
        let last = Transformer::fit(&MinMaxScaler::new().then(ZeroWithFlag), FitInput::new(&table().head(1))).unwrap();
        assert_eq!(last.outputs(), ["a_gap", "b_gap", "a", "b"]);
        assert_eq!(last.indicators(), ["a_gap", "b_gap"]);
    }

    #[test]
    fn two_columns_of_one_name_are_refused() {
        let table = Table::new().with_numbers("a", [1.0]).unwrap();
        let twice = ZeroWithFlag.then(ZeroWithFlag);
        let error = Transformer::fit(&twice, FitInput::new(&table)).unwrap_err().to_string();
        assert!(error.contains("two of its transformers make a column \"a_gap\""), "{error}");
        let state = json!([["a"], ["a"]]);
        assert!(matches!(twice.restore(state), Err(Error::Configuration { .. })));
        assert_eq!(twice.restore(json!([["a"], ["b"]])).unwrap().outputs(), ["b_gap", "b", "a_gap"]);
    }

    #[test]
    fn a_chain_without_indicators_serializes_as_before() {
        let table = Table::new().with_numbers("a", [1.0, 3.0]).unwrap();
        let chain = MinMaxScaler::new().then(StandardScaler::new());
        let fitted = ColumnTransformer::new().add(chain, ["a"]).fit(&table).unwrap();
        let text = serde_json::to_string(&fitted).unwrap();
        assert_eq!(serde_json::from_str::<FittedColumnTransformer>(&text).unwrap(), fitted);
        assert_eq!(fitted.transform::<f64>(&table).unwrap().as_slice(), [-1.0, 1.0]);
    }
}
