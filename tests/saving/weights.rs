//! Files that contain only weights.

use super::folder::Folder;
use perceptra::layers::Lambda;
use perceptra::prelude::*;
use perceptra::{Error, Result};

fn built(units: usize) -> Result<Network> {
    Sequential::new().add(Dense::new(units, Relu)).add(Dense::new(2, Linear)).build(3)
}

#[test]
fn weights_go_by_their_names() -> Result<()> {
    let folder = Folder::new("weights");
    let from = built(4)?;
    from.save_weights(folder.file("weights"))?;
    let mut to = built(4)?;
    assert_ne!(to.flat_weights(), from.flat_weights());
    to.load_weights(folder.file("weights"))?;
    assert_eq!(to.flat_weights(), from.flat_weights());
    // A whole model's file serves as well, its optimizer's slots are passed over.
    let mut model = built(4)?.compile(Adam, MeanSquaredError, ());
    model.train_on_batch(&dmatrix![1.0, 2.0, 3.0], &dmatrix![0.0, 1.0])?;
    model.save(folder.file("model"))?;
    to.load_weights(folder.file("model"))?;
    assert_eq!(to.flat_weights(), model.network()?.flat_weights());
    let error = Model::load(folder.file("weights")).unwrap_err().to_string();
    assert!(error.contains("build the model, then use load_weights"), "{error}");
    Ok(())
}

#[test]
fn another_shape_is_an_error_or_is_skipped() -> Result<()> {
    let folder = Folder::new("weights-skip");
    built(4)?.save_weights(folder.file("weights"))?;
    let mut other = Sequential::new().add(Dense::new(5, Relu)).add(Dense::new(2, Linear).name("last")).build(3)?;
    let before = other.flat_weights().to_vec();
    let error = other.load_weights(folder.file("weights")).unwrap_err().to_string();
    assert!(error.contains("dense/kernel of shape [3, 5]") && error.contains("[3, 4]"), "{error}");
    assert_eq!(other.flat_weights(), before);
    assert_eq!(other.load_weights_skip_mismatch(folder.file("weights"))?, ["dense", "last"]);
    assert_eq!(other.flat_weights(), before);
    // The kernel of this layer fits, its bias is missing: a layer is taken as a whole.
    let layers = Sequential::new().add(Dense::new(4, Relu).use_bias(false)).add(Dense::new(2, Linear)).build(3)?;
    layers.save_weights(folder.file("without"))?;
    let mut partly = built(4)?;
    assert_eq!(partly.load_weights_skip_mismatch(folder.file("without"))?, ["dense"]);
    assert_eq!(partly.weights("dense_1")?, layers.weights("dense_1")?);
    // More in the file than in the model.
    let mut shorter = Sequential::new().add(Dense::new(4, Relu)).build(3)?;
    assert!(matches!(shorter.load_weights(folder.file("weights")), Err(Error::Weights { .. })));
    assert!(shorter.load_weights_skip_mismatch(folder.file("weights"))?.is_empty());
    Ok(())
}

#[test]
fn a_model_must_know_its_inputs() -> Result<()> {
    let folder = Folder::new("weights-inputs");
    built(4)?.save_weights(folder.file("weights"))?;
    let layers = || Sequential::new().add(Dense::new(4, Relu)).add(Dense::new(2, Linear));
    let mut model = layers().compile(Adam, MeanSquaredError, ());
    assert!(matches!(model.save_weights(folder.file("none")), Err(Error::NotBuilt)));
    assert!(matches!(model.load_weights(folder.file("weights")), Err(Error::NotBuilt)));
    let declared = Sequential::new().add(Input::new(3)).add(Dense::new(4, Relu)).add(Dense::new(2, Linear));
    declared.compile(Adam, MeanSquaredError, ()).load_weights(folder.file("weights"))
}

#[test]
fn closures_keep_no_one_from_saving_weights() -> Result<()> {
    let folder = Folder::new("weights-closure");
    let layers = || Sequential::new().add(Lambda::new(|x, mut y| y.copy_from(x))).add(Dense::new(1, Linear));
    let network = layers().build(2)?;
    let error = network.save(folder.file("model")).unwrap_err();
    assert!(matches!(&error, Error::NotSerializable { item, .. } if item.contains("Lambda")), "{error}");
    assert!(!folder.file("model").exists());
    network.save_weights(folder.file("weights"))?;
    let mut again = layers().build(2)?;
    again.load_weights(folder.file("weights"))?;
    assert_eq!(again.flat_weights(), network.flat_weights());
    Ok(())
}

#[test]
fn values_that_are_not_finite_are_not_saved() -> Result<()> {
    let folder = Folder::new("weights-nan");
    let mut network = built(4)?;
    network.save(folder.file("model"))?;
    let mut weights = network.flat_weights().to_vec();
    weights[3] = f32::NAN;
    network.set_flat(&weights, &[])?;
    let error = network.save(folder.file("model")).unwrap_err().to_string();
    assert!(error.contains("dense/kernel") && error.contains("NaN"), "{error}");
    assert!(Network::load(folder.file("model")).is_ok(), "the good file is still there");
    Ok(())
}
