//! The networks that are searched, and the one of the walkthrough.

use perceptra::Result;
use perceptra::prelude::*;
use perceptra::search::Trial;

/// The columns of numbers.
pub(crate) const NUMBERS: [&str; 5] = ["funded_amnt_inv", "int_rate", "annual_inc", "total_rec_int", "tot_cur_bal"];

const EPOCHS: usize = 10;

/// The arguments of the search: an activation and units for each existing hidden layer.
pub(crate) fn space() -> SearchSpace {
    let activations = ["relu", "tanh", "selu", "sigmoid", "mish"];
    let mut space = SearchSpace::new().integer("layers", 1..=3);
    for layer in 1..=3 {
        space = space.integer(format!("units_{layer}"), 4..=32).when("layers", layer..=3);
        space = space.choice(format!("activation_{layer}"), activations).when("layers", layer..=3);
    }
    space
        .float("dropout", 0.0..=0.3)
        .choice("optimizer", ["adam", "nadam", "rmsprop", "sgd"])
        .log_float("learning_rate", 3e-4..=3e-2)
        .when_choice("optimizer", ["adam", "nadam", "rmsprop"])
        .log_float("sgd_rate", 1e-3..=1e-1)
        .when_choice("optimizer", ["sgd"])
        .float("momentum", 0.0..=0.95)
        .when_choice("optimizer", ["sgd"])
        .log_integer("batch_size", 32..=256)
}

/// The pipeline of a trial.
pub(crate) fn of_trial(trial: &Trial) -> Result<Pipeline> {
    let mut layers = Sequential::new();
    for layer in 1..=trial.integer("layers")? {
        let units = trial.integer(&format!("units_{layer}"))?;
        layers = layers.add(Dense::new(units, trial.choice(&format!("activation_{layer}"))?));
        layers = layers.add(Dropout::new(trial.float("dropout")?));
    }
    let layers = layers.add(Dense::new(1, Sigmoid));
    let rate = || trial.float("learning_rate");
    let model = match trial.choice("optimizer")? {
        "sgd" => {
            let sgd = SGD.learning_rate(trial.float("sgd_rate")?).momentum(trial.float("momentum")?);
            layers.compile(sgd, BinaryCrossentropy, ())
        }
        "nadam" => layers.compile(Nadam.learning_rate(rate()?), BinaryCrossentropy, ()),
        "rmsprop" => layers.compile(RMSprop.learning_rate(rate()?), BinaryCrossentropy, ()),
        _ => layers.compile(Adam.learning_rate(rate()?), BinaryCrossentropy, ()),
    };
    Ok(pipeline(model).options(Fit::new().batch_size(trial.integer("batch_size")?).epochs(EPOCHS).verbose(0)))
}

/// The network of the walkthrough, trained as it is there.
pub(crate) fn walkthrough() -> Result<Pipeline> {
    let layers = Sequential::new().add(Dense::new(12, Relu)).add(Dense::new(12, Relu)).add(Dense::new(1, Sigmoid));
    let options = Fit::new().batch_size(32).epochs(EPOCHS).verbose(0);
    Ok(pipeline(layers.compile(Adam, BinaryCrossentropy, ())).options(options).seed(super::SEED))
}

fn pipeline(model: Model) -> Pipeline {
    let columns = ColumnTransformer::new()
        .add(TextToNumber::leading_number().then(StandardScaler::new()), ["term"])
        .add(StandardScaler::new(), NUMBERS)
        .add(OneHotEncoder::new(), ["home_ownership"]);
    Pipeline::new(Target::binary("loan_status")).columns(columns).model(model)
}
