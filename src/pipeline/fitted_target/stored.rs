//! A fitted target of a file.

use super::super::Task;
use super::labels::ascending;
use super::number_target::NumberTarget;
use super::state::FittedTarget;
use crate::items::json::from_value;
use crate::preprocessing::Value;
use crate::sorting;
use crate::{Error, Result};
use std::mem;

impl FittedTarget {
    /// The target of a file.
    pub(in super::super) fn from_config(config: serde_json::Value) -> Result<FittedTarget> {
        let target: FittedTarget = from_value(config).map_err(|reason| Error::configuration("Target", reason))?;
        target.check()?;
        Ok(target)
    }

    /// Whether the parts of a file fit together.
    fn check(&self) -> Result<()> {
        self.target.check()?;
        let task = self.task();
        let (count, needed) = (self.labels.len(), if task.is_regression() { self.target.columns.len() } else { 0 });
        let wrong = |reason: String| Err(Error::configuration("Target", reason));
        match task {
            Task::Binary if count != 2 => return wrong(format!("it has {count} labels; expected 2")),
            Task::Multiclass if count < 2 => return wrong(format!("it has {count} labels; expected at least 2")),
            _ if !task.has_classes() && count > 0 => return wrong(format!("it has labels; expected none of a {task}")),
            _ => {}
        }
        let mut sorted: Vec<&Value> = self.labels.iter().collect();
        sorting::by(&mut sorted, |a, b| ascending(a, b));
        if let Some(pair) = sorted.windows(2).find(|pair| mem::discriminant(pair[0]) != mem::discriminant(pair[1])) {
            let (first, second) = (pair[0], pair[1]);
            return wrong(format!(
                "its labels are of several types, as {first} and {second}; expected those of one column"
            ));
        }
        if let Some(pair) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
            return wrong(format!("it has the label {} twice; expected each once", pair[0]));
        }
        if self.numbers.len() != needed {
            return wrong(format!("it has the means of {} columns; expected those of {needed}", self.numbers.len()));
        }
        let fits = |n: &NumberTarget| {
            let all = [n.mean, n.scale, n.low, n.high];
            n.scale > 0.0 && n.low <= n.high && all.iter().all(|number| number.is_finite())
        };
        match self.numbers.iter().all(fits) {
            true => Ok(()),
            false => wrong("expected finite numbers, of which scale is above 0 and low is at most high".into()),
        }
    }
}
