//! Parts of the messages that depend on the values.

/// The names of a list in one line.
pub(super) fn list(names: &[String]) -> String {
    if names.is_empty() { "none".into() } else { names.join(", ") }
}

/// What comes last in a message, if there is anything.
pub(super) fn behind(advice: &str) -> String {
    if advice.is_empty() { String::new() } else { format!("; {advice}") }
}

/// Which columns leave no row complete, and what to do about it.
pub(super) fn incomplete(empty: &[String], most: &[(String, usize)]) -> String {
    if empty.is_empty() {
        let most: Vec<String> = most.iter().map(|(name, count)| format!("\"{name}\" ({count})")).collect();
        return format!(
            "most are missing in {}; leave such columns out with drop_columns, or fill them",
            most.join(", ")
        );
    }
    let names: Vec<String> = empty.iter().map(|name| format!("\"{name}\"")).collect();
    format!("no row has a value in {}; remove such columns first with drop_empty_columns()", names.join(", "))
}

/// What one column too few means as a rule.
pub(super) fn vector_advice(columns: usize) -> &'static str {
    match columns {
        1 => "; a single sample is a row: a vector of its values is passed as .transpose()",
        _ => "",
    }
}

/// What the model holds after its loss became NaN or infinite.
pub(super) fn held_weights(restored_epoch: Option<usize>) -> String {
    match restored_epoch {
        Some(epoch) => restored_weights(epoch),
        None => "the weights from the beginning of that epoch".into(),
    }
}

/// What the model holds where a callback has restored weights.
pub(super) fn restored_weights(epoch: usize) -> String {
    format!("the weights of epoch {epoch}, which a callback has restored")
}
