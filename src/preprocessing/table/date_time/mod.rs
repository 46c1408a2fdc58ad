//! A point in time.

mod civil;
mod column;
mod format;
mod iso;

use crate::error::{Error, Result};
use civil::{civil_from_days, days_from_civil, days_of_month};

pub use column::DateTimeColumn;
pub(super) use format::DateFormat;
pub(super) use iso::SERDE_NAME;

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

/// A point in time in microseconds since 1970-01-01T00:00:00 UTC, without a time zone; a date is its midnight.
///
/// The calendar is the Gregorian one for all years, days have 86 400 seconds. As a string it is ISO 8601: `2024-02-29` at midnight,
/// `2024-02-29T18:30:00` or, with a fraction of a second, `2024-02-29T18:30:00.25` otherwise; so it is in JSON. A string that is read may have
/// a space for `T`, leave out the seconds, and end in `Z` or an offset such as `+01:00`, which is subtracted.
///
/// ```
/// use perceptra::preprocessing::DateTime;
///
/// let issued = DateTime::date(2024, 2, 29)?;
/// assert_eq!(("2024-02-29".parse::<DateTime>()?, issued.weekday()), (issued, 3));
/// let evening = issued.at(18, 30, 0)?;
/// assert_eq!(evening.to_string(), "2024-02-29T18:30:00");
/// assert_eq!(DateTime::parse("29.02.2024 18:30", "%d.%m.%Y %H:%M")?, evening);
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateTime {
    microseconds: i64,
}

impl DateTime {
    /// So many microseconds after 1970-01-01T00:00:00, before it for a negative number.
    pub fn from_microseconds(microseconds: i64) -> DateTime {
        DateTime { microseconds }
    }

    /// The microseconds since 1970-01-01T00:00:00.
    pub fn microseconds(self) -> i64 {
        self.microseconds
    }

    /// Midnight of a day, month and day counted from 1.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a day that the calendar does not have, and for a year that the microseconds do not reach, below −290 307
    /// or above 294 246.
    pub fn date(year: i64, month: u32, day: u32) -> Result<DateTime> {
        Self::midnight(year, month, day).ok_or_else(|| {
            let value = format!("{year:04}-{month:02}-{day:02}");
            Error::argument(
                "DateTime::date",
                "day",
                value,
                "a day of the Gregorian calendar, years from −290307 to 294246",
            )
        })
    }

    /// That time of its day, in place of the one it has.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for an hour above 23, or a minute or second above 59.
    pub fn at(self, hour: u32, minute: u32, second: u32) -> Result<DateTime> {
        // The first day begins before the first microsecond.
        let at = |time| i64::try_from(i128::from(self.microseconds) - i128::from(self.time()) + i128::from(time)).ok();
        match time_of_day(hour, minute, second, 0).and_then(at) {
            Some(microseconds) => Ok(DateTime { microseconds }),
            None => {
                let value = format!("{hour:02}:{minute:02}:{second:02}");
                Err(Error::argument("DateTime::at", "time", value, "a time from 00:00:00 to 23:59:59"))
            }
        }
    }

    /// Reads a string of a format, as of `strptime`:
    ///
    /// | | |
    /// |---|---|
    /// | `%Y`, `%y` | the year of four digits; of two, where 69 to 99 are of the 20th century |
    /// | `%m`, `%b`, `%B` | the month as a number; its English name of three letters, or whole |
    /// | `%d` | the day of the month |
    /// | `%H`, `%I`, `%p` | the hour to 23; to 12, with AM or PM |
    /// | `%M`, `%S`, `%f` | the minute, the second, up to nine digits of its fraction, of which six count |
    /// | `%z` | `Z` or an offset such as `+01:00` or `+0100`, which is subtracted |
    /// | `%F`, `%T`, `%%` | `%Y-%m-%d`, `%H:%M:%S`, `%` |
    ///
    /// All other characters represent themselves; spaces around the string do not count. A month and day that the format leaves out are the
    /// first.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a format without a year or with another `%`, and for a string that is not of the format.
    pub fn parse(text: &str, format: &str) -> Result<DateTime> {
        let format = DateFormat::new(format)?;
        format.parse(text).ok_or_else(|| {
            Error::argument(
                "DateTime::parse",
                "text",
                format!("\"{text}\""),
                format!("a date and time as {}", format.example()),
            )
        })
    }

    /// The year.
    pub fn year(self) -> i64 {
        self.civil().0
    }

    /// The month from 1 to 12.
    pub fn month(self) -> u32 {
        self.civil().1
    }

    /// The day of the month from 1.
    pub fn day(self) -> u32 {
        self.civil().2
    }

    /// The day of the week, 0 for Monday to 6 for Sunday.
    pub fn weekday(self) -> u32 {
        // 1970-01-01 was a Thursday.
        (self.days() + 3).rem_euclid(7) as u32
    }

    /// The day of the year from 1 to 366.
    pub fn day_of_year(self) -> u32 {
        (self.days() - days_from_civil(self.year(), 1, 1) + 1) as u32
    }

    /// The number of days that its month has.
    pub fn days_in_month(self) -> u32 {
        days_of_month(self.year(), self.month())
    }

    /// The number of days that its year has.
    pub fn days_in_year(self) -> u32 {
        337 + days_of_month(self.year(), 2)
    }

    /// The hour from 0 to 23.
    pub fn hour(self) -> u32 {
        (self.time() / (3600 * SECOND)) as u32
    }

    /// The minute from 0 to 59.
    pub fn minute(self) -> u32 {
        (self.time() / (60 * SECOND) % 60) as u32
    }

    /// The second from 0 to 59.
    pub fn second(self) -> u32 {
        (self.time() / SECOND % 60) as u32
    }

    /// The microseconds of the second, from 0 to 999 999.
    pub fn subsecond(self) -> u32 {
        (self.time() % SECOND) as u32
    }

    /// Whether it is a date without a time of the day.
    pub fn is_midnight(self) -> bool {
        self.time() == 0
    }

    /// The days since 1970-01-01, rounded down.
    fn days(self) -> i64 {
        self.microseconds.div_euclid(DAY)
    }

    /// The microseconds since midnight.
    fn time(self) -> i64 {
        self.microseconds.rem_euclid(DAY)
    }

    fn civil(self) -> (i64, u32, u32) {
        civil_from_days(self.days())
    }

    fn midnight(year: i64, month: u32, day: u32) -> Option<DateTime> {
        let exists = (-300_000..300_000).contains(&year) && (1..=days_of_month(year, month)).contains(&day);
        let microseconds = exists.then(|| days_from_civil(year, month, day))?.checked_mul(DAY)?;
        Some(DateTime { microseconds })
    }

    /// A day and the microseconds after its midnight, which may be on another day. The first day that is reached begins before the first
    /// microsecond.
    fn on(year: i64, month: u32, day: u32, time: i64) -> Option<DateTime> {
        let exists = (-300_000..300_000).contains(&year) && (1..=days_of_month(year, month)).contains(&day);
        let sum = i128::from(exists.then(|| days_from_civil(year, month, day))?) * i128::from(DAY) + i128::from(time);
        i64::try_from(sum).ok().map(DateTime::from_microseconds)
    }
}

/// The microseconds from midnight to a time that exists.
fn time_of_day(hour: u32, minute: u32, second: u32, microsecond: u32) -> Option<i64> {
    let exists = hour < 24 && minute < 60 && second < 60;
    exists.then_some(
        (i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second)) * SECOND + i64::from(microsecond),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_those_of_the_calendar() {
        let at = DateTime::date(2024, 2, 29).unwrap().at(23, 59, 58).unwrap();
        assert_eq!((at.year(), at.month(), at.day(), at.weekday(), at.day_of_year()), (2024, 2, 29, 3, 60));
        assert_eq!((at.hour(), at.minute(), at.second(), at.subsecond(), at.is_midnight()), (23, 59, 58, 0, false));
        let before = DateTime::from_microseconds(-1);
        assert_eq!((before.year(), before.month(), before.day(), before.hour()), (1969, 12, 31, 23));
        assert_eq!((before.second(), before.subsecond(), before.weekday()), (59, 999_999, 2));
        assert_eq!(DateTime::date(2024, 12, 31).unwrap().day_of_year(), 366);
    }

    #[test]
    fn days_and_times_that_do_not_exist_are_refused() {
        for (year, month, day) in
            [(2023, 2, 29), (2023, 13, 1), (2023, 0, 1), (2023, 4, 31), (2023, 1, 0), (1900, 2, 29), (294_248, 1, 1)]
        {
            assert!(DateTime::date(year, month, day).is_err(), "{year} {month} {day}");
        }
        assert!(DateTime::date(i64::MAX, 1, 1).is_err() && DateTime::date(i64::MIN, 1, 1).is_err());
        let day = DateTime::date(2000, 2, 29).unwrap();
        assert!(day.at(24, 0, 0).is_err() && day.at(0, 60, 0).is_err() && day.at(0, 0, 60).is_err());
        let first = DateTime::from_microseconds(i64::MIN);
        assert!(first.at(0, 0, 0).is_err() && first.at(23, 0, 0).is_ok());
    }
}
