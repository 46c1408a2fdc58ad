//! One random split into training and test rows.

use crate::as_column::AsColumn;
use crate::error::{Error, Result};
use crate::random::{self, Random};

use super::classes::Classes;
use super::{Draw, Rows, stream};

/// Splits data into training and test rows; the methods of [`TrainTestSplit`] set how.
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
    TrainTestSplit { data, test_size: 0.25, shuffle: true, seed: None, strata: Strata::None }
}

/// How [`train_test_split`] splits.
///
/// | option | default |
/// |---|---|
/// | [`test_size`](Self::test_size) | 0.25 |
/// | [`stratify`](Self::stratify), [`stratify_by`](Self::stratify_by) | no |
/// | [`shuffle`](Self::shuffle) | `true` |
/// | [`seed`](Self::seed) | a fresh one |
///
/// Of n rows ⌈n · test size⌉ are for the test and the others for training. With strata every class gets its
/// share of both parts, rounded down; the rows that rounding leaves over go to the classes with the largest
/// remainders, by lot among equal ones.
#[derive(Debug)]
#[must_use = "nothing is split before .split() or .indices()"]
pub struct TrainTestSplit<D> {
    data: D,
    test_size: f64,
    shuffle: bool,
    seed: Option<u64>,
    strata: Strata,
}

#[derive(Debug)]
enum Strata {
    None,
    Column(String),
    Labels(Result<Vec<f64>>),
}

impl<D: Rows> TrainTestSplit<D> {
    /// The fraction of the rows that are for the test, between 0 and 1. Defaults to 0.25.
    pub fn test_size(mut self, test_size: f64) -> TrainTestSplit<D> {
        self.test_size = test_size;
        self
    }

    /// Gives both parts the same fractions of the values of this column of a table.
    pub fn stratify(mut self, column: impl Into<String>) -> TrainTestSplit<D> {
        self.strata = Strata::Column(column.into());
        self
    }

    /// Gives both parts the same fractions of these labels, one per row.
    pub fn stratify_by(mut self, labels: &(impl AsColumn + ?Sized)) -> TrainTestSplit<D> {
        self.strata = Strata::Labels(labels.as_column());
        self
    }

    /// Whether rows are drawn at random; otherwise the test rows are the last ones. Defaults to true.
    pub fn shuffle(mut self, shuffle: bool) -> TrainTestSplit<D> {
        self.shuffle = shuffle;
        self
    }

    /// The seed of the random numbers. Defaults to a fresh one, so that every split is another.
    pub fn seed(mut self, seed: u64) -> TrainTestSplit<D> {
        self.seed = Some(seed);
        self
    }

    /// The training part and the test part.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a test size that leaves a part without rows, for strata that are not shuffled, for
    /// a class with a single row and for parts with fewer rows than classes; [`Error::Rows`] for labels of another
    /// number than rows; [`Error::UnknownColumn`] and [`Error::MissingValue`] for a column that cannot be used.
    pub fn split(mut self) -> Result<(D::Part, D::Part)> {
        let strata = std::mem::replace(&mut self.strata, Strata::None);
        let (train, test) = self.rows(strata)?;
        Ok((self.data.take_rows(&train)?, self.data.take_rows(&test)?))
    }

    /// The row numbers of the training part and of the test part.
    ///
    /// # Errors
    ///
    /// As [`split`](Self::split).
    pub fn indices(mut self) -> Result<(Vec<usize>, Vec<usize>)> {
        let strata = std::mem::replace(&mut self.strata, Strata::None);
        self.rows(strata)
    }

    fn rows(&self, strata: Strata) -> Result<(Vec<usize>, Vec<usize>)> {
        let count = self.data.row_count()?;
        let (train, test) = self.sizes(count)?;
        let labels = match strata {
            Strata::None => None,
            Strata::Column(column) => Some(self.data.classes_of(&column)?),
            Strata::Labels(labels) => Some(labels?),
        };
        let mut random = stream(self.seed, Draw::Split);
        match labels {
            None => {
                let mut order: Vec<usize> = (0..count).collect();
                if self.shuffle {
                    random::shuffle(&mut order, &mut random);
                }
                let test = order.split_off(train);
                Ok((order, test))
            }
            Some(_) if !self.shuffle => {
                Err(Error::argument("train_test_split", "shuffle", "false", "true, which strata need"))
            }
            Some(labels) if labels.len() != count => Err(Error::Rows {
                left: "the data",
                left_rows: count,
                right: "the labels to stratify by",
                right_rows: labels.len(),
            }),
            Some(labels) => stratified(&Classes::of(&labels)?, train, test, &mut random),
        }
    }

    fn sizes(&self, count: usize) -> Result<(usize, usize)> {
        let fraction = self.test_size;
        let test = if fraction > 0.0 && fraction < 1.0 { (fraction * count as f64).ceil() as usize } else { 0 };
        match count.checked_sub(test) {
            Some(train) if train > 0 && test > 0 => Ok((train, test)),
            _ => {
                let expected = format!("a fraction between 0 and 1 that leaves both parts some of the {count} rows");
                Err(Error::argument("train_test_split", "test_size", fraction, expected))
            }
        }
    }
}

fn stratified(classes: &Classes, train: usize, test: usize, random: &mut Random) -> Result<(Vec<usize>, Vec<usize>)> {
    let counts = classes.counts();
    if let Some(single) = counts.iter().position(|&count| count < 2) {
        let value = format!("a column in which class {} has one row", classes.labels[single]);
        return Err(Error::argument(
            "train_test_split",
            "stratify",
            value,
            "two rows or more of every class, one for each part",
        ));
    }
    if train.min(test) < counts.len() {
        let value = format!("{train} training and {test} test rows for {} classes", counts.len());
        return Err(Error::argument(
            "train_test_split",
            "test_size",
            value,
            "at least as many rows in each part as classes",
        ));
    }
    let of_train = draw(&counts, train, random);
    let left: Vec<usize> = counts.iter().zip(&of_train).map(|(count, taken)| count - taken).collect();
    let of_test = draw(&left, test, random);
    let (mut train_rows, mut test_rows) = (Vec::with_capacity(train), Vec::with_capacity(test));
    for (class, rows) in classes.rows.iter().enumerate() {
        let mut rows = rows.clone();
        random::shuffle(&mut rows, random);
        train_rows.extend(&rows[..of_train[class]]);
        test_rows.extend(&rows[of_train[class]..of_train[class] + of_test[class]]);
    }
    random::shuffle(&mut train_rows, random);
    random::shuffle(&mut test_rows, random);
    Ok((train_rows, test_rows))
}

/// How many of `total` draws fall to each class in proportion to its rows: the most likely outcome of drawing
/// without replacement.
fn draw(counts: &[usize], total: usize, random: &mut Random) -> Vec<usize> {
    let rows: usize = counts.iter().sum();
    let fractions: Vec<f64> = counts.iter().map(|&count| count as f64 / rows as f64 * total as f64).collect();
    let mut drawn: Vec<usize> = fractions.iter().map(|fraction| fraction.floor() as usize).collect();
    let mut order: Vec<usize> = (0..counts.len()).collect();
    random::shuffle(&mut order, random);
    // The sort is stable, so that equal remainders stay in their random order.
    order.sort_by(|&a, &b| fractions[b].fract().total_cmp(&fractions[a].fract()));
    let left = total.saturating_sub(drawn.iter().sum());
    order.retain(|&class| drawn[class] < counts[class]);
    for &class in order.iter().take(left) {
        drawn[class] += 1;
    }
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preprocessing::Table;
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
        let table = Table::new().with_text("home", homes).unwrap();
        let (train, test) = train_test_split(&table).test_size(0.3).stratify("home").seed(0).split().unwrap();
        assert_eq!(train.text("home").unwrap().counts(), [("RENT", 21), ("OWN", 7)]);
        assert_eq!(test.text("home").unwrap().counts(), [("RENT", 9), ("OWN", 3)]);
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
}
