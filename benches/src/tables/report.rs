use super::{Comparison, Method};
use perceptra::pipeline::Task;
use std::fmt::Write;

/// Widths of the columns; with the mark and a space they make 80 characters.
const NAME: usize = 22;
const WIDTHS: [usize; 6] = [5, 12, 10, 10, 9, 10];

/// The methods on each set and in all, as a table of at most 80 columns.
pub fn report(comparison: &Comparison) -> String {
    let mut text = String::new();
    for (set, methods) in &comparison.sets {
        let title = format!("{} ({}, {} rows)", set.name, set.task, grouped(set.rows() as f64, 0));
        let (error, score) = match set.task {
            Task::Regression => ("RMSE", "R²"),
            Task::Binary => ("log loss", "AUC"),
            _ => ("log loss", "accuracy"),
        };
        section(&mut text, &title, [error, score], methods);
    }
    section(&mut text, "the mean over the sets", ["", ""], &comparison.all);
    text.push_str("\n* measured here. n: splits. gap: 0 is the best method's, 100 the constant\n");
    text.push_str("prediction's. rank: among the methods with the most splits. seconds: of the\n");
    text.push_str("processor, for fit and prediction of a split.\n");
    text
}

/// The part of [`report`] about one set.
fn section(text: &mut String, title: &str, [error, score]: [&str; 2], methods: &[Method]) {
    let _ = writeln!(text, "\n{title}");
    line(text, " ", "", ["n", error, score, "gap %", "rank", "seconds"].map(str::to_owned));
    for method in methods {
        let cells = [
            method.splits.to_string(),
            cell(method.error, 4, WIDTHS[1], error),
            cell(method.score, 4, WIDTHS[2], score),
            cell(method.gap, 2, WIDTHS[3], "gap"),
            cell(method.rank, 2, WIDTHS[4], "rank"),
            cell(method.seconds, 2, WIDTHS[5], "seconds"),
        ];
        line(text, if method.is_measured { "*" } else { " " }, &method.name, cells);
    }
}

fn line(text: &mut String, mark: &str, name: &str, cells: [String; 6]) {
    let name: String = name.chars().take(NAME).collect();
    let mut line = format!("{mark} {name:<NAME$}");
    for (cell, width) in cells.iter().zip(WIDTHS) {
        let _ = write!(line, "{cell:>width$}");
    }
    let _ = writeln!(text, "{}", line.trim_end());
}

/// A number with these decimals, with one decimal from 100 on, or with an exponent if that is too wide; a dash if there is none; empty
/// in a column without a name.
fn cell(value: Option<f64>, decimals: usize, width: usize, name: &str) -> String {
    let Some(value) = value else {
        return if name.is_empty() { String::new() } else { "-".into() };
    };
    let plain = if value.abs() < 100.0 { format!("{value:.decimals$}") } else { grouped(value, 1) };
    if plain.len() < width { plain } else { format!("{value:.1e}") }
}

/// A number with commas between groups of three digits.
fn grouped(value: f64, decimals: usize) -> String {
    let written = format!("{value:.decimals$}");
    let end = written.find('.').unwrap_or(written.len());
    let begin = usize::from(written.starts_with('-'));
    let mut text = String::new();
    for (index, character) in written.chars().enumerate() {
        if index > begin && index < end && (end - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(character);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::set::Set;
    use super::*;
    use perceptra::preprocessing::Table;

    fn method(name: &str, value: f64) -> Method {
        let some = Some(value);
        let name = name.to_owned();
        Method { name, is_measured: true, splits: 999, error: some, score: some, gap: some, rank: some, seconds: some }
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(grouped(1234567.0, 0), "1,234,567");
        assert_eq!(grouped(-123456.75, 1), "-123,456.8");
        assert_eq!(grouped(123.0, 1), "123.0");
        assert_eq!(cell(Some(99.5), 2, 9, "gap"), "99.50");
        assert_eq!(cell(Some(46028.91), 4, 9, "RMSE"), "46,028.9");
        assert_eq!(cell(Some(46028.91), 4, 8, "RMSE"), "4.6e4");
        assert_eq!(cell(None, 4, 9, "RMSE") + &cell(None, 4, 9, ""), "-");
    }

    #[test]
    fn no_line_is_wider_than_80_columns_and_columns_stay_apart() {
        let table = Table::new().with_numbers("target", [0.5]).unwrap();
        let parts = Table::new().with_numbers("s0", [2.0]).unwrap();
        let set = Set::new("bike", Task::Regression, 0, table, parts).unwrap();
        for value in [-0.5, 99.99, -999_999.0, -1e300, f64::NAN, f64::NEG_INFINITY] {
            let methods = vec![method("a_method_with_a_long_name_indeed", value)];
            let text = report(&Comparison { sets: vec![(set.clone(), methods.clone())], all: methods });
            assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
            let row = text.lines().find(|line| line.starts_with('*')).unwrap();
            assert_eq!(row.split_whitespace().count(), 8, "{row}");
        }
    }
}
