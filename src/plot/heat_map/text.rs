//! The heat map for a terminal: shading characters and numbers in at most 80 columns.

use super::HeatMap;
use crate::Result;

/// The widest line.
const LINE: usize = 80;
/// The greatest width of row labels.
const ROW_LABEL: usize = 16;
/// The least width of a column, so that most headings stay readable.
const COLUMN: usize = 8;
/// The most lines of a heading.
const HEADING_LINES: usize = 3;
/// Fractions of the largest magnitude from which each shade is used; conventional marks of a weak to a strong correlation.
const SHADES: [(f64, char); 4] = [(0.7, '█'), (0.5, '▓'), (0.3, '▒'), (0.1, '░')];

impl HeatMap {
    /// The matrix as plain text: each value with a block whose darkness is its magnitude.
    ///
    /// No line is longer than 80 characters and there are no control sequences. Headings are broken at `_`, spaces and
    /// hyphens; columns that do not fit follow in further blocks with the same rows. NaN cells are empty. Every line
    /// ends in a line feed.
    ///
    /// ```
    /// use nalgebra::Matrix2;
    /// use perceptra::plot::HeatMap;
    ///
    /// let r = Matrix2::new(1.0, -0.35, -0.35, 1.0);
    /// let text = HeatMap::new("Correlations", &r).labels(["int_rate", "annual_inc"]).to_text()?;
    /// assert!(text.lines().any(|line| line == "int_rate   ██  1.00 ▒▒ −0.35"));
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of [`HeatMap::to_svg`].
    pub fn to_text(&self) -> Result<String> {
        let limit = self.scale()?.limit();
        let (rows, columns) = self.labelled()?;
        let rows: Vec<String> = rows.iter().map(|l| cut(&printable(l), ROW_LABEL)).collect();
        let columns: Vec<String> = columns.iter().map(|l| printable(l)).collect();
        let left = rows.iter().map(|l| l.chars().count()).max().unwrap_or(0);
        let values: Vec<Vec<String>> = self.cells.iter().map(|r| r.iter().map(|&v| self.value(v)).collect()).collect();
        let widest = values.iter().flatten().map(|v| v.chars().count()).max().unwrap_or(0);
        // One blank, two shading characters, the value after a gap. The gap goes where that brings all columns into one
        // block.
        let fitting = |gap: usize| (LINE - left) / (widest + 3 + gap).clamp(COLUMN + gap, LINE - ROW_LABEL);
        let gap = if fitting(1) < columns.len() && columns.len() <= fitting(0) { 0 } else { 1 };
        let column = (widest + 3 + gap).clamp(COLUMN + gap, LINE - ROW_LABEL);
        let per_block = fitting(gap).max(1);

        let mut text = String::new();
        if !self.title.is_empty() {
            text.push_str(&wrap(&printable(&self.title), LINE, usize::MAX).join("\n"));
            text.push('\n');
        }
        for start in (0..columns.len()).step_by(per_block) {
            let block = start..columns.len().min(start + per_block);
            let headings: Vec<Vec<String>> =
                columns[block.clone()].iter().map(|l| wrap(l, column - 1, HEADING_LINES)).collect();
            let height = headings.iter().map(Vec::len).max().unwrap_or(0);
            for line in 0..height {
                let mut out = " ".repeat(left);
                for heading in &headings {
                    // Headings end right above the values: the shorter ones begin further down.
                    let blank = height - heading.len();
                    let part = if line < blank { "" } else { &heading[line - blank] };
                    out.push_str(&format!("{part:>column$}"));
                }
                push_line(&mut text, &out);
            }
            for (i, label) in rows.iter().enumerate() {
                let mut out = format!("{label:<left$}");
                for j in block.clone() {
                    let available = column - 3 - gap;
                    let value = cut(&values[i][j], available);
                    let shade = shade(self.cells[i][j] / limit);
                    out.push_str(&format!(" {shade}{shade}{:gap$}{value:>available$}", ""));
                }
                push_line(&mut text, &out);
            }
            if block.end < columns.len() {
                text.push('\n');
            }
        }
        let key: Vec<String> = SHADES
            .iter()
            .rev()
            .map(|(from, c)| format!("{c}{c} {}", crate::plot::number::plain(from * limit)))
            .collect();
        push_line(&mut text, &format!("|value| from {}", key.join("  ")));
        Ok(text)
    }
}

/// `text` with a blank for each control character: a label cannot break the line or control the terminal.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The block for a fraction of the largest magnitude.
fn shade(fraction: f64) -> char {
    SHADES.iter().find(|(from, _)| fraction.abs() >= *from).map_or(' ', |s| s.1)
}

/// The first `available` characters, the last of them an ellipsis where something is left out.
fn cut(text: &str, available: usize) -> String {
    if text.chars().count() <= available {
        return text.to_string();
    }
    let mut kept: String = text.chars().take(available.saturating_sub(1)).collect();
    kept.push('…');
    kept
}

/// `label` on at most `lines` lines of `available` characters, broken at `_`, blanks and hyphens; what is cut shows an
/// ellipsis.
fn wrap(label: &str, available: usize, lines: usize) -> Vec<String> {
    let mut wrapped: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in label.split_inclusive(['_', ' ', '-']) {
        let bare = word.trim_end_matches(['_', ' ']);
        if !line.is_empty() && line.chars().count() + bare.chars().count() > available {
            wrapped.push(std::mem::take(&mut line));
        }
        line.push_str(word);
    }
    wrapped.push(line);
    if wrapped.len() > lines {
        wrapped.truncate(lines);
        if let Some(last) = wrapped.last_mut() {
            last.push('…');
        }
    }
    wrapped
        .iter()
        .map(|line| match line.strip_suffix('…') {
            Some(kept) => format!("{}…", cut(kept.trim_end_matches(['_', ' ']), available - 1).trim_end_matches('…')),
            None => cut(line.trim_end_matches(['_', ' ']), available),
        })
        .collect()
}

/// Adds a line without the blanks at its end.
fn push_line(text: &mut String, line: &str) {
    text.push_str(line.trim_end());
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use nalgebra::{DMatrix, RowVector3};

    use super::*;

    #[test]
    fn headings_are_broken_at_their_joints() {
        assert_eq!(wrap("funded_amnt_inv", 7, 3), ["funded", "amnt", "inv"]);
        assert_eq!(wrap("term", 7, 3), ["term"]);
        assert_eq!(wrap("tot_cur_bal", 7, 3), ["tot_cur", "bal"]);
        assert_eq!(wrap("home_ownership", 7, 3), ["home", "owners…"]);
        assert_eq!(wrap("a b c d", 1, 3), ["a", "b", "…"]);
        assert_eq!(wrap("", 7, 3), [""]);
    }

    #[test]
    fn any_matrix_stays_within_eighty_columns() {
        for (n, factor) in [(1, 1.0), (7, 1.0), (8, 1.0), (30, 1.0), (9, 1e9), (3, 1e308), (4, 1e-9)] {
            let m = DMatrix::from_fn(n, n, |i, j| factor * (0.37 * (i * n + j) as f64).cos());
            let labels = (0..n).map(|i| format!("a rather long name of column_{i}"));
            let text = HeatMap::new("Ä".repeat(100), &m).labels(labels).to_text().expect("text");
            let longest = text.lines().map(|l| l.chars().count()).max();
            assert!(longest <= Some(80), "{longest:?} for {n}\n{text}");
            assert!(!text.contains('\u{1b}'));
        }
    }

    #[test]
    fn eight_columns_with_long_labels_fit_side_by_side() {
        let names = [
            "funded_amnt_inv",
            "home_ownership",
            "int_rate",
            "term",
            "annual_inc",
            "total_rec_int",
            "tot_cur_bal",
            "y",
        ];
        let text = HeatMap::new("", &DMatrix::from_element(8, 8, -0.35)).labels(names).to_text().expect("text");
        assert_eq!(text.lines().count(), 3 + 8 + 1, "{text}");
        assert!(text.contains("funded_amnt_inv ▒▒−0.35 ▒▒−0.35"), "{text}");
    }

    #[test]
    fn a_nan_cell_is_blank_and_the_key_names_the_shades() {
        let text = HeatMap::new("", &RowVector3::new(0.2, f64::NAN, -1.0)).row_labels(["r"]).to_text().expect("text");
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[1], "r ░░  0.20          ██ −1.00");
        assert_eq!(lines[2], "|value| from ░░ 0.1  ▒▒ 0.3  ▓▓ 0.5  ██ 0.7");
        assert!(HeatMap::new("", &DMatrix::<f32>::zeros(0, 0)).to_text().is_err());
    }
}
