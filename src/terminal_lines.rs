//! Lines of at most 80 characters, for what `Display` shows.

/// The characters of the widest line.
pub(crate) const WIDTH: usize = 80;

/// The string, with `…` for its end where it is longer than this.
pub(crate) fn truncated(text: &str, most: usize) -> String {
    match text.chars().count() > most {
        true => text.chars().take(most.saturating_sub(1)).chain(['…']).collect(),
        false => text.to_owned(),
    }
}

/// The text with every line broken between words, so that none is longer than [`WIDTH`]; what is broken off begins `hanging` spaces
/// further to the right than its line. A word that is longer than a line is truncated.
pub(crate) fn wrapped(text: &str, hanging: usize) -> String {
    let mut made = String::with_capacity(text.len());
    for (index, line) in text.split('\n').enumerate() {
        let words = line.trim_start_matches(' ');
        let indent = line.len() - words.len();
        if index > 0 {
            made.push('\n');
        }
        made.push_str(&" ".repeat(indent));
        let (mut at, mut is_first) = (indent, true);
        for word in words.split(' ') {
            let word = truncated(word, WIDTH.saturating_sub(indent + hanging).max(1));
            let length = word.chars().count();
            if !is_first && at + 1 + length > WIDTH {
                made.push('\n');
                made.push_str(&" ".repeat(indent + hanging));
                at = indent + hanging;
            } else if !is_first {
                made.push(' ');
                at += 1;
            }
            made.push_str(&word);
            at += length;
            is_first = false;
        }
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_between_words_and_keep_their_indent() {
        let text = format!("{}\n  {}{}", "abc ".repeat(30).trim_end(), "x".repeat(90), " y".repeat(60));
        let made = wrapped(&text, 2);
        assert!(made.lines().all(|line| line.chars().count() <= WIDTH), "{made}");
        let words = |text: &str| text.split_whitespace().count();
        assert_eq!(words(&made), words(&text));
        let lines: Vec<&str> = made.lines().collect();
        assert!(
            lines[1].starts_with("  abc") && lines[2].starts_with("  xxx") && lines[3].starts_with("    y"),
            "{made}"
        );
        assert_eq!(wrapped("a  b\n\n c ", 4), "a  b\n\n c ");
    }
}
