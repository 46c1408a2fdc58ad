//! Reads arbitrary bytes as a file in the crate's own format.

use super::scratch::place;
use perceptra::prelude::*;

/// Reads the bytes with every function, and uses the results: nothing panics, and a model that is saved again can be read again.
pub(crate) fn read(bytes: &[u8]) {
    let path = place("file");
    std::fs::write(&path, bytes).unwrap();
    if let Ok(mut network) = Network::load(&path) {
        network.load_weights(&path).expect("a network has the weights that it was read with");
        let again = place("again");
        network.save(&again).expect("what was read can be saved");
        let first = std::fs::read(&again).unwrap();
        Network::load(&again).expect("what was saved can be read").save(&again).unwrap();
        assert_eq!(std::fs::read(&again).unwrap(), first);
        if is_small(&network) {
            let _ = network.predict(&nalgebra::DMatrix::from_element(2, network.inputs(), 1.0));
        }
    }
    if let Ok(mut model) = Model::load(&path) {
        let again = place("again");
        model.save(&again).expect("what was read can be saved");
        let first = std::fs::read(&again).unwrap();
        Model::load(&again).expect("what was saved can be read").save(&again).unwrap();
        assert_eq!(std::fs::read(&again).unwrap(), first);
        if let Ok(network) = model.network().cloned()
            && is_small(&network)
        {
            let x = nalgebra::DMatrix::from_element(3, network.inputs(), 1.0);
            let y = nalgebra::DMatrix::from_element(3, network.outputs(), 1.0);
            let _ = model.evaluate(&x, &y);
            let _ = model.train_on_batch(&x, &y);
        }
    }
    if let Ok(pipeline) = FittedPipeline::load(&path) {
        let again = place("again");
        pipeline.save(&again).expect("what was read can be saved");
        let first = std::fs::read(&again).unwrap();
        FittedPipeline::load(&again).expect("what was saved can be read").save(&again).unwrap();
        assert_eq!(std::fs::read(&again).unwrap(), first);
        let names = pipeline.columns().inputs().into_iter();
        let record = names.fold(Record::new(), |record, name| record.with(name, 1.0));
        if pipeline.members().iter().all(|member| is_small(member.network().expect("a member has a network"))) {
            let _ = pipeline.predict_record(&record);
        }
    }
    let _ = Network::<f64>::load_with(&path, &Registry::new());
}

/// The limit of the memory for reading this many bytes.
pub(crate) fn most(bytes: usize) -> usize {
    // Twice the documented limit of one file, since the input and the file that is saved from it are in memory together.
    2 * (100 * bytes + (1 << 20))
}

/// Whether the network is small enough to be used in the test: a file may describe wide layers without weights, which cost nothing
/// until they are used.
fn is_small(network: &Network) -> bool {
    let layers = network.layer_names().count();
    let widths = (0..layers).map(|index| network.get_layer_at(index).expect("it has this layer").outputs());
    network.inputs().max(widths.max().unwrap_or(0)) <= 4096
}
