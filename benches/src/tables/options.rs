use super::Outcome;
use std::path::PathBuf;

/// The arguments of the program: `FOLDER [--out DIR] [--sets a,b] [--splits 0,1] [--members N] [--validated] [--only-score]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// The tables, their splits and the predictions of other methods.
    pub folder: PathBuf,
    /// The folder for predictions and times.
    pub out: PathBuf,
    /// The names of the sets, all if empty.
    pub sets: Vec<String>,
    /// The numbers of the splits, all if empty.
    pub splits: Vec<usize>,
    /// The number of networks, if not the pipeline's default.
    pub members: Option<usize>,
    /// Whether the fit uses the validation rows of the split.
    pub validated: bool,
    /// Whether to score the existing predictions in `out` without a fit.
    pub only_score: bool,
}

impl Options {
    /// Reads the arguments of the command line; if an option occurs twice, the last one counts.
    ///
    /// # Errors
    ///
    /// For an unknown option, an option without its value or with one that cannot be read, and any number of folders but one.
    pub fn parse(arguments: impl IntoIterator<Item = String>) -> Outcome<Options> {
        let mut arguments = arguments.into_iter();
        let mut folders = Vec::new();
        let mut options = Options {
            folder: PathBuf::new(),
            out: PathBuf::from("target/tables"),
            sets: Vec::new(),
            splits: Vec::new(),
            members: None,
            validated: false,
            only_score: false,
        };
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value"));
            match argument.as_str() {
                "--out" => options.out = PathBuf::from(value()?),
                "--sets" => options.sets = list(&value()?),
                "--splits" => {
                    options.splits =
                        list(&value()?).iter().map(|split| number(&argument, split)).collect::<Outcome<_>>()?;
                }
                "--members" => match number(&argument, &value()?)? {
                    0 => return Err("--members must be at least 1".into()),
                    members => options.members = Some(members),
                },
                "--validated" => options.validated = true,
                "--only-score" => options.only_score = true,
                _ if argument.starts_with('-') => return Err(format!("there is no option {argument}").into()),
                _ => folders.push(argument),
            }
        }
        match <[String; 1]>::try_from(folders) {
            Ok([folder]) => Ok(Options { folder: folder.into(), ..options }),
            Err(folders) => Err(format!("expected one folder with tables, got {}", folders.len()).into()),
        }
    }
}

/// The parts between commas.
fn list(value: &str) -> Vec<String> {
    value.split(',').map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

fn number(option: &str, value: &str) -> Outcome<usize> {
    value.parse().map_err(|_| format!("{option} expects whole numbers, got {value}").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Outcome<Options> {
        Options::parse(line.split(' ').map(str::to_owned))
    }

    #[test]
    fn all_options_are_read_and_the_last_of_one_counts() {
        let options =
            parse("--out a data --sets wine,bike --splits 0,3 --members 2 --validated --only-score --out b").unwrap();
        let expected = Options {
            folder: "data".into(),
            out: "b".into(),
            sets: vec!["wine".into(), "bike".into()],
            splits: vec![0, 3],
            members: Some(2),
            validated: true,
            only_score: true,
        };
        assert_eq!(options, expected);
        assert_eq!(parse("data").unwrap().out, PathBuf::from("target/tables"));
    }

    #[test]
    fn invalid_arguments_are_named() {
        let message = |line| parse(line).unwrap_err().to_string();
        assert!(message("data --seed 1").contains("--seed"));
        assert!(message("data --splits").contains("--splits needs a value"));
        assert!(message("data --splits 0,x").contains("got x"));
        assert!(message("data --members 0").contains("at least 1"));
        assert!(message("--only-score").contains("one folder"));
        assert!(message("a b").contains("got 2"));
    }
}
