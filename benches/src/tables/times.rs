use super::Outcome;
use perceptra::preprocessing::{CsvOptions, Table};
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

const HEADER: &str = "set,split,fit_wall,fit_cpu,predict_wall,predict_cpu";

/// Seconds of a fit and of the prediction of the test rows: elapsed, and of the processor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Times {
    pub fit_wall: f64,
    pub fit_cpu: f64,
    pub predict_wall: f64,
    pub predict_cpu: f64,
}

impl Times {
    /// The processor seconds of fit and prediction.
    pub fn processor(&self) -> f64 {
        self.fit_cpu + self.predict_cpu
    }
}

/// The file `times.csv` of a method.
#[derive(Debug, Clone, Default)]
pub struct TimesFile {
    path: PathBuf,
    lines: Vec<(String, usize, Times)>,
}

impl TimesFile {
    /// Reads the file of a folder; without lines if there is none.
    ///
    /// # Errors
    ///
    /// For a file that cannot be read or lacks a column.
    pub fn of(folder: &Path) -> Outcome<TimesFile> {
        let path = folder.join("times.csv");
        if !path.exists() {
            return Ok(TimesFile { path, lines: Vec::new() });
        }
        let numbers = HEADER.split(',').skip(1);
        let lines = lines(&CsvOptions::new().strings(["set"]).numbers(numbers).header(true).read(&path)?)?;
        Ok(TimesFile { path, lines })
    }

    /// The times of a split of a set; of a split that was measured again the last ones.
    pub fn get(&self, set: &str, split: usize) -> Option<Times> {
        let found = self.lines.iter().rev().find(|(name, number, _)| name == set && *number == split);
        found.map(|(_, _, times)| *times)
    }

    /// Adds a line to the file.
    ///
    /// # Errors
    ///
    /// For a file that cannot be written.
    pub fn add(&mut self, set: &str, split: usize, times: Times) -> Outcome<()> {
        let is_new = !self.path.exists();
        let mut file = OpenOptions::new().create(true).append(true).open(&self.path)?;
        if is_new {
            writeln!(file, "{HEADER}")?;
        }
        let Times { fit_wall, fit_cpu, predict_wall, predict_cpu } = times;
        writeln!(file, "{set},{split},{fit_wall:.3},{fit_cpu:.3},{predict_wall:.3},{predict_cpu:.3}")?;
        self.lines.push((set.to_owned(), split, times));
        Ok(())
    }
}

fn lines(table: &Table) -> Outcome<Vec<(String, usize, Times)>> {
    let sets = table.strings("set")?;
    let column = |name| table.numbers(name);
    let (splits, fit_wall, fit_cpu) = (column("split")?, column("fit_wall")?, column("fit_cpu")?);
    let (predict_wall, predict_cpu) = (column("predict_wall")?, column("predict_cpu")?);
    let line = |row: usize| {
        let times = Times {
            fit_wall: fit_wall[row],
            fit_cpu: fit_cpu[row],
            predict_wall: predict_wall[row],
            predict_cpu: predict_cpu[row],
        };
        Some((sets.get(row)?.to_owned(), splits[row] as usize, times))
    };
    Ok((0..table.nrows()).filter_map(line).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_of_a_split_counts_and_comes_back_from_the_file() {
        let folder = std::env::temp_dir().join(format!("perceptra_times_{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let times = |fit_cpu| Times { fit_wall: 1.0, fit_cpu, predict_wall: 0.25, predict_cpu: 0.5 };
        let mut file = TimesFile::of(&folder).unwrap();
        assert_eq!(file.get("a", 0), None);
        for (set, split, fit_cpu) in [("a", 0, 2.0), ("a", 1, 3.0), ("a", 0, 4.0)] {
            file.add(set, split, times(fit_cpu)).unwrap();
        }
        let read = TimesFile::of(&folder).unwrap();
        for file in [&file, &read] {
            assert_eq!(file.get("a", 0), Some(times(4.0)));
            assert_eq!(file.get("a", 1).unwrap().processor(), 3.5);
            assert_eq!(file.get("b", 0), None);
        }
        std::fs::remove_dir_all(folder).unwrap();
    }
}
