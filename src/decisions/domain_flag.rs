use crate::error::number;
use crate::preprocessing::Value;
use crate::significant::significant;
use std::fmt;

/// One way in which a record differs from the training rows; `Display` writes it as a sentence.
///
/// ```
/// use perceptra::decisions::DomainFlag;
///
/// let flag = DomainFlag::Above { column: "age".into(), value: 130.0, high: 90.0 };
/// assert_eq!(flag.to_string(), "age is 130, above the training rows' 90");
/// assert_eq!(flag.column(), Some("age"));
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum DomainFlag {
    /// A number below the range of the training rows.
    Below {
        /// The column.
        column: String,
        /// The record's number.
        value: f64,
        /// The smallest number of the training rows.
        low: f64,
    },
    /// A number above the range of the training rows.
    Above {
        /// The column.
        column: String,
        /// The record's number.
        value: f64,
        /// The largest number of the training rows.
        high: f64,
    },
    /// A category or a boolean that did not occur in the training rows.
    Unknown {
        /// The column.
        column: String,
        /// The record's value.
        value: Value,
    },
    /// A missing value in a column without missing values in the training rows.
    Missing {
        /// The column.
        column: String,
    },
    /// The combination of values is far from the training rows, even if each value is in its range.
    Distant {
        /// The distance of the record.
        distance: f64,
        /// The distance that few training rows exceed.
        limit: f64,
    },
}

impl DomainFlag {
    /// The raw column; `None` for a combination of several columns.
    pub fn column(&self) -> Option<&str> {
        match self {
            DomainFlag::Below { column, .. }
            | DomainFlag::Above { column, .. }
            | DomainFlag::Unknown { column, .. }
            | DomainFlag::Missing { column } => Some(column),
            DomainFlag::Distant { .. } => None,
        }
    }
}

impl fmt::Display for DomainFlag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DomainFlag::Below { column, value, low } => {
                write!(f, "{column} is {}, below the training rows' {}", number(*value), number(*low))
            }
            DomainFlag::Above { column, value, high } => {
                write!(f, "{column} is {}, above the training rows' {}", number(*value), number(*high))
            }
            DomainFlag::Unknown { column, value } => write!(f, "{column} is {value}, which no training row had"),
            DomainFlag::Missing { column } => write!(f, "{column} is missing, as in no training row"),
            DomainFlag::Distant { distance, limit } => {
                write!(
                    f,
                    "the combination of values is at distance {}, beyond {}",
                    significant(*distance),
                    significant(*limit)
                )
            }
        }
    }
}
