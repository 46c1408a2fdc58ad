//! One split into training and test rows.

use super::classes::Classes;
use super::draw::{Draw, stream};
use super::group_parts::of_whole_groups;
use super::parts::part_sizes;
use super::rows::Rows;
use super::strata::stratified;
use super::time_order::TimeOrder;
use crate::as_column::AsColumn;
use crate::error::{Error, Result};
use crate::random;

/// The name in messages.
const ITEM: &str = "train_test_split";

/// Splits data into training and test rows; the methods of [`TrainTestSplit`] are its options.
///
/// ```
/// use nalgebra::{DMatrix, DVector};
/// use perceptra::model_selection::train_test_split;
///
/// let x = DMatrix::from_fn(10, 2, |row, column| (row + column) as f32);
/// let y = DVector::from_fn(10, |row, _| (row % 2) as f32);
/// let ((x_train, y_train), (x_test, y_test)) =
///     train_test_split((&x, &y)).test_size(0.2).stratify_by(&y).seed(7).split()?;
/// assert_eq!((x_train.nrows(), y_train.sum()), (8, 4.0));
/// assert_eq!((x_test.nrows(), y_test.sum()), (2, 1.0));
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # References
///
/// scikit-learn, *sklearn.model_selection.train_test_split*.
pub fn train_test_split<D: Rows>(data: D) -> TrainTestSplit<D> {
    TrainTestSplit { data, test_size: 0.25, shuffle: None, seed: None, strata: None, groups: None, time: None }
}

/// The options of [`train_test_split`].
///
/// | option | default |
/// |---|---|
/// | [`test_size`](Self::test_size) | 0.25 |
/// | [`stratify`](Self::stratify), [`stratify_by`](Self::stratify_by) | no |
/// | [`groups`](Self::groups), [`groups_by`](Self::groups_by) | no |
/// | [`time`](Self::time), [`time_by`](Self::time_by) | no |
/// | [`shuffle`](Self::shuffle) | `true`; `false` with a time |
/// | [`seed`](Self::seed) | a random one |
///
/// Of n rows, ⌈n · test size⌉ are for the test and the others for training. Strata, groups and a time exclude each other.
///
/// - With strata, every class gets its fraction of both parts, rounded down; the rows left over by rounding go to the classes
///   with the largest remainders, in random order among equal ones.
/// - With groups, all rows of a group are in the same part, and the test size is a fraction of the groups, not of the rows, as in
///   scikit-learn's `GroupShuffleSplit`.
/// - With a time, the latest rows are the test rows. Rows with the same time stay together: where the boundary would divide them, all of
///   them are for training, which makes the test part smaller. Both parts are in the order of time, rows with the same time in
///   the order of the data.
#[derive(Debug)]
#[must_use = "nothing is split before .split() or .indices()"]
pub struct TrainTestSplit<D> {
    data: D,
    test_size: f64,
    shuffle: Option<bool>,
    seed: Option<u64>,
    strata: Option<Given>,
    groups: Option<Given>,
    time: Option<Given>,
}

/// A number for each row.
#[derive(Debug)]
enum Given {
    Column(String),
    Values(Result<Vec<f64>>),
}

impl Given {
    /// The numbers, which `column` finds in the data for a name.
    fn values(self, count: usize, right: &'static str, column: impl Fn(&str) -> Result<Vec<f64>>) -> Result<Vec<f64>> {
        let values = match self {
            Given::Column(name) => column(&name)?,
            Given::Values(values) => values?,
        };
        match values.len() {
            rows if rows == count => Ok(values),
            right_rows => Err(Error::Rows { left: "the data", left_rows: count, right, right_rows }),
        }
    }
}

impl<D: Rows> TrainTestSplit<D> {
    /// The fraction of the rows that are for the test, between 0 and 1. Defaults to 0.25.
    pub fn test_size(mut self, test_size: f64) -> TrainTestSplit<D> {
        self.test_size = test_size;
        self
    }

    /// Keeps the fraction of each value in this column of a table the same in both parts.
    pub fn stratify(mut self, column: impl Into<String>) -> TrainTestSplit<D> {
        self.strata = Some(Given::Column(column.into()));
        self
    }

    /// Keeps the fraction of each of these labels, one per row, the same in both parts.
    pub fn stratify_by(mut self, labels: &(impl AsColumn + ?Sized)) -> TrainTestSplit<D> {
        self.strata = Some(Given::Values(labels.as_column()));
        self
    }

    /// Keeps all rows with the same value in this column of a table in the same part, such as those of one customer.
    pub fn groups(mut self, column: impl Into<String>) -> TrainTestSplit<D> {
        self.groups = Some(Given::Column(column.into()));
        self
    }

    /// Keeps all rows with the same number in the same part; the numbers are one per row.
    pub fn groups_by(mut self, groups: &(impl AsColumn + ?Sized)) -> TrainTestSplit<D> {
        self.groups = Some(Given::Values(groups.as_column()));
        self
    }

    /// Tests on the rows with the largest numbers, or the latest dates, in this column of a table.
    pub fn time(mut self, column: impl Into<String>) -> TrainTestSplit<D> {
        self.time = Some(Given::Column(column.into()));
        self
    }

    /// Tests on the rows with the largest of these numbers, one per row.
    pub fn time_by(mut self, times: &(impl AsColumn + ?Sized)) -> TrainTestSplit<D> {
        self.time = Some(Given::Values(times.as_column()));
        self
    }

    /// Whether rows are drawn at random; otherwise the test rows are the last ones. Defaults to true; with a time, to false.
    pub fn shuffle(mut self, shuffle: bool) -> TrainTestSplit<D> {
        self.shuffle = Some(shuffle);
        self
    }

    /// The seed of the random numbers. Defaults to a random one, so that every split is different.
    pub fn seed(mut self, seed: u64) -> TrainTestSplit<D> {
        self.seed = Some(seed);
        self
    }

    /// Splits the data into the training part and the test part.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a test size that leaves a part without rows, for two of strata, groups and time, for strata or
    /// groups that are not shuffled and a time that is, for a class with a single row, for parts with fewer rows than classes, for a
    /// time that is not finite, and for a boundary in a tie up to the last row; [`Error::Rows`] for labels, groups or times of
    /// another number than rows; [`Error::UnknownColumn`] and [`Error::MissingValue`] for a column that cannot be used.
    pub fn split(mut self) -> Result<(D::Part, D::Part)> {
        let (train, test) = self.rows()?;
        Ok((self.data.take_rows(&train)?, self.data.take_rows(&test)?))
    }

    /// Returns the row numbers of the training part and of the test part.
    ///
    /// # Errors
    ///
    /// The errors of [`split`](Self::split).
    pub fn indices(mut self) -> Result<(Vec<usize>, Vec<usize>)> {
        self.rows()
    }

    fn rows(&mut self) -> Result<(Vec<usize>, Vec<usize>)> {
        let count = self.data.row_count()?;
        self.check_together()?;
        let sizes = part_sizes(ITEM, (count, "row"), self.test_size, None)?;
        let classes = |column: &str| self.data.classes_of(column);
        if let Some(time) = self.time.take() {
            let times = time.values(count, "the times", |column| self.data.numbers_of(column))?;
            return latest(&TimeOrder::from_times(ITEM, &times)?, sizes);
        }
        if let Some(groups) = self.groups.take() {
            let groups = Classes::from_labels(&groups.values(count, "the groups", classes)?)?;
            let mut random = stream(self.seed, Draw::GroupSplit, 0);
            let (mut train, mut test) = of_whole_groups(ITEM, &groups, self.test_size, None, &mut random)?;
            random::shuffle(&mut train, &mut random);
            random::shuffle(&mut test, &mut random);
            return Ok((train, test));
        }
        let mut random = stream(self.seed, Draw::Split, 0);
        if let Some(strata) = self.strata.take() {
            let labels = strata.values(count, "the labels to stratify by", classes)?;
            return stratified(ITEM, &Classes::from_labels(&labels)?, sizes, &mut random);
        }
        let mut order: Vec<usize> = (0..count).collect();
        if self.shuffle != Some(false) {
            random::shuffle(&mut order, &mut random);
        }
        let test = order.split_off(sizes.0);
        Ok((order, test))
    }

    /// Returns an error for options that contradict each other.
    fn check_together(&self) -> Result<()> {
        let refused = |argument, value: &str, expected: &str| Err(Error::argument(ITEM, argument, value, expected));
        match (&self.strata, &self.groups, &self.time) {
            (_, Some(_), Some(_)) => refused(
                "time",
                "given, and groups as well",
                "one of them: a group whose rows are of several times cannot be on one side of a boundary in time",
            ),
            (Some(_), _, Some(_)) => refused(
                "time",
                "given, and strata as well",
                "one of them: the latest rows have the fractions of the classes that they have",
            ),
            (Some(_), Some(_), _) => refused(
                "groups",
                "given, and strata as well",
                "one of them; the first fold of StratifiedGroupKFold splits by both",
            ),
            (_, _, Some(_)) if self.shuffle == Some(true) => {
                refused("shuffle", "true", "false, or left out, where the test rows are the latest ones")
            }
            (Some(_), ..) if self.shuffle == Some(false) => refused("shuffle", "false", "true, which strata need"),
            (_, Some(_), _) if self.shuffle == Some(false) => {
                refused("shuffle", "false", "true, or left out, since groups are drawn at random")
            }
            _ => Ok(()),
        }
    }
}

/// The latest rows as test rows, except for those with the time of the last training row.
fn latest(order: &TimeOrder, (train, test): (usize, usize)) -> Result<(Vec<usize>, Vec<usize>)> {
    let boundary = order.after_tie(train);
    if boundary == order.rows.len() {
        let value = format!("a column in which the last {test} rows have the time of the one before them");
        let expected = "a time after that of the training rows; take a larger test_size or a finer time";
        return Err(Error::argument(ITEM, "time", value, expected));
    }
    Ok((order.rows[..boundary].to_vec(), order.rows[boundary..].to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model_selection::{Folds, FoldsInput, TimeSeriesSplit};
    use crate::preprocessing::{Column, DateTime, DateTimeColumn, IntegerColumn, Table};
    use crate::reference;

    fn counts(rows: &[usize], labels: &[usize], classes: usize) -> Vec<usize> {
        let mut counts = vec![0; classes];
        rows.iter().for_each(|&row| counts[labels[row]] += 1);
        counts
    }

    #[test]
    fn sizes_are_those_of_the_reference() {
        for size in reference::case("split_sizes").numbers("cases").chunks(4) {
            let (train, test) = train_test_split(size[0] as usize).test_size(size[1]).indices().unwrap();
            assert_eq!((train.len() as f64, test.len() as f64), (size[2], size[3]));
        }
    }

    #[test]
    fn classes_get_the_shares_of_the_reference() {
        for case in reference::case("splits").list("cases") {
            let sizes = case.indices("counts");
            let labels: Vec<usize> =
                sizes.iter().enumerate().flat_map(|(class, &size)| std::iter::repeat_n(class, size)).collect();
            let split = train_test_split(labels.len()).test_size(case.numbers("test_size")[0]);
            let (train, test) = split.stratify_by(&labels).seed(3).indices().unwrap();
            assert_eq!(counts(&train, &labels, sizes.len()), case.indices("train"));
            assert_eq!(counts(&test, &labels, sizes.len()), case.indices("test"));
            let mut all = [train, test].concat();
            all.sort_unstable();
            assert_eq!(all, (0..labels.len()).collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_seed_decides() {
        let split = |seed| train_test_split(50).seed(seed).indices().unwrap();
        assert_eq!(split(1), split(1));
        assert_ne!(split(1), split(2));
        let (train, test) = train_test_split(8).shuffle(false).indices().unwrap();
        assert_eq!((train, test), (vec![0, 1, 2, 3, 4, 5], vec![6, 7]));
    }

    #[test]
    fn a_table_is_stratified_by_a_column_of_strings() {
        let homes = (0..40).map(|row| if row % 4 == 0 { "OWN" } else { "RENT" });
        let table = Table::new().with_strings("home", homes).unwrap();
        let (train, test) = train_test_split(&table).test_size(0.3).stratify("home").seed(0).split().unwrap();
        assert_eq!(train.strings("home").unwrap().counts(), [("RENT", 21), ("OWN", 7)]);
        assert_eq!(test.strings("home").unwrap().counts(), [("RENT", 9), ("OWN", 3)]);
    }

    #[test]
    fn impossible_splits_are_refused() {
        for size in [0.0, 1.0, -0.1, 1.5, f64::NAN] {
            assert!(matches!(train_test_split(10).test_size(size).indices(), Err(Error::Argument { .. })));
        }
        assert!(train_test_split(0).indices().is_err());
        assert!(train_test_split(1).indices().is_err());
        let by = |labels: &[u8], split: TrainTestSplit<usize>| split.stratify_by(labels).indices();
        assert!(matches!(by(&[0, 0, 1], train_test_split(3)), Err(Error::Argument { argument: "stratify", .. })));
        assert!(matches!(by(&[0, 0], train_test_split(3)), Err(Error::Rows { .. })));
        assert!(matches!(by(&[0, 0, 1, 1], train_test_split(4)), Err(Error::Argument { argument: "test_size", .. })));
        assert!(matches!(by(&[0, 0, 1, 1], train_test_split(4).shuffle(false)), Err(Error::Argument { .. })));
        assert!(matches!(train_test_split(4).stratify("y").indices(), Err(Error::UnknownColumn { .. })));
    }

    #[test]
    fn no_group_is_on_both_sides() {
        let groups: Vec<usize> = (0..40).map(|row| row * row % 11).collect();
        let split = |seed| train_test_split(40).test_size(0.3).groups_by(&groups).seed(seed).indices().unwrap();
        let of = |rows: &[usize]| rows.iter().map(|&row| groups[row]).collect::<std::collections::BTreeSet<_>>();
        for seed in 0..5 {
            let (train, test) = split(seed);
            // There are six groups.
            assert_eq!((of(&train).len(), of(&test).len()), (4, 2));
            assert!(of(&train).is_disjoint(&of(&test)));
            let mut all = [train, test].concat();
            all.sort_unstable();
            assert_eq!(all, (0..40).collect::<Vec<_>>());
            assert_eq!(split(seed), split(seed));
        }
        let table = Table::new().with_strings("customer_id", ["a", "b", "a", "c", "b"]).unwrap();
        let (train, test) = train_test_split(&table).test_size(0.5).groups("customer_id").seed(1).split().unwrap();
        let [train, test] = [train, test].map(|part| part.strings("customer_id").unwrap().counts().len());
        assert_eq!((train, test), (1, 2));
        let error = train_test_split(3).groups_by(&[1, 1, 1]).indices().unwrap_err();
        assert!(error.to_string().contains("some of the 1 group"), "{error}");
        let missing = Table::new().with_numbers("id", [1.0, f64::NAN]).unwrap();
        assert!(matches!(train_test_split(&missing).groups("id").indices(), Err(Error::MissingValue { .. })));
        assert!(matches!(train_test_split(3).groups_by(&[1, 2]).indices(), Err(Error::Rows { right_rows: 2, .. })));
    }

    #[test]
    fn the_latest_rows_are_the_test_rows() {
        let split = |times: &[f64], size| train_test_split(times.len()).test_size(size).time_by(times).indices();
        let times = [5.0, 1.0, 4.0, 2.0, 3.0, 0.0];
        assert_eq!(split(&times, 0.3).unwrap(), (vec![5, 1, 3, 4], vec![2, 0]));
        // Rows of equal time stay together, for training.
        let times = [2.0, 1.0, 2.0, 3.0, 2.0, 0.0];
        assert_eq!(split(&times, 0.5).unwrap(), (vec![5, 1, 0, 2, 4], vec![3]));
        let error = split(&[0.0, 1.0, 1.0, 1.0], 0.5).unwrap_err().to_string();
        assert!(error.contains("the last 2 rows") && error.contains("larger test_size"), "{error}");
        assert!(matches!(split(&[0.0, f64::NAN], 0.5), Err(Error::Argument { argument: "time", .. })));
        let table = Table::new().with_numbers("issue_d", [2018.0, 2016.0, 2017.0]).unwrap();
        let (_, test) = train_test_split(&table).time("issue_d").split().unwrap();
        assert_eq!(test.numbers("issue_d").unwrap(), [2018.0]);
        // An `f64` does not hold the differences of these integers.
        let large: IntegerColumn = [3, 1, 2].map(|digit| Some(9_007_199_254_740_990 + digit)).into_iter().collect();
        let dates = [3, 1, 2].map(|day| DateTime::date(2018, 1, day).unwrap());
        let dates: DateTimeColumn = dates.into_iter().collect();
        for column in [Column::Integer(large), Column::DateTime(dates)] {
            let table = Table::new().with_column("issue_d", column).unwrap();
            assert_eq!(train_test_split(&table).time("issue_d").indices().unwrap(), (vec![1, 2], vec![0]));
            let folds = TimeSeriesSplit::new(2).time("issue_d").folds(&FoldsInput::of(&table)).unwrap();
            assert_eq!((&*folds[0].train, &*folds[0].test, &*folds[1].test), (&[1][..], &[2][..], &[0][..]));
        }
        let missing: DateTimeColumn = [DateTime::date(2018, 1, 1).ok(), None].into_iter().collect();
        let missing = Table::new().with_column("issue_d", Column::DateTime(missing)).unwrap();
        assert!(matches!(train_test_split(&missing).time("issue_d").indices(), Err(Error::MissingValue { .. })));
        let text = Table::new().with_strings("issue_d", ["Dec-2015", "Jan-2016"]).unwrap();
        assert!(matches!(train_test_split(&text).time("issue_d").indices(), Err(Error::NotANumber { .. })));
        assert!(train_test_split(3).time("issue_d").indices().unwrap_err().to_string().contains(".time_by("));
    }

    #[test]
    fn options_that_contradict_each_other_are_refused() {
        let y = [0, 0, 1, 1];
        let of = |split: TrainTestSplit<usize>| match split.indices().unwrap_err() {
            Error::Argument { argument, .. } => argument,
            error => panic!("{error}"),
        };
        assert_eq!(of(train_test_split(4).groups_by(&y).time_by(&y)), "time");
        assert_eq!(of(train_test_split(4).stratify_by(&y).time_by(&y)), "time");
        assert_eq!(of(train_test_split(4).stratify_by(&y).groups_by(&y)), "groups");
        assert_eq!(of(train_test_split(4).shuffle(true).time_by(&y)), "shuffle");
        assert_eq!(of(train_test_split(4).shuffle(false).groups_by(&y)), "shuffle");
        assert_eq!(train_test_split(4).shuffle(false).time_by(&[3, 2, 1, 0]).indices().unwrap().1, [0]);
    }
}
