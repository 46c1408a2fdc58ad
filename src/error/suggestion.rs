//! Suggests the name that was probably meant.

/// `; did you mean "…"?` with the known name that is most similar to an unknown one; empty if none is similar.
///
/// Case and punctuation are ignored. At most a third of the letters may be wrong, missing, superfluous, or exchanged with the
/// next one; of two letters the second may be wrong. If no name is that similar, a name that begins with the unknown one (at least
/// three letters) is suggested.
pub(crate) fn suggestion<N: AsRef<str>>(name: &str, known: &[N]) -> String {
    let wanted = letters(name);
    let length = wanted.chars().count();
    let near = known.iter().filter_map(|candidate| {
        let compared = letters(candidate.as_ref());
        let edits = strsim::osa_distance(&wanted, &compared);
        let is_near = edits <= length / 3 || length == 2 && only_second_differs(&wanted, &compared);
        is_near.then(|| (edits, letter_distance(&wanted, &compared), candidate.as_ref()))
    });
    let begun = || {
        let candidates = known.iter().map(N::as_ref).filter(|candidate| letters(candidate).starts_with(&wanted));
        candidates.min_by_key(|candidate| candidate.len()).filter(|_| length >= 3)
    };
    match near.min().map(|(_, _, candidate)| candidate).or_else(begun) {
        Some(candidate) => format!("; did you mean \"{candidate}\"?"),
        None => String::new(),
    }
}

/// Whether both have two letters and the same first one.
fn only_second_differs(wanted: &str, candidate: &str) -> bool {
    candidate.chars().count() == 2 && candidate.chars().next() == wanted.chars().next()
}

/// The sum of the differences between letters at the same positions: it breaks ties, so that "l3" suggests "l2" rather than "l1".
fn letter_distance(wanted: &str, candidate: &str) -> u32 {
    wanted.chars().zip(candidate.chars()).map(|(a, b)| u32::from(a).abs_diff(u32::from(b))).sum()
}

/// The part of a name that is compared: its first letters and digits, since the time grows with the product of both lengths.
fn letters(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_similar_names_are_suggested() {
        let known = ["Adam", "AdamW", "RMSprop", "binary_crossentropy"];
        assert_eq!(suggestion("adamm", &known), "; did you mean \"Adam\"?");
        assert_eq!(suggestion("rms_prop", &known), "; did you mean \"RMSprop\"?");
        assert_eq!(suggestion("BinaryCrossEntropie", &known), "; did you mean \"binary_crossentropy\"?");
        assert_eq!(suggestion("Adma", &known), "; did you mean \"Adam\"?");
        assert_eq!(suggestion("torch", &known), "");
        assert_eq!(suggestion::<&str>("x", &[]), "");
    }

    #[test]
    fn short_names_and_beginnings_find_theirs() {
        let regularizers = ["L1", "L1L2", "L2", "OrthogonalRegularizer"];
        assert_eq!(suggestion("l3", &regularizers), "; did you mean \"L2\"?");
        assert_eq!(suggestion("l0", &regularizers), "; did you mean \"L1\"?");
        assert_eq!(suggestion("ortho", &regularizers), "; did you mean \"OrthogonalRegularizer\"?");
        assert_eq!(suggestion("sep", &["filename", "separator", "append"]), "; did you mean \"separator\"?");
        let metrics = ["acc", "auc", "mae", "mse", "Mean", "Recall", "Precision", "R2Score"];
        for far in ["nope", "x", "", "q7", "zz", "me"] {
            assert_eq!(suggestion(far, &metrics), "", "{far}");
        }
    }

    #[test]
    fn a_name_with_a_comma_or_semicolon_is_one_name() {
        let known = ["amount, yearly", "rate; %"];
        assert_eq!(suggestion("amount, yaerly", &known), "; did you mean \"amount, yearly\"?");
        assert_eq!(suggestion("rates", &known), "; did you mean \"rate; %\"?");
    }

    #[test]
    fn long_names_take_no_long_time() {
        let name = "x".repeat(1 << 20);
        assert_eq!(suggestion(&name, std::slice::from_ref(&name)), format!("; did you mean \"{name}\"?"));
    }
}
