//! Tables with named columns, and what turns their columns into the matrix a network is trained on.
//!
//! A [`Table`] is read from a CSV file or built from columns. Encoders and scalers are small specifications;
//! `fit` learns their figures from the training rows and returns a fitted value, and only that one can
//! `transform`, so that a forgotten fit does not compile and test rows cannot leak into the figures.
//!
//! ```
//! use perceptra::model_selection::train_test_split;
//! use perceptra::preprocessing::{ColumnTransformer, OneHotEncoder, StandardScaler, Table};
//!
//! let table = Table::new()
//!     .with_numbers("int_rate", (0..20).map(|row| 5.0 + f64::from(row)))?
//!     .with_text("home_ownership", (0..20).map(|row| if row % 3 == 0 { "OWN" } else { "RENT" }))?
//!     .with_numbers("loan_status", (0..20).map(|row| f64::from(row % 2)))?;
//! let (train, test) = train_test_split(&table).test_size(0.3).stratify("loan_status").seed(1).split()?;
//! let (columns, x_train) = ColumnTransformer::new()
//!     .add(StandardScaler::new(), ["int_rate"])
//!     .add(OneHotEncoder::new(), ["home_ownership"])
//!     .fit_transform::<f32>(&train)?;
//! let y_train = train.to_vector::<f32>("loan_status")?;
//! let x_test = columns.transform::<f32>(&test)?;
//! assert_eq!(columns.names(), ["int_rate", "home_ownership_OWN", "home_ownership_RENT"]);
//! assert_eq!((x_train.shape(), y_train.len(), x_test.shape()), ((14, 3), 14, (6, 3)));
//! # Ok::<(), perceptra::Error>(())
//! ```

mod column_transformer;
mod encoded_features;
mod feature;
mod feature_space;
mod hashing;
mod leading_number;
mod min_max_scaler;
mod normalize;
mod one_hot_encoder;
mod scaling;
mod standard_scaler;
mod string_lookup;
mod table;
mod text_to_number;
mod to_categorical;
mod transformer;

pub use column_transformer::{ColumnTransformer, FittedColumnTransformer, Remainder};
pub use feature::Feature;
pub use feature_space::FeatureSpace;
pub use hashing::Hashing;
pub use leading_number::LeadingNumber;
pub use min_max_scaler::{FittedMinMaxScaler, MinMaxScaler};
pub use normalize::{Order, normalize};
pub use one_hot_encoder::{DropCategory, FittedOneHotEncoder, OneHotEncoder, Unknown};
pub use standard_scaler::{FittedStandardScaler, StandardScaler};
pub use string_lookup::StringLookup;
pub use table::{
    BooleanColumn, Column, Correlation, NumberSummary, Record, Row, Summary, Table, TextColumn, TextSummary, Value,
};
use table::{Categories, Found};
#[cfg(feature = "csv")]
pub use table::{CsvOptions, Delimiter, DuplicateNames, Header, Ragged};
pub use text_to_number::TextToNumber;
pub use to_categorical::to_categorical;
pub use transformer::Transformer;
