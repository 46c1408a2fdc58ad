use perceptra::preprocessing::{Column, DateTimeColumn, Table};
use perceptra::{Error, Result};
use polars_core::frame::DataFrame;
use polars_core::prelude::{
    BooleanChunked, Column as Series, Float64Chunked, Int32Chunked, Int64Chunked, IntoColumn, PlSmallStr,
    StringChunked, TimeUnit,
};

const DAY: i64 = 86_400_000_000;

/// Converts a table to a frame. Numbers become `Float64`, integers `Int64`, booleans `Boolean`, strings `String`, dates `Date` or, if
/// one has a time of the day, `Datetime` in microseconds without a time zone; missing values become nulls.
///
/// ```
/// use perceptra::preprocessing::Table;
/// use perceptra_polars::to_polars;
///
/// let table = Table::new().with_numbers("rate", [7.5, f64::NAN])?.with_strings("home", ["OWN", "RENT"])?;
/// let frame = to_polars(&table)?;
/// assert_eq!((frame.shape(), frame.column("rate").unwrap().null_count()), ((2, 2), 1));
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Argument`] with Polars's reason for a table that it rejects.
pub fn to_polars(table: &Table) -> Result<DataFrame> {
    let columns = table.iter().map(|(name, column)| converted(name.into(), column)).collect();
    DataFrame::new(table.nrows(), columns)
        .map_err(|error| Error::argument("to_polars", "table", error, "a table that fits a frame"))
}

fn converted(name: PlSmallStr, column: &Column) -> Series {
    match column {
        Column::Number(values) => {
            let values = values.iter().map(|value| (!value.is_nan()).then_some(*value));
            values.collect::<Float64Chunked>().with_name(name).into_column()
        }
        Column::Integer(values) => values.iter().collect::<Int64Chunked>().with_name(name).into_column(),
        Column::Boolean(values) => values.iter().collect::<BooleanChunked>().with_name(name).into_column(),
        Column::DateTime(values) => dates(name, values),
        Column::String(values) => values.iter().collect::<StringChunked>().with_name(name).into_column(),
    }
}

fn dates(name: PlSmallStr, values: &DateTimeColumn) -> Series {
    let microseconds = values.iter().map(|at| at.map(|at| at.microseconds()));
    match values.are_dates() {
        true => {
            // The days in 64 bits of microseconds fit in 32 bits.
            let days = microseconds.map(|at| at.and_then(|at| i32::try_from(at / DAY).ok()));
            days.collect::<Int32Chunked>().with_name(name).into_date().into_column()
        }
        false => {
            let times = microseconds.collect::<Int64Chunked>().with_name(name);
            times.into_datetime(TimeUnit::Microseconds, None).into_column()
        }
    }
}
