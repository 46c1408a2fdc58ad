//! The name that was probably meant.

/// `; did you mean "…"?` with the one of the names, separated by commas, that is most like a name that does not exist;
/// nothing where none is like it. What stands behind a semicolon is no name.
pub(crate) fn suggestion(name: &str, known: &str) -> String {
    let plain = |text: &str| -> Vec<char> {
        text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).take(64).collect()
    };
    let wanted = plain(name);
    let names = known.split(';').next().unwrap_or_default();
    let candidates = names.split(", ").filter(|candidate| !candidate.is_empty());
    let nearest = candidates.map(|candidate| (distance(&wanted, &plain(candidate)), candidate)).min();
    match nearest {
        Some((edits, candidate)) if edits <= wanted.len() / 3 => format!("; did you mean \"{candidate}\"?"),
        _ => String::new(),
    }
}

/// The letters to insert, delete or replace to make one word of another.
fn distance(from: &[char], to: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.iter().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, b) in row.iter_mut().skip(1).zip(to) {
            let above = *cell;
            left = (diagonal + usize::from(a != b)).min(above + 1).min(left + 1);
            diagonal = above;
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_levenshtein_s() {
        let distance = |a: &str, b: &str| distance(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>());
        for (a, b, edits) in
            [("", "", 0), ("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3), ("relu", "rely", 1)]
        {
            assert_eq!((distance(a, b), distance(b, a)), (edits, edits), "{a} {b}");
        }
    }

    #[test]
    fn only_what_is_alike_is_suggested() {
        let known = "Adam, AdamW, RMSprop, binary_crossentropy";
        assert_eq!(suggestion("adamm", known), "; did you mean \"Adam\"?");
        assert_eq!(suggestion("rms_prop", known), "; did you mean \"RMSprop\"?");
        assert_eq!(suggestion("BinaryCrossEntropie", known), "; did you mean \"binary_crossentropy\"?");
        assert_eq!(suggestion("torch", known), "");
        assert_eq!(suggestion("AdamW", "Adam; or AdamW"), "; did you mean \"Adam\"?");
        assert_eq!(suggestion("x", ""), "");
    }
}
