use perceptra::preprocessing::{BooleanColumn, Column, DateTime, DateTimeColumn, IntegerColumn, StringColumn, Table};
use perceptra::{Error, Result};
use polars_core::error::PolarsError;
use polars_core::frame::DataFrame;
use polars_core::prelude::{DataType, Series, TimeUnit};

const DAY: i64 = 86_400_000_000;

/// Converts a frame to a table. Nulls become missing values.
///
/// | Polars | column |
/// |---|---|
/// | `Float16`, `Float32`, `Float64`, `Decimal` | numbers; NaN is missing |
/// | `Int8` to `Int64`, `UInt8` to `UInt64` | integers |
/// | `Boolean` | booleans |
/// | `Date`, `Datetime` | dates; fractions of a microsecond are cut off, and a time zone is left out: the value is in UTC |
/// | `String`, `Categorical`, `Enum` | strings |
/// | `Null` | missing numbers |
///
/// ```
/// use perceptra_polars::from_polars;
/// use polars_core::df;
///
/// let frame = df!("rate" => [Some(7.5), None], "home" => ["OWN", "RENT"]).unwrap();
/// let table = from_polars(&frame)?;
/// assert_eq!((table.numbers("rate")?[0], table.column("rate")?.missing()), (7.5, 1));
/// assert_eq!(table.strings("home")?.get(1), Some("RENT"));
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Argument`] with the column for another type, for an integer beyond `i64`, and for a time that does not fit in 64 bits of microseconds.
pub fn from_polars(frame: &DataFrame) -> Result<Table> {
    frame.columns().iter().try_fold(Table::new(), |table, column| {
        let series = column.as_materialized_series();
        table.with_column(series.name().as_str(), converted(series)?)
    })
}

fn converted(series: &Series) -> Result<Column> {
    let kind = series.dtype();
    let failed = |error: PolarsError| refused(series, error.to_string());
    Ok(match kind {
        DataType::Null => Column::Number(vec![f64::NAN; series.len()]),
        DataType::Boolean => Column::Boolean(series.bool().map_err(failed)?.iter().collect::<BooleanColumn>()),
        DataType::Float64 => numbers(series).map_err(failed)?,
        kind if kind.is_float() || kind.is_decimal() => {
            numbers(&series.strict_cast(&DataType::Float64).map_err(failed)?).map_err(failed)?
        }
        kind if kind.is_integer() => {
            let expected = "integers from −2⁶³ to 2⁶³ − 1, or a column that is cast to strings";
            let values = series.strict_cast(&DataType::Int64).map_err(|_| refused(series, expected))?;
            Column::Integer(values.i64().map_err(failed)?.iter().collect::<IntegerColumn>())
        }
        DataType::Date => {
            let days = series.to_physical_repr();
            let days = days.i32().map_err(failed)?.iter();
            days.map(|days| days.map(|days| DateTime::from_microseconds(i64::from(days) * DAY)))
                .collect::<DateTimeColumn>()
                .into()
        }
        DataType::Datetime(unit, _) => times(series, *unit)?,
        DataType::String => strings(series).map_err(failed)?,
        kind if kind.is_categorical() || kind.is_enum() => {
            strings(&series.cast(&DataType::String).map_err(failed)?).map_err(failed)?
        }
        _ => {
            let expected = "numbers, integers, booleans, dates, datetimes, strings or categories; cast the column to one of these, or leave \
                            it out with DataFrame::drop";
            return Err(refused(series, expected));
        }
    })
}

fn refused(series: &Series, expected: impl Into<String>) -> Error {
    let value = format!("column \"{}\" of {}", series.name(), series.dtype());
    Error::argument("from_polars", "frame", value, expected)
}

fn numbers(series: &Series) -> std::result::Result<Column, PolarsError> {
    let values = series.f64()?;
    let mut numbers = Vec::with_capacity(values.len());
    match values.null_count() {
        0 => values.downcast_iter().for_each(|chunk| numbers.extend_from_slice(chunk.values())),
        _ => numbers.extend(values.iter().map(|value| value.unwrap_or(f64::NAN))),
    }
    Ok(Column::Number(numbers))
}

fn times(series: &Series, unit: TimeUnit) -> Result<Column> {
    let counts = series.to_physical_repr();
    let counts = counts.i64().map_err(|error| refused(series, error.to_string()))?;
    let microseconds = |count: i64| match unit {
        TimeUnit::Nanoseconds => Some(count.div_euclid(1000)),
        TimeUnit::Microseconds => Some(count),
        TimeUnit::Milliseconds => count.checked_mul(1000),
    };
    let at = |count: Option<i64>| match count {
        Some(count) => microseconds(count).map(|count| Some(DateTime::from_microseconds(count))),
        None => Some(None),
    };
    let expected = "times that microseconds since 1970 reach in 64 bits, the years from −290307 to 294246";
    let values: Option<DateTimeColumn> = counts.iter().map(at).collect();
    values.map(Column::from).ok_or_else(|| refused(series, expected))
}

fn strings(series: &Series) -> std::result::Result<Column, PolarsError> {
    Ok(Column::String(series.str()?.iter().collect::<StringColumn>()))
}
