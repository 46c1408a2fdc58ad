//! A table of the page.

use std::fmt::Write;

use crate::plot::svg::escape;
use crate::{Error, Result};

/// The attributes of a cell in a column of numbers, and of one in another column.
const NUMBER: &str = " class=\"number\"";
const TEXT: &str = " dir=\"auto\"";

/// The table with its caption; columns of numbers are set flush right.
pub(super) fn html(caption: &str, headings: &[String], rows: &[Vec<String>]) -> Result<String> {
    if headings.is_empty() {
        return Err(Error::Empty {
            what: format!("the table \"{caption}\" of the Page"),
            advice: "pass at least one heading".to_string(),
        });
    }
    if let Some((i, row)) = rows.iter().enumerate().find(|(_, row)| row.len() != headings.len()) {
        return Err(Error::argument(
            "Page",
            "table",
            format!("\"{caption}\" with {} cells in row {i} (counted from 0)", row.len()),
            format!("{} cells, one per heading", headings.len()),
        ));
    }
    let classes: Vec<&str> = (0..headings.len())
        .map(|j| {
            let mut filled =
                rows.iter().map(|row| row[j].trim()).filter(|cell| !matches!(*cell, "" | "–" | "—")).peekable();
            if filled.peek().is_some() && filled.all(is_number) { NUMBER } else { TEXT }
        })
        .collect();
    let mut html = String::from("<div class=\"table\" tabindex=\"0\">\n<table>\n");
    if !caption.is_empty() {
        let _ = writeln!(html, "<caption dir=\"auto\">{}</caption>", escape(caption));
    }
    let line = |open: &str, close: &str, cells: &[String]| {
        let cell = |(cell, class): (&String, &&str)| format!("<{open}{class}>{}</{close}>", escape(cell));
        format!("<tr>{}</tr>\n", cells.iter().zip(&classes).map(cell).collect::<String>())
    };
    let _ = writeln!(html, "<thead>\n{}</thead>\n<tbody>", line("th scope=\"col\"", "th", headings));
    html.extend(rows.iter().map(|row| line("td", "td", row)));
    html.push_str("</tbody>\n</table>\n</div>\n");
    Ok(html)
}

/// Whether a cell reads as a number, with signs, separators, a percent sign or a unit's factor.
fn is_number(cell: &str) -> bool {
    let bare: String = cell.chars().filter(|c| !matches!(c, ',' | '%' | ' ' | '±')).collect();
    bare.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '−' | '+' | '.'))
        && bare.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '−' | '+' | '.' | 'e'))
        && bare.contains(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_cells_are_recognized() {
        for number in ["1", "−1,234.5", "81.87%", "0.68 ± 0.01", "1.2e-3", "+3"] {
            assert!(is_number(number), "{number}");
        }
        for text in ["", "relu", "12–12–1", "e", "-", "3 apples", "%"] {
            assert!(!is_number(text), "{text}");
        }
    }
}
