use super::classes::Classes;
use super::draw::{Draw, stream};
#[cfg(not(feature = "tables"))]
use super::no_table::NoTable as Table;
use crate::error::{Error, Result};
use crate::items::Spec;
#[cfg(feature = "tables")]
use crate::preprocessing::Table;
use crate::random::{Random, fresh_seed};

/// The input of [`Folds::folds`](super::Folds::folds): a number of rows, a seed and, optionally, the rows' table, groups and classes.
///
/// ```
/// use perceptra::model_selection::{Folds, FoldsInput, GroupKFold};
/// use perceptra::preprocessing::Table;
///
/// let table = Table::new().with_strings("customer_id", ["a", "b", "a", "c"])?;
/// let folds = GroupKFold::new(3).groups("customer_id").folds(&FoldsInput::of(&table))?;
/// assert_eq!(folds[0].test, [0, 2]);
/// let same = GroupKFold::new(3).folds(&FoldsInput::new(4).with_groups(&[0, 1, 0, 2])?)?;
/// assert_eq!(folds, same);
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct FoldsInput<'a> {
    rows: usize,
    table: Option<&'a Table>,
    groups: Option<&'a [usize]>,
    classes: Option<&'a [usize]>,
    seed: u64,
}

impl<'a> FoldsInput<'a> {
    /// Creates an input of this many rows, with a random seed.
    pub fn new(rows: usize) -> Self {
        FoldsInput { rows, table: None, groups: None, classes: None, seed: fresh_seed() }
    }

    /// Creates an input of the rows of a table, whose columns items can name; with a random seed.
    #[cfg(feature = "tables")]
    pub fn of(table: &'a Table) -> Self {
        FoldsInput { table: Some(table), ..FoldsInput::new(table.nrows()) }
    }

    /// Sets the group of each row: any numbers, equal for the rows of one group. An item that names a column takes its groups from there.
    ///
    /// # Errors
    ///
    /// [`Error::Rows`] if their number is not that of the rows.
    pub fn with_groups(mut self, groups: &'a [usize]) -> Result<Self> {
        self.same_rows("the groups", groups.len())?;
        self.groups = Some(groups);
        Ok(self)
    }

    /// Sets the class of each row, for folds that keep the fractions of the classes: any numbers, equal for the rows of one class.
    /// An item that names a column takes its classes from there.
    ///
    /// # Errors
    ///
    /// [`Error::Rows`] if their number is not that of the rows.
    pub fn with_classes(mut self, classes: &'a [usize]) -> Result<Self> {
        self.same_rows("the classes", classes.len())?;
        self.classes = Some(classes);
        Ok(self)
    }

    /// Sets the seed for items without one.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The table with these rows, if given.
    #[cfg(feature = "tables")]
    pub fn table(&self) -> Option<&'a Table> {
        self.table
    }

    /// The group of each row, if given.
    pub fn groups(&self) -> Option<&'a [usize]> {
        self.groups
    }

    /// The class of each row, if given.
    pub fn classes(&self) -> Option<&'a [usize]> {
        self.classes
    }

    /// The seed.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Random numbers for a user-defined item: one stream for each position, such as the number of a repetition; built-in items use
    /// other streams.
    pub fn random(&self, position: u32) -> Random {
        stream(Some(self.seed), Draw::UserDefined, position)
    }

    /// The random numbers of a repetition, from the item's seed if it has one.
    pub(super) fn stream(&self, seed: Option<u64>, draw: Draw, repetition: u32) -> Random {
        stream(Some(seed.unwrap_or(self.seed)), draw, repetition)
    }

    /// The rows of each group, from the column that the item names, if any.
    pub(super) fn group_rows(&self, item: &dyn Spec, column: Option<&str>) -> Result<Classes> {
        let cure = match cfg!(feature = "tables") {
            true => {
                "the group of each row: name a column of the table with .groups(\"…\"), or pass groups with FoldsInput::with_groups"
            }
            false => "the group of each row; pass groups with FoldsInput::with_groups",
        };
        Classes::from_labels(&self.numbered(item, "groups", column, self.groups, cure)?)
    }

    /// The rows of each class, from the column that the item names, if any.
    pub(super) fn class_rows(&self, item: &dyn Spec, column: Option<&str>) -> Result<Classes> {
        let cure = match cfg!(feature = "tables") {
            true => {
                "the class of each row: name a column of the table with .stratify(\"…\"), or pass classes with FoldsInput::with_classes"
            }
            false => "the class of each row; pass classes with FoldsInput::with_classes",
        };
        Classes::from_labels(&self.numbered(item, "stratify", column, self.classes, cure)?)
    }

    /// The table in which an item looks up the column of an argument.
    pub(super) fn table_for(&self, item: &dyn Spec, argument: &'static str, column: &str) -> Result<&'a Table> {
        self.table.ok_or_else(|| {
            let value = format!("the column \"{column}\", and the rows are not those of a table");
            let cure = match cfg!(feature = "tables") {
                true => "a table with that column; pass it with FoldsInput::of",
                false => "no column: tables, which have them, need the feature tables of perceptra",
            };
            Error::argument(item.class_name(), argument, value, cure)
        })
    }

    /// A number for each row, in the order of the values.
    fn numbered(
        &self,
        item: &dyn Spec,
        argument: &'static str,
        column: Option<&str>,
        given: Option<&[usize]>,
        cure: &str,
    ) -> Result<Vec<f64>> {
        match (column, given) {
            (Some(column), _) => self.table_for(item, argument, column)?.sorted_classes(column),
            (None, Some(given)) => Ok(ranks(given)),
            (None, None) => Err(Error::argument(item.class_name(), argument, "missing", cure)),
        }
    }

    fn same_rows(&self, right: &'static str, right_rows: usize) -> Result<()> {
        match self.rows {
            rows if rows == right_rows => Ok(()),
            left_rows => Err(Error::Rows { left: "the data", left_rows, right, right_rows }),
        }
    }
}

/// The positions of values among the sorted distinct values.
fn ranks<K: Ord + Copy>(values: &[K]) -> Vec<f64> {
    let mut distinct = values.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    values.iter().map(|value| distinct.partition_point(|known| known < value) as f64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model_selection::{Folds, GroupKFold, StratifiedKFold, TimeSeriesSplit};

    #[test]
    fn large_group_numbers_stay_apart() {
        let groups = [usize::MAX, usize::MAX - 1, usize::MAX];
        let folds = GroupKFold::new(2).folds(&FoldsInput::new(3).with_groups(&groups).unwrap()).unwrap();
        assert_eq!((&*folds[0].test, &*folds[1].test), (&[0, 2][..], &[1][..]));
    }

    #[test]
    fn what_is_lacking_is_named_with_the_cure() {
        let input = FoldsInput::new(6);
        let error = GroupKFold::new(2).folds(&input).unwrap_err().to_string();
        assert!(error.contains("GroupKFold: groups is missing") && error.contains(".groups("), "{error}");
        let error = Folds::folds(&StratifiedKFold::new(2), &input).unwrap_err().to_string();
        assert!(error.contains("stratify is missing") && error.contains("with_classes"), "{error}");
        let error = GroupKFold::new(2).groups("id").folds(&input).unwrap_err().to_string();
        assert!(error.contains("not those of a table") && error.contains("FoldsInput::of"), "{error}");
        let error = TimeSeriesSplit::new(2).time("at").folds(&input).unwrap_err().to_string();
        assert!(error.contains("the column \"at\""), "{error}");
        assert!(matches!(input.with_groups(&[1]), Err(Error::Rows { right_rows: 1, .. })));
        assert!(matches!(input.with_classes(&[1]), Err(Error::Rows { .. })));
    }

    #[test]
    fn a_missing_or_unknown_group_is_named() {
        let table = Table::new().with_numbers("id", [1.0, f64::NAN, 2.0]).unwrap();
        let of = |column| GroupKFold::new(2).groups(column).folds(&FoldsInput::of(&table));
        assert!(of("id").unwrap_err().to_string().contains("row 1"));
        assert!(matches!(of("ids"), Err(Error::UnknownColumn { .. })));
        let strings = Table::new().with_column(
            "id",
            [Some("a"), Some("b"), None].into_iter().collect::<crate::preprocessing::StringColumn>(),
        );
        let error = GroupKFold::new(2).groups("id").folds(&FoldsInput::of(&strings.unwrap())).unwrap_err();
        assert!(error.to_string().contains("row 2"), "{error}");
    }
}
