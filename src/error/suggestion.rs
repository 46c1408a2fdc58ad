//! The name that was probably meant.

/// `; did you mean "…"?` with the known name that is most like one that does not exist; nothing where none is like it.
///
/// Case and punctuation do not count, and at most a third of the letters may be wrong, missing, too many,
/// or exchanged with the next.
pub(crate) fn suggestion<N: AsRef<str>>(name: &str, known: &[N]) -> String {
    let wanted = letters(name);
    let distance = |candidate: &str| strsim::osa_distance(&wanted, &letters(candidate));
    let nearest = known.iter().map(|candidate| (distance(candidate.as_ref()), candidate.as_ref())).min();
    match nearest {
        Some((edits, candidate)) if edits <= wanted.chars().count() / 3 => format!("; did you mean \"{candidate}\"?"),
        _ => String::new(),
    }
}

/// What is compared of a name: the distance takes time in the product of two lengths, so it is cut.
fn letters(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_alike_is_suggested() {
        let known = ["Adam", "AdamW", "RMSprop", "binary_crossentropy"];
        assert_eq!(suggestion("adamm", &known), "; did you mean \"Adam\"?");
        assert_eq!(suggestion("rms_prop", &known), "; did you mean \"RMSprop\"?");
        assert_eq!(suggestion("BinaryCrossEntropie", &known), "; did you mean \"binary_crossentropy\"?");
        assert_eq!(suggestion("Adma", &known), "; did you mean \"Adam\"?");
        assert_eq!(suggestion("torch", &known), "");
        assert_eq!(suggestion::<&str>("x", &[]), "");
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
