//! The names of metrics that `compile` takes.

/// The name of a metric as `compile` takes it: `"accuracy"` and `"crossentropy"`, which choose by the shapes, in any
/// case of letters, so that `"Accuracy"` is not the class of exact equality.
pub(crate) fn plain(name: &str) -> &str {
    for (any_case, chosen) in
        [("accuracy", "accuracy"), ("acc", "accuracy"), ("crossentropy", "crossentropy"), ("ce", "crossentropy")]
    {
        if name.eq_ignore_ascii_case(any_case) {
            return chosen;
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use crate::Result;
    use crate::items::{Family, snake_case};
    use crate::metrics::all;
    use crate::metrics::{Metric, get};
    use serde_json::{Value, json};

    #[test]
    fn every_class_is_found_by_its_names_and_keeps_its_configuration() -> Result<()> {
        for entry in all::<f32>() {
            let class = entry.name;
            let snake = snake_case(class);
            let made = get::<f32>(class, Value::Null)?;
            assert_eq!(made.class_name(), class);
            let by_snake = get::<f32>(&snake, Value::Null)?;
            assert_eq!(by_snake.class_name() == class, class != "Accuracy", "{snake}");
            let named = get::<f32>(class, json!({ "name": "mine" }))?;
            assert_eq!(named.key(), "mine");
            let again = get::<f32>(class, named.config()?)?;
            assert_eq!(again.config()?, named.config()?);
        }
        Ok(())
    }

    #[test]
    fn keys_are_keras_s() -> Result<()> {
        for (name, key) in [
            ("Accuracy", "accuracy"),
            ("AUC", "auc"),
            ("F1Score", "f1_score"),
            ("FBetaScore", "fbeta_score"),
            ("KLDivergence", "kl_divergence"),
            ("LogCoshError", "logcosh"),
            ("R2Score", "r2_score"),
            ("SparseTopKCategoricalAccuracy", "sparse_top_k_categorical_accuracy"),
            ("mse", "mean_squared_error"),
        ] {
            assert_eq!(get::<f32>(name, Value::Null)?.key(), key);
        }
        Ok(())
    }

    #[test]
    fn a_written_name_is_the_key_and_the_automatic_metrics_have_any_case() -> Result<()> {
        for (name, class) in
            [("Accuracy", "accuracy"), ("ACC", "accuracy"), ("ce", "crossentropy"), ("MSE", "MeanSquaredError")]
        {
            let metric = <dyn Metric<f32>>::named(name)?;
            assert_eq!((metric.class_name(), metric.key()), (class.to_string(), name.to_string()));
        }
        Ok(())
    }
}
