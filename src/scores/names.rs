//! The names of scores.

/// The type of a score's name, which `get` takes as well: `RocAuc` of `roc_auc`.
pub(super) fn type_of(name: &str) -> String {
    name.split('_')
        .flat_map(|word| {
            let mut letters = word.chars();
            letters.next().into_iter().flat_map(char::to_uppercase).chain(letters)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::scores::{ALIASES, all, get};
    use serde_json::Value;

    #[test]
    fn types_and_aliases_name_scores() {
        for (name, expected) in
            [("RocAuc", "roc_auc"), ("FBeta", "f_beta"), ("R2", "r2"), ("TopKAccuracy", "top_k_accuracy")]
        {
            assert_eq!(get(name, Value::Null).unwrap().class_name(), expected);
        }
        for (alias, name) in ALIASES {
            assert_eq!(get(alias, Value::Null).unwrap().class_name(), *name);
        }
        let error = get("roc", Value::Null).unwrap_err().to_string();
        assert!(error.contains("\"roc_auc\""), "{error}");
    }

    #[test]
    fn names_are_those_of_types_in_snake_case() {
        for entry in all() {
            let score = (entry.make)(Value::Null).unwrap();
            let shown = format!("{score:?}");
            let shown = shown.split([' ', '{']).next().unwrap();
            assert_eq!(
                (super::type_of(entry.name), crate::items::snake_case(shown)),
                (shown.into(), entry.name.into())
            );
        }
    }
}
