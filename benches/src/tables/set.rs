use super::Outcome;
use perceptra::pipeline::{Target, Task};
use perceptra::preprocessing::{CsvOptions, Table};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// The column that is predicted.
pub(super) const TARGET: &str = "target";

/// One table, its target, and its splits.
#[derive(Debug, Clone)]
pub struct Set {
    /// The name of the table's file.
    pub name: String,
    /// Binary, multiclass or regression.
    pub task: Task,
    /// The number of classes, 0 for numbers.
    pub(super) classes: usize,
    pub(super) table: Table,
    /// The name and the part of each row, 0, 1 or 2, for each split.
    parts: Table,
}

/// One of the three parts of a split.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Train = 0,
    Validation = 1,
    Test = 2,
}

/// Reads the sets of a folder with these names, or all sets if no name is given, from `meta.json`.
///
/// # Errors
///
/// For a file that cannot be read or does not have the form that `benches/tables/README.md` describes, and an unknown name.
pub fn sets_of(folder: &Path, names: &[String]) -> Outcome<Vec<Set>> {
    let path = folder.join("meta.json");
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let meta: Value = serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    let described = meta.as_object().ok_or("meta.json: expected an object with a key for each set")?;
    if let Some(name) = names.iter().find(|name| !described.contains_key(*name)) {
        let known: Vec<&str> = described.keys().map(String::as_str).collect();
        return Err(format!("there is no set {name} in meta.json; there are: {}", known.join(", ")).into());
    }
    let chosen = described.iter().filter(|(name, _)| names.is_empty() || names.contains(name));
    chosen.map(|(name, described)| Set::read(folder, name, described)).collect()
}

impl Set {
    fn read(folder: &Path, name: &str, described: &Value) -> Outcome<Set> {
        let strings = |key: &str| -> Outcome<Vec<String>> {
            let invalid = || format!("meta.json: expected a list of names of columns as {key} of {name}");
            let list = described[key].as_array().ok_or_else(invalid)?;
            list.iter().map(|value| Ok(value.as_str().ok_or_else(invalid)?.to_owned())).collect()
        };
        let task = match described["task"].as_str() {
            Some("binary") => Task::Binary,
            Some("multiclass") => Task::Multiclass,
            Some("regression") => Task::Regression,
            _ => return Err(format!("meta.json: the task of {name} is not binary, multiclass or regression").into()),
        };
        let classes = match task {
            Task::Regression => 0,
            _ => described["classes"].as_u64().ok_or_else(|| format!("meta.json: {name} lacks classes"))? as usize,
        };
        let (numbers, categories) = (strings("numbers")?, strings("categories")?);
        let table = CsvOptions::new()
            .missing([""])
            .numbers(numbers.iter().map(String::as_str).chain([TARGET]))
            .strings(&categories)
            .read(folder.join(format!("{name}.csv")))?
            .select(numbers.iter().chain(&categories).map(String::as_str).chain([TARGET]))?;
        let parts = Table::read_csv(folder.join(format!("splits/{name}.csv")))?;
        Set::new(name, task, classes, table, parts)
    }

    /// Checks that parts and targets are in their ranges.
    pub(super) fn new(name: &str, task: Task, classes: usize, table: Table, parts: Table) -> Outcome<Set> {
        if parts.nrows() != table.nrows() {
            return Err(format!("{name}: {} rows, but the splits have {}", table.nrows(), parts.nrows()).into());
        }
        for split in parts.names() {
            if let Some(part) = parts.numbers(split)?.iter().find(|part| ![0.0, 1.0, 2.0].contains(*part)) {
                return Err(format!("{name}: {part} in {split} of its splits, expected 0, 1 or 2").into());
            }
        }
        let target = table.numbers(TARGET)?;
        let is_valid = |y: f64| match task {
            Task::Regression => y.is_finite(),
            _ => y >= 0.0 && y < classes as f64 && y.fract() == 0.0,
        };
        if let Some(y) = target.iter().find(|y| !is_valid(**y)) {
            return Err(format!("{name}: {y} in {TARGET}, expected a number or a class below {classes}").into());
        }
        Ok(Set { name: name.to_owned(), task, classes, table, parts })
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.table.nrows()
    }

    /// The numbers of the splits: the requested ones, or all.
    ///
    /// # Errors
    ///
    /// For a split that the set does not have.
    pub fn splits(&self, asked: &[usize]) -> Outcome<Vec<usize>> {
        let known: Vec<usize> =
            self.parts.names().iter().filter_map(|name| name.strip_prefix('s')?.parse().ok()).collect();
        match asked.iter().find(|split| !known.contains(split)) {
            Some(split) => Err(format!("{}: there is no split {split}; there are: {known:?}", self.name).into()),
            None => Ok(known.into_iter().filter(|split| asked.is_empty() || asked.contains(split)).collect()),
        }
    }

    /// The positions of the rows of a part, ascending.
    pub(super) fn rows_of(&self, split: usize, part: Part) -> Outcome<Vec<usize>> {
        let parts = self.parts.numbers(&format!("s{split}"))?;
        Ok((0..parts.len()).filter(|&row| parts[row] == f64::from(part as u8)).collect())
    }

    /// The target of a pipeline.
    pub(super) fn target(&self) -> Target {
        match self.task {
            Task::Binary => Target::binary(TARGET),
            Task::Multiclass => Target::multiclass(TARGET),
            _ => Target::regression(TARGET),
        }
    }

    /// The names of the columns of a file of predictions after `row`.
    pub(super) fn prediction_names(&self) -> Vec<String> {
        match self.task {
            Task::Regression => vec!["prediction".into()],
            _ => (0..self.classes).map(|class| format!("p{class}")).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> std::path::PathBuf {
        let unique = format!("perceptra_tables_{}_{:p}", std::process::id(), files);
        let folder = std::env::temp_dir().join(unique);
        fs::create_dir_all(folder.join("splits")).unwrap();
        for (name, text) in files {
            fs::write(folder.join(name), text).unwrap();
        }
        folder
    }

    const META: &str = r#"{"a": {"task": "binary", "numbers": ["n"], "categories": ["c", "d"], "classes": 2}}"#;

    #[test]
    fn only_an_empty_field_is_missing_and_categories_are_strings() {
        let files = [
            ("meta.json", META),
            ("a.csv", "d,n,c,target\n1,0.5,NA,0\n2,,,1\n1,7,None,1\n"),
            ("splits/a.csv", "s0,s1\n0,2\n1,0\n2,1\n"),
        ];
        let folder = folder(&files);
        let sets = sets_of(&folder, &[]).unwrap();
        let set = &sets[0];
        assert_eq!(set.table.names(), ["n", "c", "d", "target"]);
        assert!(set.table.numbers("n").unwrap()[1].is_nan());
        assert_eq!(set.table.strings("c").unwrap().iter().collect::<Vec<_>>(), [Some("NA"), None, Some("None")]);
        assert_eq!(set.table.strings("d").unwrap().get(0), Some("1"));
        assert_eq!(set.splits(&[]).unwrap(), [0, 1]);
        assert_eq!(set.splits(&[1]).unwrap(), [1]);
        assert!(set.splits(&[2]).unwrap_err().to_string().contains("[0, 1]"));
        assert_eq!(set.rows_of(1, Part::Validation).unwrap(), [2]);
        assert!(sets_of(&folder, &["b".into()]).unwrap_err().to_string().contains("there are: a"));
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn unfit_parts_and_targets_are_refused() {
        let table = Table::new().with_numbers(TARGET, [0.0, 2.0]).unwrap();
        let message = |classes, parts: &[f64]| {
            let parts = Table::new().with_numbers("s0", parts.iter().copied()).unwrap();
            Set::new("a", Task::Multiclass, classes, table.clone(), parts).unwrap_err().to_string()
        };
        assert!(message(3, &[0.0]).contains("the splits have 1"));
        assert!(message(3, &[0.0, 3.0]).contains("0, 1 or 2"));
        assert!(message(2, &[0.0, 1.0]).contains("a class below 2"));
    }
}
