//! How wide text is, without a font: character widths of the Helvetica family, rounded up a little.
//!
//! The fonts a viewer may choose (Arial, Liberation Sans, DejaVu Sans) differ by up to 15%; [`ALLOWANCE`] covers most
//! of it, and every text is anchored at the side that must not move, so that the rest extends into free space.

/// Factor over the widths of Helvetica.
const ALLOWANCE: f64 = 1.1;

/// The estimated width of `text` at a font size, in the unit of the size.
pub(super) fn width(text: &str, size: f64) -> f64 {
    ALLOWANCE * size * text.chars().map(character_width).sum::<f64>()
}

/// `text`, truncated with an ellipsis if it is wider than `available`.
pub(crate) fn fit(text: &str, size: f64, available: f64) -> String {
    if width(text, size) <= available {
        return text.to_string();
    }
    let available = available - width("…", size);
    let mut used = 0.0;
    let kept = text.chars().take_while(|&c| {
        used += ALLOWANCE * size * character_width(c);
        used <= available
    });
    let mut kept: String = kept.collect();
    kept.truncate(kept.trim_end_matches([' ', '_', '-', '.']).len());
    kept.push('…');
    kept
}

/// The text in at most two lines that fit into `available`, broken at a blank, `_`, `-` or `/`; the second ends in an ellipsis where
/// even that is too narrow.
pub(super) fn two_lines(text: &str, size: f64, available: f64) -> (String, Option<String>) {
    if width(text, size) <= available {
        return (text.to_owned(), None);
    }
    let fits = |end: &usize| width(text[..*end].trim_end(), size) <= available;
    let mut breaks = text.match_indices([' ', '_', '-', '/']).map(|(at, mark)| at + mark.len());
    match breaks.rfind(fits) {
        Some(at) => (text[..at].trim_end().to_owned(), Some(fit(&text[at..], size, available))),
        None => (fit(text, size, available), None),
    }
}

/// The width of one character with the space after it, as a fraction of the font size.
fn character_width(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | '\'' | '|' => 0.23,
        ' ' | '.' | ',' | ':' | ';' | '!' | '/' | '\\' | 'f' | 't' | 'I' | '(' | ')' | '[' | ']' => 0.29,
        'r' | '-' | '"' | '`' | '*' => 0.36,
        'c' | 'k' | 's' | 'v' | 'x' | 'y' | 'z' | 'J' => 0.5,
        'm' | 'M' | 'w' | '%' | '—' => 0.86,
        // Up to 0.67 in Helvetica, 0.84 in DejaVu Sans.
        '<' | '>' | '&' | '#' | '~' => 0.8,
        'W' | '@' | '…' => 1.0,
        'A'..='Z' => 0.7,
        // East Asian wide characters fill a square.
        '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' => 1.0,
        '\u{ff00}'..='\u{ff60}' | '\u{1f300}'..='\u{1faff}' => 1.0,
        // Combining marks and zero-width characters.
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{2066}'..='\u{2069}' | '\u{fe0f}' => 0.0,
        _ => 0.56,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_grows_with_text_and_size() {
        assert!(width("annual_inc", 12.0) < width("annual_income", 12.0));
        assert_eq!(width("abc", 24.0), 2.0 * width("abc", 12.0));
        // By Helvetica's widths at 12: "funded_amnt_inv" is 86 wide.
        let estimate = width("funded_amnt_inv", 12.0);
        assert!((86.0..105.0).contains(&estimate), "{estimate}");
    }

    #[test]
    fn two_lines_are_broken_at_joints_and_cut_at_the_end() {
        let name = "debt_to_income_ratio_of_all_open_accounts";
        let (first, second) = two_lines(name, 13.0, 160.0);
        assert_eq!(format!("{first}{}", second.unwrap()), name);
        let (first, second) = two_lines(name, 13.0, 90.0);
        assert!(first == "debt_to_" && second.unwrap().ends_with('…'));
        assert_eq!(two_lines("term", 13.0, 90.0), ("term".into(), None));
        assert!(two_lines(&"x".repeat(99), 13.0, 90.0).0.ends_with('…'));
    }

    #[test]
    fn signs_are_as_wide_as_in_the_widest_font() {
        // By DejaVu Sans's widths at 11.
        for (label, by_font) in [("<>", 18.4), ("&", 8.6), ("#", 9.2), ("~", 9.2)] {
            assert!(width(label, 11.0) >= by_font, "{label}: {}", width(label, 11.0));
        }
    }

    #[test]
    fn text_is_cut_only_where_it_does_not_fit() {
        assert_eq!(fit("term", 12.0, 60.0), "term");
        let cut = fit("home_ownership_of_the_customer", 12.0, 80.0);
        assert!(cut.starts_with("home") && cut.ends_with('…') && width(&cut, 12.0) <= 80.0, "{cut}");
        assert_eq!(fit("anything", 12.0, 0.0), "…");
    }
}
