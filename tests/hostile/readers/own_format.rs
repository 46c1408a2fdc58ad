//! Files in the crate's own format, as bytes that could be one.

use super::scratch::place;
use perceptra::prelude::*;

/// Reads the bytes in every way, and uses what can be read: no panic, and what is saved again is read again.
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

/// The most memory that reading this many bytes may take.
pub(crate) fn most(bytes: usize) -> usize {
    // Twice the bound of one file: the one that is read, and the one that was saved of it while both are there.
    2 * (100 * bytes + (1 << 20))
}

/// Whether the network is no larger than what a machine computes in no time: a file may describe wide layers without
/// weights, which cost nothing before they are used.
fn is_small(network: &Network) -> bool {
    let layers = network.layer_names().count();
    let widths = (0..layers).map(|index| network.get_layer_at(index).expect("it has this layer").outputs());
    network.inputs().max(widths.max().unwrap_or(0)) <= 4096
}
