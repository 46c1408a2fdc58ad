use super::scores::{accuracy, auc, log_loss, r2, ranks, rmse};
use super::set::{Part, Set, TARGET};
use super::{Outcome, TimesFile, predictions};
use nalgebra::DMatrix;
use perceptra::pipeline::Task;
use std::fs;
use std::path::{Path, PathBuf};

/// The name of the constant prediction, which has a gap of 100.
const CONSTANT: &str = "constant";

/// The scores of one method on a split.
#[derive(Debug, Clone, Copy, PartialEq)]
struct SplitScores {
    /// Log loss or RMSE.
    error: f64,
    /// AUC, accuracy or R².
    score: f64,
    /// Processor seconds of fit and prediction.
    seconds: Option<f64>,
}

/// The means of one method over the splits of a set, or over sets.
#[derive(Debug, Clone, PartialEq)]
pub struct Method {
    pub name: String,
    /// Whether it is the measured method and not one of the peers.
    pub is_measured: bool,
    /// The number of splits with predictions of this method.
    pub splits: usize,
    /// Log loss or RMSE; `None` for means over sets.
    pub error: Option<f64>,
    /// AUC, accuracy or R²; `None` for means over sets.
    pub score: Option<f64>,
    /// `100·(error − best)/(constant − best)`.
    pub gap: Option<f64>,
    /// Among the methods that have the most splits, without the constant prediction.
    pub rank: Option<f64>,
    /// Processor seconds of fit and prediction of a split.
    pub seconds: Option<f64>,
}

/// The methods on each set and in all, in the order of their gaps.
#[derive(Debug, Clone)]
pub struct Comparison {
    pub sets: Vec<(Set, Vec<Method>)>,
    pub all: Vec<Method>,
}

impl Comparison {
    /// Reads the predictions in `out` and in the folders within `peers`, and scores these splits, all if none is named.
    ///
    /// # Errors
    ///
    /// For a file of another form.
    pub fn read(out: &Path, peers: &Path, sets: Vec<Set>, splits: &[usize]) -> Outcome<Comparison> {
        let folders = folders(out, peers)?;
        let mut compared = Vec::new();
        for set in sets {
            let splits = set.splits(splits)?;
            let methods = folders.iter().map(|(_, folder)| scores_in(folder, &set, &splits)).collect::<Outcome<_>>()?;
            let methods = means(&folders, methods);
            compared.push((set, methods));
        }
        let all = over_sets(&compared.iter().map(|(_, methods)| methods.as_slice()).collect::<Vec<_>>());
        Ok(Comparison { sets: compared, all })
    }
}

/// The name and the folder of each method, the measured one first, the others sorted.
fn folders(out: &Path, peers: &Path) -> Outcome<Vec<(String, PathBuf)>> {
    let mut folders = Vec::new();
    if peers.is_dir() {
        let measured = out.canonicalize().ok();
        for entry in fs::read_dir(peers)? {
            let path = entry?.path();
            if path.is_dir() && path.canonicalize().ok() != measured {
                folders.push((path.file_name().unwrap_or_default().to_string_lossy().into_owned(), path));
            }
        }
    }
    folders.sort();
    folders.insert(0, ("pipeline".into(), out.to_owned()));
    Ok(folders)
}

/// The scores on these splits; `None` for those without predictions of the method.
fn scores_in(folder: &Path, set: &Set, splits: &[usize]) -> Outcome<Vec<Option<SplitScores>>> {
    let times = TimesFile::of(folder)?;
    let target = set.table.numbers(TARGET)?;
    let score = |&split: &usize| -> Outcome<Option<SplitScores>> {
        let Some(predictions) = predictions::read(folder, set, split)? else { return Ok(None) };
        let y: Vec<f64> = set.rows_of(split, Part::Test)?.into_iter().map(|row| target[row]).collect();
        let (error, score) = scores(set.task, &y, &predictions);
        Ok(Some(SplitScores { error, score, seconds: times.get(&set.name, split).map(|times| times.processor()) }))
    };
    splits.iter().map(score).collect()
}

/// Log loss with AUC or accuracy, or RMSE with R².
fn scores(task: Task, y: &[f64], predictions: &DMatrix<f64>) -> (f64, f64) {
    if task == Task::Regression {
        let predicted = predictions.as_slice();
        return (rmse(y, predicted), r2(y, predicted));
    }
    let classes: Vec<usize> = y.iter().map(|&class| class as usize).collect();
    let score = match task {
        Task::Binary => {
            // Of rows that do not sum to 1 the same fraction as for the log loss.
            let positive: Vec<f64> = predictions.row_iter().map(|row| row[1] / row.sum()).collect();
            auc(&classes, &positive)
        }
        _ => accuracy(&classes, predictions),
    };
    (log_loss(&classes, predictions), score)
}

/// The means over the splits of a set, without the methods that have none.
fn means(folders: &[(String, PathBuf)], scores: Vec<Vec<Option<SplitScores>>>) -> Vec<Method> {
    let errors: Vec<Vec<Option<f64>>> =
        scores.iter().map(|splits| splits.iter().map(|split| Some((*split)?.error)).collect()).collect();
    // The measured method is not the constant prediction, even if it has its name.
    let constant = folders.iter().skip(1).position(|(name, _)| name == CONSTANT).map(|index| index + 1);
    let complete = complete(&errors, constant);
    let (gaps, ranks) = (gaps(&errors, constant, &complete), split_ranks(&errors, &complete));
    let method = |(index, (name, _)): (usize, &(String, PathBuf))| Method {
        name: name.clone(),
        is_measured: index == 0,
        splits: errors[index].iter().flatten().count(),
        error: mean(errors[index].iter().copied()),
        score: mean(scores[index].iter().map(|split| Some((*split)?.score))),
        gap: mean(gaps[index].iter().copied()),
        rank: mean(ranks[index].iter().copied()),
        seconds: mean(scores[index].iter().map(|split| (*split)?.seconds)),
    };
    let methods = folders.iter().enumerate().map(method).filter(|method| method.splits > 0).collect();
    by_gap(methods)
}

/// The methods other than the constant prediction that have the most splits.
fn complete(errors: &[Vec<Option<f64>>], constant: Option<usize>) -> Vec<usize> {
    let count = |method: &usize| errors[*method].iter().flatten().count();
    let real: Vec<usize> = (0..errors.len()).filter(|method| Some(*method) != constant).collect();
    let most = real.iter().map(count).max().unwrap_or(0);
    real.into_iter().filter(|method| most > 0 && count(method) == most).collect()
}

/// The gaps of each method on each split: to the method among the complete ones that has the least mean error, in percent of the
/// gap of the constant prediction.
fn gaps(errors: &[Vec<Option<f64>>], constant: Option<usize>, complete: &[usize]) -> Vec<Vec<Option<f64>>> {
    let mean_error = |method: usize| mean(errors[method].iter().copied()).unwrap_or(f64::INFINITY);
    let best = complete.iter().copied().min_by(|&a, &b| mean_error(a).total_cmp(&mean_error(b)));
    let gap = |split: usize, error: Option<f64>| {
        let (best, constant) = (errors[best?][split]?, errors[constant?][split]?);
        Some(100.0 * (error? - best) / (constant - best))
    };
    errors.iter().map(|splits| splits.iter().enumerate().map(|(split, &error)| gap(split, error)).collect()).collect()
}

/// The ranks of the complete methods on each split.
fn split_ranks(errors: &[Vec<Option<f64>>], complete: &[usize]) -> Vec<Vec<Option<f64>>> {
    let mut all: Vec<Vec<Option<f64>>> = errors.iter().map(|splits| vec![None; splits.len()]).collect();
    for split in 0..errors.first().map_or(0, Vec::len) {
        let present: Vec<(usize, f64)> =
            complete.iter().filter_map(|&method| Some((method, errors[method][split]?))).collect();
        let values: Vec<f64> = present.iter().map(|(_, error)| *error).collect();
        for ((method, _), rank) in present.iter().zip(ranks(&values)) {
            all[*method][split] = Some(rank);
        }
    }
    all
}

/// The means over sets of the means over splits, for values that a method has on every set.
fn over_sets(sets: &[&[Method]]) -> Vec<Method> {
    let mut names: Vec<(&str, bool)> = Vec::new();
    for method in sets.iter().copied().flatten() {
        if !names.contains(&(method.name.as_str(), method.is_measured)) {
            names.push((&method.name, method.is_measured));
        }
    }
    let method = |(name, is_measured): (&str, bool)| {
        let on = |set: &&[Method]| set.iter().find(|m| m.name == name && m.is_measured == is_measured).cloned();
        let on_sets: Vec<Option<Method>> = sets.iter().map(on).collect();
        let all = |value: fn(&Method) -> Option<f64>| {
            let values: Option<Vec<f64>> = on_sets.iter().map(|method| value(method.as_ref()?)).collect();
            mean(values?.into_iter().map(Some))
        };
        Method {
            name: name.to_owned(),
            is_measured,
            splits: on_sets.iter().flatten().map(|method| method.splits).sum(),
            error: None,
            score: None,
            gap: all(|method| method.gap),
            rank: all(|method| method.rank),
            seconds: all(|method| method.seconds),
        }
    };
    by_gap(names.into_iter().map(method).collect())
}

fn by_gap(mut methods: Vec<Method>) -> Vec<Method> {
    let key = |method: &Method| method.gap.unwrap_or(f64::INFINITY);
    methods.sort_by(|a, b| key(a).total_cmp(&key(b)));
    methods
}

/// The mean of the existing values.
fn mean(values: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    let values: Vec<f64> = values.flatten().collect();
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folders_of(names: &[&str]) -> Vec<(String, PathBuf)> {
        names.iter().map(|name| (name.to_string(), PathBuf::new())).collect()
    }

    fn scored(errors: &[Option<f64>]) -> Vec<Option<SplitScores>> {
        errors.iter().map(|error| error.map(|error| SplitScores { error, score: 1.0 - error, seconds: None })).collect()
    }

    fn of<'a>(methods: &'a [Method], name: &str) -> &'a Method {
        methods.iter().find(|method| method.name == name).unwrap()
    }

    /// By hand: `a` and `b` have both splits with mean errors 0.35 and 0.3, so that `b` is the best although `few` has less on
    /// its one split. Gaps: a 100·(0.3 − 0.4)/(0.9 − 0.4) and 100·(0.4 − 0.2)/(0.6 − 0.2), few 100·(0.1 − 0.4)/0.5.
    #[test]
    fn gaps_are_to_the_best_mean_among_the_methods_with_the_most_splits() {
        let methods = means(
            &folders_of(&["a", "b", "constant", "few", "none"]),
            vec![
                scored(&[Some(0.3), Some(0.4)]),
                scored(&[Some(0.4), Some(0.2)]),
                scored(&[Some(0.9), Some(0.6)]),
                scored(&[Some(0.1), None]),
                scored(&[None, None]),
            ],
        );
        let order: Vec<&str> = methods.iter().map(|method| method.name.as_str()).collect();
        assert_eq!(order, ["few", "b", "a", "constant"]);
        let close = |name: &str, gap: f64| assert!((of(&methods, name).gap.unwrap() - gap).abs() < 1e-12, "{name}");
        close("a", (-20.0 + 50.0) / 2.0);
        close("b", 0.0);
        close("few", -60.0);
        close("constant", 100.0);
        assert_eq!((of(&methods, "a").error, of(&methods, "few").splits), (Some(0.35), 1));
        let ranks: Vec<Option<f64>> = ["a", "b", "constant", "few"].map(|name| of(&methods, name).rank).to_vec();
        assert_eq!(ranks, [Some(1.5), Some(1.5), None, None]);
        assert!(of(&methods, "a").is_measured && !of(&methods, "b").is_measured);
    }

    #[test]
    fn equal_errors_have_equal_ranks_and_without_a_constant_prediction_there_is_no_gap() {
        let methods = means(
            &folders_of(&["constant", "x", "y"]),
            vec![scored(&[Some(0.5)]), scored(&[Some(0.5)]), scored(&[Some(0.1)])],
        );
        assert_eq!(["constant", "x", "y"].map(|name| of(&methods, name).rank), [Some(2.5), Some(2.5), Some(1.0)]);
        assert!(methods.iter().all(|method| method.gap.is_none()));
    }

    #[test]
    fn the_mean_over_sets_weighs_them_equally_and_needs_all_of_them() {
        let method = |name: &str, splits, gap, seconds| Method {
            name: name.into(),
            is_measured: false,
            splits,
            error: Some(1.0),
            score: Some(1.0),
            gap: Some(gap),
            rank: (splits == 5).then_some(gap + 1.0),
            seconds,
        };
        let one = [method("a", 5, 1.0, Some(2.0)), method("b", 1, 0.0, Some(1.0)), method("c", 5, 0.0, None)];
        let two = [method("b", 1, 4.0, None), method("a", 5, 2.0, Some(4.0))];
        let all = over_sets(&[&one, &two]);
        let order: Vec<&str> = all.iter().map(|method| method.name.as_str()).collect();
        assert_eq!(order, ["a", "b", "c"]);
        let expected = Method { gap: Some(1.5), error: None, score: None, splits: 10, ..one[0].clone() };
        assert_eq!(all[0], Method { rank: Some(2.5), seconds: Some(3.0), ..expected });
        assert_eq!((all[1].gap, all[1].rank, all[1].seconds, all[1].splits), (Some(2.0), None, None, 2));
        assert_eq!((all[2].gap, all[2].splits), (None, 5));
    }

    #[test]
    fn the_scores_are_those_of_the_task() {
        let p = DMatrix::from_row_slice(2, 2, &[0.75, 0.25, 0.5, 0.5]);
        let (error, score) = scores(Task::Binary, &[1.0, 0.0], &p);
        assert!((error - 1.5 * 2f64.ln()).abs() < 1e-14 && score == 0.0);
        assert_eq!(scores(Task::Multiclass, &[1.0, 0.0], &p), (error, 0.5));
        let predicted = DMatrix::from_column_slice(2, 1, &[1.0, 2.0]);
        assert_eq!(scores(Task::Regression, &[0.0, 3.0], &predicted), (1.0, 1.0 - 2.0 / 4.5));
    }
}
