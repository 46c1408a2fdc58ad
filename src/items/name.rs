//! Names of classes.

/// The name of a Rust type without its path and its parameters.
pub(crate) fn type_name<C: ?Sized>() -> String {
    last_of(std::any::type_name::<C>())
}

/// Apart from [`type_name`], so that it is compiled once.
fn last_of(path: &str) -> String {
    let plain = path.split('<').next().unwrap_or(path);
    plain.rsplit("::").next().unwrap_or(plain).to_string()
}

/// A class name as an owned string, which is allocated in one place for all items.
#[inline(never)]
pub(crate) fn class_name(name: &str) -> String {
    name.into()
}

/// `CamelCase` as `snake_case`, as Keras forms the names of layers and metrics.
pub(crate) fn snake_case(class_name: &str) -> String {
    let letters: Vec<char> = class_name.chars().collect();
    let mut name = String::with_capacity(letters.len() + 4);
    for (i, &letter) in letters.iter().enumerate() {
        let after_small = i > 0 && letters[i - 1].is_lowercase();
        let before_small = i > 0 && letters.get(i + 1).is_some_and(|next| next.is_lowercase());
        if letter.is_uppercase() && (after_small || before_small) && !name.ends_with('_') {
            name.push('_');
        }
        name.extend(letter.to_lowercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snake_case_is_keras_s() {
        for (class, name) in [
            ("Dense", "dense"),
            ("BatchNormalization", "batch_normalization"),
            ("ReLU", "re_lu"),
            ("AUC", "auc"),
            ("F1Score", "f1_score"),
            ("PReLU", "p_re_lu"),
            ("FalsePositives", "false_positives"),
            ("L1L2", "l1l2"),
            ("RMSprop", "rm_sprop"),
        ] {
            assert_eq!(snake_case(class), name);
        }
    }
}
