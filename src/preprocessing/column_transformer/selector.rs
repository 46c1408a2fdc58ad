use super::super::{ColumnKind, Table};
use crate::Result;
use serde::{Deserialize, Serialize};

/// Selects the columns of a table for a transformer: by name, by type, or by a pattern of the name.
///
/// A list of names represents itself wherever a selector is expected, and its columns keep its order; all others keep that
/// of the table. A selector by type or pattern is evaluated on the table of the fit, and the fitted transformer stores the names.
///
/// | selector | columns |
/// |---|---|
/// | `["rate", "home"]` | the columns with these names |
/// | [`all`](Self::all) | every one |
/// | [`numbers`](Self::numbers), [`integers`](Self::integers), [`booleans`](Self::booleans), [`dates`](Self::dates), [`strings`](Self::strings) | the columns of this type |
/// | [`matching`](Self::matching) | the columns with names that match a pattern |
/// | [`or`](Self::or), [`except`](Self::except) | of one or of another; of one but not of another |
///
/// ```
/// use perceptra::preprocessing::{ColumnTransformer, OneHotEncoder, Selector, StandardScaler, Table};
///
/// let table = Table::new()
///     .with_numbers("annual_inc", [30.0, 60.0])?
///     .with_strings("home", ["OWN", "RENT"])?
///     .with_numbers("loan_status", [0.0, 1.0])?;
/// let columns = ColumnTransformer::new()
///     .add(StandardScaler::new(), Selector::numbers().except(["loan_status"]))
///     .add(OneHotEncoder::new(), Selector::strings())
///     .fit(&table)?;
/// assert_eq!(columns.names(), ["annual_inc", "home_OWN", "home_RENT"]);
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selector(Choice);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", expecting = "expected a list of names or a selector such as \"all\"")]
enum Choice {
    All,
    Kind(ColumnKind),
    Matching(String),
    Or(Box<Choice>, Box<Choice>),
    Except(Box<Choice>, Box<Choice>),
    #[serde(untagged)]
    Names(Vec<String>),
}

impl Selector {
    /// Every column.
    pub fn all() -> Selector {
        Selector(Choice::All)
    }

    /// Selects the columns of numbers and of integers, but not of booleans.
    pub fn numbers() -> Selector {
        Selector(Choice::Kind(ColumnKind::Numbers))
    }

    /// The columns of integers.
    pub fn integers() -> Selector {
        Selector(Choice::Kind(ColumnKind::Integers))
    }

    /// The columns of dates, or of dates and times.
    pub fn dates() -> Selector {
        Selector(Choice::Kind(ColumnKind::Dates))
    }

    /// The columns of booleans.
    pub fn booleans() -> Selector {
        Selector(Choice::Kind(ColumnKind::Booleans))
    }

    /// The columns of strings.
    pub fn strings() -> Selector {
        Selector(Choice::Kind(ColumnKind::Strings))
    }

    /// The columns whose whole names fit the pattern, in which `*` represents any number of characters and `?` for one.
    pub fn matching(pattern: impl Into<String>) -> Selector {
        Selector(Choice::Matching(pattern.into()))
    }

    /// The columns of this selector or of the other.
    #[must_use]
    pub fn or(self, other: impl Into<Selector>) -> Selector {
        Selector(Choice::Or(Box::new(self.0), Box::new(other.into().0)))
    }

    /// The columns of this selector that are not of the other.
    #[must_use]
    pub fn except(self, other: impl Into<Selector>) -> Selector {
        Selector(Choice::Except(Box::new(self.0), Box::new(other.into().0)))
    }

    /// Returns the selector for tables without these columns; `None` if it selects no others.
    pub(super) fn without(self, columns: &[String]) -> Option<Selector> {
        self.0.without(columns).map(Selector)
    }

    /// Whether it names its columns.
    pub(super) fn is_by_name(&self) -> bool {
        matches!(self.0, Choice::Names(_))
    }

    /// The names of the columns in a table.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`](crate::Error::UnknownColumn) for a name that the table does not have.
    pub fn names(&self, table: &Table) -> Result<Vec<String>> {
        self.0.names(table)
    }
}

impl Choice {
    fn without(self, columns: &[String]) -> Option<Choice> {
        match self {
            Choice::Names(mut names) => {
                names.retain(|name| !columns.contains(name));
                (!names.is_empty()).then_some(Choice::Names(names))
            }
            Choice::Or(left, right) => match (left.without(columns), right.without(columns)) {
                (Some(left), Some(right)) => Some(Choice::Or(Box::new(left), Box::new(right))),
                (left, right) => left.or(right),
            },
            Choice::Except(left, right) => match (left.without(columns)?, right.without(columns)) {
                (left, Some(right)) => Some(Choice::Except(Box::new(left), Box::new(right))),
                (left, None) => Some(left),
            },
            by_type => Some(by_type),
        }
    }

    fn names(&self, table: &Table) -> Result<Vec<String>> {
        let those = |fits: &dyn Fn(&str, ColumnKind) -> bool| {
            let fitting = table.iter().filter(|(name, column)| fits(name, ColumnKind::of(column)));
            Ok(fitting.map(|(name, _)| name.to_owned()).collect())
        };
        match self {
            Choice::All => those(&|_, _| true),
            // Integers are numbers too.
            Choice::Kind(ColumnKind::Numbers) => {
                those(&|_, found| matches!(found, ColumnKind::Numbers | ColumnKind::Integers))
            }
            Choice::Kind(kind) => those(&|_, found| found == *kind),
            Choice::Matching(pattern) => {
                let pattern: Vec<char> = pattern.chars().collect();
                those(&|name, _| fits(&pattern, &name.chars().collect::<Vec<_>>()))
            }
            Choice::Or(left, right) => {
                let mut names = left.names(table)?;
                let more = right.names(table)?;
                names.extend(more.into_iter().filter(|name| !left.has(name, table)));
                Ok(names)
            }
            Choice::Except(left, right) => {
                let mut names = left.names(table)?;
                let without = right.names(table)?;
                names.retain(|name| !without.contains(name));
                Ok(names)
            }
            Choice::Names(names) => {
                names.iter().try_for_each(|name| table.column(name).map(drop))?;
                Ok(names.clone())
            }
        }
    }

    fn has(&self, name: &String, table: &Table) -> bool {
        self.names(table).is_ok_and(|names| names.contains(name))
    }
}

/// Whether the whole name fits a pattern of `*`, `?` and characters that represent themselves.
fn fits(pattern: &[char], name: &[char]) -> bool {
    // The position of the last star, and the length of the name that it matches so far.
    let (mut star, mut taken) = (None, 0);
    let (mut at, mut place) = (0, 0);
    while place < name.len() {
        match pattern.get(at) {
            Some('*') => {
                (star, taken) = (Some(at), place);
                at += 1;
            }
            Some(&character) if character == '?' || character == name[place] => {
                at += 1;
                place += 1;
            }
            _ => match star {
                Some(star) => {
                    taken += 1;
                    (at, place) = (star + 1, taken);
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|&character| character == '*')
}

/// The columns of these names, in this order.
impl<I: IntoIterator<Item = N>, N: Into<String>> From<I> for Selector {
    fn from(names: I) -> Selector {
        Selector(Choice::Names(names.into_iter().map(Into::into).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let table = Table::new().with_numbers("annual_inc", [1.0]).unwrap().with_strings("home", ["OWN"]).unwrap();
        table.with_booleans("owner", [true]).unwrap().with_numbers("annual_tax", [2.0]).unwrap()
    }

    #[test]
    fn columns_are_chosen_by_name_type_and_pattern() {
        let names = |selector: Selector| selector.names(&table()).unwrap();
        assert_eq!(names(["home", "annual_inc"].into()), ["home", "annual_inc"]);
        assert_eq!(names(vec![String::from("home")].into()), ["home"]);
        assert_eq!(names(Selector::numbers()), ["annual_inc", "annual_tax"]);
        assert_eq!(names(Selector::booleans().or(Selector::strings())), ["owner", "home"]);
        assert_eq!(names(Selector::all().except(Selector::matching("annual_*"))), ["home", "owner"]);
        assert_eq!(names(Selector::matching("*x").or(Selector::numbers())), ["annual_tax", "annual_inc"]);
        let typed =
            table().with_integers("id", [1]).unwrap().with_date_times("at", ["2024-02-29".parse().unwrap()]).unwrap();
        let names = |selector: Selector| selector.names(&typed).unwrap();
        assert_eq!(names(Selector::numbers()), ["annual_inc", "annual_tax", "id"]);
        assert_eq!(names(Selector::integers().or(Selector::dates())), ["id", "at"]);
        let error = Selector::all().except(["hom"]).names(&table()).unwrap_err().to_string();
        assert!(error.contains("did you mean \"home\""), "{error}");
    }

    #[test]
    fn a_pattern_fits_the_whole_name() {
        let fits =
            |pattern: &str, name: &str| fits(&pattern.chars().collect::<Vec<_>>(), &name.chars().collect::<Vec<_>>());
        for (pattern, name) in [("*", ""), ("a*c", "abcbc"), ("?ö*", "höhe"), ("**a", "ba"), ("a*b*c", "aXbYbZc")] {
            assert!(fits(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [("", "a"), ("?", ""), ("a*c", "abcd"), ("annual_", "annual_inc"), ("a*b", "ac")] {
            assert!(!fits(pattern, name), "{pattern} {name}");
        }
    }

    #[test]
    fn a_selector_is_stored_in_its_readable_form() {
        for (selector, stored) in [
            (Selector::from(["a"]), r#"["a"]"#),
            (Selector::numbers(), r#"{"kind":"numbers"}"#),
            (Selector::all().except(["a"]), r#"{"except":["all",["a"]]}"#),
        ] {
            assert_eq!(serde_json::to_string(&selector).unwrap(), stored);
            assert_eq!(serde_json::from_str::<Selector>(stored).unwrap(), selector);
        }
    }
}
