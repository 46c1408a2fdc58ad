//! The layers of a monotone network.

use crate::constraints::MonotoneKernel;
use crate::layers::MonotoneLayer;
use crate::lists::try_map;
use crate::{Error, Model, Result, Scalar};

/// The model with constraints on the signs of its kernels, so that its outputs rise with the features of sign 1 and fall with those
/// of sign −1; the model itself if no feature has a sign.
pub(crate) fn constrained<T: Scalar>(model: Model<T>, features: &[i64]) -> Result<Model<T>> {
    if features.iter().all(|sign| *sign == 0) {
        return Ok(model);
    }
    let layers = try_map(model.architecture().layers().iter(), |layer| layer.monotone())?;
    let is_weighted = |layer: &MonotoneLayer<T>| matches!(layer, MonotoneLayer::Weighted { .. });
    let Some(last) = layers.iter().rposition(is_weighted) else {
        let expected = "one with at least one layer of weights, such as Dense::new(1, Sigmoid)";
        return Err(Error::argument("Pipeline", "model", "one without weights", expected));
    };
    let mut signs = features.to_vec();
    let layers = layers.into_iter().enumerate().map(|(index, layer)| match layer {
        MonotoneLayer::Elementwise(layer) => layer,
        MonotoneLayer::Weighted { units, with_signs } => {
            let of_units = if index == last { vec![1; units] } else { unit_signs(&signs, units) };
            with_signs(MonotoneKernel::new(std::mem::replace(&mut signs, of_units.clone()), of_units))
        }
    });
    let layers = layers.collect();
    Ok(model.with_layers(layers))
}

/// The signs of the units of a hidden layer: half of them are unconstrained if an input is; of the others, half are increasing and half
/// decreasing.
fn unit_signs(inputs: &[i64], units: usize) -> Vec<i64> {
    let unconstrained = if inputs.contains(&0) { units / 2 } else { 0 };
    let monotone = units - unconstrained;
    let decreasing = monotone / 2;
    [vec![1; monotone - decreasing], vec![-1; decreasing], vec![0; unconstrained]].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Dependence::{Decreasing, Increasing, Independent};
    use crate::layers::{BatchNormalization, LayerNormalization};
    use crate::prelude::*;

    #[test]
    fn half_of_the_units_are_free_where_an_input_is() {
        assert_eq!(unit_signs(&[1, -1, 0], 6), [1, 1, -1, 0, 0, 0]);
        assert_eq!(unit_signs(&[1, -1], 5), [1, 1, 1, -1, -1]);
        assert_eq!(unit_signs(&[1, 0], 1), [1]);
    }

    #[test]
    fn the_first_weights_already_have_their_signs() -> Result<()> {
        let layers = Sequential::new()
            .add(Dense::new(6, Relu))
            .add(BatchNormalization::new())
            .add(Dropout::new(0.1))
            .add(Dense::new(4, "tanh"))
            .add(Dense::new(1, Linear))
            .seed(3);
        let mut model = constrained(layers.compile("adam", "mse", ()), &[1, -1, 0])?;
        let network = model.build(3)?;
        assert_eq!(network.dependences(&[Increasing, Decreasing, Independent])?, [Increasing]);
        assert_eq!(network.dependences(&[Independent, Increasing, Independent])?, [Decreasing]);
        assert_eq!(network.first_unproven(&[Independent, Independent, Increasing])?, Some("dense_1"));
        Ok(())
    }

    #[test]
    fn layers_that_are_not_monotone_are_rejected_with_the_cure() {
        let refused = |layers: Sequential| {
            let model = layers.add(Dense::new(1, Sigmoid)).compile("adam", "bce", ());
            constrained(model, &[1, 0]).unwrap_err().to_string()
        };
        for activation in ["mish", "gelu", "silu", "softmax"] {
            let error = refused(Sequential::new().add(Dense::new(4, activation)));
            assert!(error.contains(activation) && error.contains("use relu"), "{error}");
        }
        let error = refused(Sequential::new().add(Dense::new(4, Relu)).add(LayerNormalization::new()));
        assert!(error.contains("BatchNormalization"), "{error}");
        let error = refused(Sequential::new().add(Dense::new(4, Relu).kernel_constraint("max_norm")));
        assert!(error.contains("kernel_constraint") && error.contains("leave it out"), "{error}");
        let error = refused(Sequential::new().add(Dense::new(4, Relu.threshold(-1.0))));
        assert!(error.contains("relu"), "{error}");
    }
}
