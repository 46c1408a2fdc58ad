//! Text for a terminal of eighty columns.

/// A heading with a rule below it.
pub(crate) fn heading(title: &str) {
    say!("{title}\n{}\n", "─".repeat(title.chars().count()));
}

/// A paragraph, broken into lines of at most 78 characters.
pub(crate) fn paragraph(text: &str) {
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > 78 {
            say!("{line}");
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    say!("{line}\n");
}

/// `1234567` as `1,234,567`.
pub(crate) fn thousands(count: usize) -> String {
    let digits = count.to_string();
    let mut grouped = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A fraction as a percentage with two decimals.
pub(crate) fn percent(fraction: f64) -> String {
    format!("{:.2}%", 100.0 * fraction)
}

/// A difference with its sign and four decimals; zero has a plus.
pub(crate) fn signed(difference: f64) -> String {
    format!("{:+.4}", (1e4 * difference).round() / 1e4 + 0.0)
}
