//! The layers of a [`Sequential`] as JSON.

use crate::items::registry::Registry;
use crate::models::Sequential;
use crate::saving::native::architecture;
use crate::{Result, Scalar};

impl<T: Scalar> Sequential<T> {
    /// The layers and the seed as JSON, without weights; Keras's keys.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let layers = Sequential::new().add(Dense::new(12, Relu)).add(Dense::new(1, Sigmoid));
    /// let text = layers.to_json()?;
    /// assert_eq!(Sequential::from_json(&text)?.to_json()?, text);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::NotSerializable`](crate::Error::NotSerializable) names a layer, or an item in one, that has no description, such as a closure;
    /// [`Error::Unknown`](crate::Error::Unknown) a name that no item has.
    ///
    /// # References
    ///
    /// Keras: `keras.Model.to_json`.
    pub fn to_json(&self) -> Result<String> {
        architecture::to_json(self.as_architecture())
    }

    /// The layers that [`to_json`](Sequential::to_json) wrote, among them user-defined ones.
    ///
    /// # Errors
    ///
    /// The errors of [`from_json`](Sequential::from_json) and of the registry's items.
    pub fn from_json_with(text: &str, registry: &Registry<T>) -> Result<Self> {
        architecture::from_json(text, registry).map(Sequential::from)
    }
}

impl Sequential<f32> {
    /// The layers that [`to_json`](Sequential::to_json) wrote.
    ///
    /// For user-defined layers, or a model of `f64`, see [`from_json_with`](Sequential::from_json_with).
    ///
    /// # Errors
    ///
    /// [`Error::Configuration`](crate::Error::Configuration) for a string that is not such a description; [`Error::Unknown`](crate::Error::Unknown) for an item that is not of
    /// this crate.
    ///
    /// # References
    ///
    /// Keras: `keras.models.model_from_json`.
    pub fn from_json(text: &str) -> Result<Self> {
        Self::from_json_with(text, &Registry::new())
    }
}

#[cfg(test)]
mod tests {
    use crate::activations::Custom;
    use crate::layers::Lambda;
    use crate::prelude::*;
    use crate::{Error, Result};

    #[test]
    fn a_closure_is_named_with_its_place() {
        let error = |layers: Sequential| layers.to_json().unwrap_err().to_string();
        let custom = Dense::new(2, Custom::new(|z: f32| z.sin(), |z: f32| z.cos()));
        let text = error(Sequential::new().add(Dense::new(2, Relu)).add(custom));
        assert!(text.starts_with("custom in Dense (layer 1) cannot be saved"), "{text}");
        let text = error(Sequential::new().add(Lambda::new(|x, mut y| y.copy_from(x))));
        assert!(text.starts_with("Lambda (layer 0) cannot be saved"), "{text}");
    }

    #[test]
    fn names_are_written_as_the_items_they_name() -> Result<()> {
        // A later default is no default of this model.
        let named = Dense::new(2, "relu").kernel_initializer("he_normal").kernel_regularizer("l2");
        let named = Sequential::new().add(named.bias_constraint("non_neg")).to_json()?;
        for class in ["HeNormal", "L2", "NonNeg"] {
            assert!(named.contains(&format!("\"class_name\":\"{class}\"")), "{named}");
        }
        assert_eq!(Sequential::from_json(&named)?.to_json()?, named);
        let unknown = Sequential::new().add(Dense::new(2, Relu).kernel_regularizer("l3"));
        assert!(matches!(unknown.to_json(), Err(Error::Unknown { .. })));
        Ok(())
    }

    #[test]
    fn keras_s_text_is_read() -> Result<()> {
        let keras = r#"{"module": "keras", "class_name": "Sequential", "config": {"name": "sequential", "trainable": true,
            "dtype": {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"},
            "registered_name": null}, "layers": [{"module": "keras.layers", "class_name": "Dense", "config": {"name":
            "dense", "trainable": true, "units": 3, "activation": "relu", "use_bias": true, "kernel_initializer":
            {"module": "keras.initializers", "class_name": "GlorotUniform", "config": {"seed": null}, "registered_name":
            null}, "bias_initializer": {"module": "keras.initializers", "class_name": "Zeros", "config": {},
            "registered_name": null}, "kernel_regularizer": null, "bias_regularizer": null, "kernel_constraint": null,
            "bias_constraint": null}, "registered_name": null, "build_config": {"input_shape": [null, 5]}}],
            "build_input_shape": [null, 5]}, "registered_name": null, "compile_config": null}"#;
        assert_eq!(Sequential::from_json(keras)?.build(5)?.count_params(), 18);
        Ok(())
    }

    #[test]
    fn unusable_models_are_not_written() {
        for layers in [
            Sequential::new().add(Dense::new(2, Relu)).add(Dropout::new(1.5)),
            Sequential::new().add(Dense::new(2, LeakyRelu.negative_slope(f64::NAN))),
            Sequential::new().add(Dense::new(2, Relu).kernel_regularizer(L2.l2(-1.0))),
        ] {
            let error = layers.to_json().unwrap_err();
            assert!(matches!(error, Error::Argument { .. }), "{error}");
            assert!(error.to_string().contains("in layer"), "{error}");
        }
    }

    #[test]
    fn errors_state_their_position() {
        let text = r#"{"class_name": "Sequential", "config": {"layers": [{"class_name": "Dense", "config":
            {"units": 2, "kernel_initializer": {"class_name": "HeNormel", "config": {}}}}]}}"#;
        let error = Sequential::from_json(text).unwrap_err().to_string();
        assert!(
            error.contains("HeNormal") && error.ends_with("in \"kernel_initializer\" of Dense; in layer 0"),
            "{error}"
        );
    }

    #[test]
    fn other_texts_are_refused() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        for text in ["", "{}", "[]", r#"{"class_name": "Functional", "config": {"layers": []}}"#, &deep] {
            assert!(matches!(Sequential::from_json(text), Err(Error::Configuration { .. })));
        }
        let unknown = r#"{"class_name": "Sequential", "config": {"layers": [{"class_name": "Conv2D", "config": {}}]}}"#;
        assert!(matches!(Sequential::from_json(unknown), Err(Error::Unknown { .. })));
    }
}
