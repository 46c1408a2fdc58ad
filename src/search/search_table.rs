//! The trials as a table and as lines of text.

use super::{SearchResult, SearchValue, TrialResult};
use crate::Result;
use crate::error::counted;
use crate::preprocessing::Table;
use crate::significant::significant;
use crate::terminal_lines::{WIDTH, truncated, wrapped};
use std::fmt;

/// The number of trials that `{}` shows.
const SHOWN: usize = 10;
/// The column, counted from 0, at which the arguments begin.
const INDENT: usize = 42;

impl SearchResult {
    /// Returns a table with one row for each trial, the best one first. The columns are `trial`, `score`, `standard_error`,
    /// `same_as_best`, `fraction`, `seconds`, `seed` (a string, since an `f64` does not hold every seed), `failure`, and one for each
    /// argument, which is missing where the argument is absent.
    ///
    /// An argument with the name of one of these columns is in the column `argument_<name>`.
    ///
    /// # Errors
    ///
    /// The errors of [`Table::with_column`].
    pub fn table(&self) -> Result<Table> {
        let trials = || self.trials.iter();
        let mut table = Table::new()
            .with_numbers("trial", trials().map(|trial| trial.number as f64))?
            .with_numbers("score", trials().map(|trial| trial.score))?
            .with_numbers("standard_error", trials().map(|trial| trial.standard_error))?
            .with_booleans("same_as_best", trials().map(|trial| trial.same_as_best))?
            .with_numbers("fraction", trials().map(|trial| trial.fraction))?
            .with_numbers("seconds", trials().map(|trial| trial.seconds))?
            .with_strings("seed", trials().map(|trial| trial.seed.to_string()))?
            .with_column(
                "failure",
                crate::preprocessing::Column::String(trials().map(|trial| trial.failure.as_deref()).collect()),
            )?;
        for argument in self.space.arguments() {
            let mut name = argument.name.clone();
            while table.names().contains(&name) {
                name = format!("argument_{name}");
            }
            let values = || trials().map(|trial| trial.arguments.get(&argument.name));
            table = match argument.domain.scale() {
                Some(_) => table.with_numbers(name, values().map(|value| value.map_or(f64::NAN, as_number)))?,
                None => {
                    let strings = values().map(|value| match value {
                        Some(SearchValue::Choice(choice)) => Some(choice.as_str()),
                        _ => None,
                    });
                    table.with_column(name, crate::preprocessing::Column::String(strings.collect()))?
                }
            };
        }
        Ok(table)
    }

    /// Writes [`table`](Self::table) as a CSV file.
    ///
    /// # Errors
    ///
    /// [`Error::Io`](crate::Error::Io).
    #[cfg(feature = "csv")]
    pub fn write_csv(&self, path: impl AsRef<std::path::Path>) -> Result<()> {
        self.table()?.write_csv(path)
    }
}

/// The value of an argument as a number.
pub(super) fn as_number(value: &SearchValue) -> f64 {
    match value {
        SearchValue::Integer(value) => *value as f64,
        SearchValue::Float(value) => *value,
        SearchValue::Choice(_) => f64::NAN,
    }
}

impl fmt::Display for SearchResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let arrow = if self.greater_is_better { "↑" } else { "↓" };
        let count = self.trials.len();
        write!(f, "{} in {:.1} s, seed {}", counted(count, "trial"), self.elapsed().as_secs_f64(), self.seed())?;
        if self.is_cut() {
            write!(f, ", cut by the time budget")?;
        }
        // A long name of the score is not cut off, but above its column.
        let name = match self.score_name.chars().count() {
            0..=11 => &self.score_name,
            _ => {
                write!(f, "\n{}", wrapped(&format!("score: {}", self.score_name), 2))?;
                "score"
            }
        };
        let score = format!("{name} {arrow}");
        write!(f, "\n  {:>5}  {score:>12}  {:>10} {:>6}  arguments", "trial", "± error", "epochs")?;
        let shown = if f.alternate() { count } else { SHOWN };
        for trial in self.trials.iter().take(shown) {
            row(f, trial)?;
        }
        if count > shown {
            write!(f, "\n  … and {} more; {{:#}} and .table() have all of them", count - shown)?;
        }
        let failed = self.trials.iter().filter(|trial| trial.failure.is_some()).count();
        if failed > 0 {
            write!(f, "\n{} failed; .failure of each states why", counted(failed, "trial"))?;
        }
        let same = self.trials.iter().filter(|trial| trial.same_as_best).count() - 1;
        if same > 0 {
            let (subject, verb) = if same == 1 { ("trial", "differs") } else { ("trials", "differ") };
            write!(f, "\n= {same} {subject} {verb} from the best one by no more than chance")?;
        }
        Ok(())
    }
}

fn row(f: &mut fmt::Formatter<'_>, trial: &TrialResult) -> fmt::Result {
    let mark = if trial.same_as_best { '=' } else { ' ' };
    let number = |value: f64| if value.is_nan() { "-".to_owned() } else { significant(value) };
    let score = if trial.failure.is_some() { "failed".into() } else { number(trial.score) };
    let epochs = format!("{:.0}%", 100.0 * trial.fraction);
    write!(f, "\n{mark} {:>5}  {score:>12}  {:>10} {epochs:>6}  ", trial.number, number(trial.standard_error))?;
    // Arguments that do not fit go into further lines, aligned below the first ones.
    let mut at = INDENT;
    for (index, (name, value)) in trial.arguments.iter().enumerate() {
        let text = format!("{name} {value}");
        let is_last = index + 1 == trial.arguments.iter().count();
        let width = text.chars().count() + usize::from(!is_last);
        if at > INDENT && at + 1 + width > WIDTH {
            write!(f, "\n{:INDENT$}", "")?;
            at = INDENT;
        } else if at > INDENT {
            write!(f, " ")?;
            at += 1;
        }
        // A long name must not make a line longer than the limit.
        let fits = WIDTH - INDENT - usize::from(!is_last);
        write!(f, "{}{}", truncated(&text, fits), if is_last { "" } else { "," })?;
        at += width;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;
    use crate::search::FunctionSearch;

    fn result() -> crate::search::SearchResult {
        let names = ["units_of_the_first_layer", "activation_of_the_first_layer", "score"];
        let space = SearchSpace::new().integer(names[0], 1..=9).choice(names[1], ["relu", "hard_sigmoid"]);
        let space = space.log_float("learning_rate", 1e-6..=1.0).float(names[2], 0.0..=1.0).when(names[0], 1..=4);
        let search = FunctionSearch::new(space, |trial| {
            Ok(if trial.number() % 5 == 0 { f64::NAN } else { trial.float("learning_rate")? })
        });
        search.strategy(RandomSearch::new(40)).seed(3).progress(false).run().unwrap()
    }

    #[test]
    fn lines_have_at_most_80_characters() {
        let result = result();
        for text in [result.to_string(), format!("{result:#}")] {
            assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        }
        assert!(result.to_string().contains("… and 30 more") && !format!("{result:#}").contains("more;"));
        assert!(result.to_string().contains("8 trials failed"), "{result}");
    }

    #[test]
    fn an_argument_of_any_length_fits_behind_the_columns() {
        for length in 30..45 {
            let (one, other) = ("a".repeat(length), "b".repeat(length));
            let space = SearchSpace::new().integer(&one, 1..=9).integer(&other, 1..=9);
            let search = FunctionSearch::new(space, |_| Ok(1.0)).strategy(RandomSearch::new(3)).seed(1).progress(false);
            let shown = search.run().unwrap().to_string();
            assert!(shown.lines().all(|line| line.chars().count() <= 80), "{length}: {shown}");
            assert!(shown.lines().any(|line| line.trim_start().starts_with('b') && line.starts_with(&" ".repeat(40))));
        }
    }

    #[test]
    fn failed_trials_are_last_and_absent_arguments_are_missing() {
        let result = result();
        let table = result.table().unwrap();
        let scores = table.numbers("score").unwrap();
        assert!(scores[..32].windows(2).all(|pair| pair[0] <= pair[1]) && scores[32..].iter().all(|one| one.is_nan()));
        assert_eq!(table.column("failure").unwrap().missing(), 32);
        let argument = table.numbers("argument_score").unwrap();
        let units = table.numbers("units_of_the_first_layer").unwrap();
        assert!(argument.iter().zip(units).all(|(value, units)| value.is_nan() == (*units > 4.0)));
    }
}
