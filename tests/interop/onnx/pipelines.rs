//! Fitted pipelines of every task, and their predictions for raw records.

use super::models::{Case, ROWS};
use perceptra::Scalar;
use perceptra::calibration::{IsotonicCalibration, PlattScaling, PriorCorrection, TemperatureScaling};
use perceptra::items::{IntoItem, Item};
use perceptra::layers::{Activation, BatchNormalization, LeakyReLU, OutputMode, PReLU};
use perceptra::losses::Loss;
use perceptra::pipeline::{Monotonicity, Task};
use perceptra::prelude::*;
use perceptra::preprocessing::{
    BinEncoding, BinStrategy, Chain, ColumnArithmetic, DropCategory, FitInput, FittedColumnTransformer,
    FrequencyEncoder, KBinsDiscretizer, MissingBins, MissingCode, MissingIndicator, OrdinalEncoder, OutputDistribution,
    Passthrough, PiecewiseLinearEncoder, PowerMethod, SimpleImputer, StringColumn, StringLookup, TargetEncoder,
    Unknown, UnknownCode, Value as Label, VarianceThreshold, WeightOfEvidence,
};
use perceptra::saving::onnx::Export;
use serde_json::{Value, json};
use std::sync::Arc;

const HOMES: [&str; 4] = ["OWN", "RENT", "MORTGAGE", "ÖTHER \"x\""];
const TERMS: [&str; 2] = ["36 months", "60 months"];
const GRADES: [&str; 5] = ["A", "B", "C", "D", ""];
/// The last one is missing, which is written as an empty string.
const REGIONS: [&str; 7] = ["North", "South", "South", "East", "South", "East", ""];

/// Raw records in columns.
struct Records {
    income: Vec<f64>,
    rate: Vec<f64>,
    year: Vec<f64>,
    accounts: Vec<f64>,
    owner: Vec<f64>,
    /// Some are missing, here and in the next.
    debt: Vec<f64>,
    /// Some are 0.
    savings: Vec<f64>,
    /// Some are missing, here and in `region`.
    rooms: Vec<f64>,
    region: Vec<&'static str>,
    home: Vec<&'static str>,
    term: Vec<&'static str>,
    grade: Vec<&'static str>,
    second: Vec<&'static str>,
}

impl Records {
    fn new(seed: usize) -> Self {
        let draw = |row: usize, factor: usize, count: usize| (row * factor + seed * 7 + row / 11) % count;
        let numbers = |f: &dyn Fn(usize) -> f64| (0..ROWS).map(f).collect::<Vec<f64>>();
        let texts = |from: &[&'static str], factor| (0..ROWS).map(|row| from[draw(row, factor, from.len())]).collect();
        Records {
            income: numbers(&|row| 20_000.0 + 313.7 * draw(row, 37, 401) as f64),
            rate: numbers(&|row| 5.0 + 0.01 * draw(row, 53, 2003) as f64),
            year: numbers(&|row| 1990.0 + draw(row, 5, 35) as f64),
            accounts: numbers(&|row| draw(row, 3, 4) as f64),
            owner: numbers(&|row| draw(row, 13, 2) as f64),
            debt: numbers(&|row| if draw(row, 29, 5) == 0 { f64::NAN } else { 12.5 * draw(row, 41, 97) as f64 }),
            savings: numbers(&|row| if draw(row, 23, 7) == 0 { f64::NAN } else { draw(row, 17, 6) as f64 }),
            rooms: numbers(&|row| if draw(row, 19, 6) == 0 { f64::NAN } else { draw(row, 31, 5) as f64 }),
            region: texts(&REGIONS, 3),
            home: texts(&HOMES, 5),
            term: texts(&TERMS, 3),
            grade: texts(&GRADES, 7),
            second: texts(&GRADES, 3),
        }
    }

    fn table(&self) -> Table {
        let region: StringColumn =
            self.region.iter().map(|region| Some(*region).filter(|name| !name.is_empty())).collect();
        let table = Table::new()
            .with_numbers("income", self.income.clone())
            .and_then(|table| table.with_numbers("rate", self.rate.clone()))
            .and_then(|table| table.with_numbers("year", self.year.clone()))
            .and_then(|table| table.with_numbers("accounts", self.accounts.clone()))
            .and_then(|table| table.with_numbers("debt", self.debt.clone()))
            .and_then(|table| table.with_numbers("savings", self.savings.clone()))
            .and_then(|table| table.with_numbers("rooms", self.rooms.clone()))
            .and_then(|table| table.with_column("region", region))
            .and_then(|table| table.with_booleans("owner", self.owner.iter().map(|owner| *owner == 1.0)))
            .and_then(|table| table.with_strings("home", self.home.clone()))
            .and_then(|table| table.with_strings("term", self.term.clone()))
            .and_then(|table| table.with_strings("grade", self.grade.clone()))
            .and_then(|table| table.with_strings("second grade", self.second.clone()));
        table.unwrap()
    }

    fn inputs(&self, names: &[&str], as_number: bool) -> Vec<Value> {
        let numbers = |name: &str, values: &[f64]| {
            let rows: Vec<[f64; 1]> = values.iter().map(|value| [*value]).collect();
            json!({ "name": name, "type": "float64", "rows": rows })
        };
        let texts = |name: &str, values: &[&str]| {
            let rows: Vec<[&str; 1]> = values.iter().map(|value| [*value]).collect();
            json!({ "name": name, "type": "string", "rows": rows })
        };
        let term: Vec<f64> = self.term.iter().map(|term| if *term == TERMS[0] { 36.0 } else { 60.0 }).collect();
        let mut inputs = vec![
            numbers("income", &self.income),
            numbers("rate", &self.rate),
            numbers("year", &self.year),
            numbers("accounts", &self.accounts),
            numbers("owner", &self.owner),
            numbers("debt", &self.debt),
            numbers("savings", &self.savings),
            numbers("rooms", &self.rooms),
            texts("region", &self.region),
            texts("home", &self.home),
            if as_number { numbers("term", &term) } else { texts("term", &self.term) },
            texts("grade", &self.grade),
            texts("second grade", &self.second),
        ];
        inputs.retain(|input| names.contains(&input["name"].as_str().unwrap()));
        inputs
    }
}

/// A transformer of a large positive number.
fn of_income(number: usize) -> Chain {
    let ranks = QuantileTransformer::new().n_quantiles(20);
    match number % 8 {
        0 => StandardScaler::new().then(Passthrough),
        1 => RobustScaler::new().quantile_range(10.0, 80.0).then(SmoothClip::new()),
        2 => Log1p.then(StandardScaler::new()),
        3 => ranks.then(MinMaxScaler::new()),
        4 => Clip::quantiles(0.1, 0.9).then(ranks.output_distribution(OutputDistribution::Normal)),
        5 => PowerTransformer::new().then(Clip::values(-1.5, 1.5)),
        6 => PowerTransformer::new().method(PowerMethod::BoxCox).then(RobustScaler::new().unit_variance(true)),
        _ => StandardScaler::new().then(PowerTransformer::new()),
    }
}

/// A transformer of two columns in which numbers are missing.
fn of_gaps(number: usize) -> Chain {
    let bins = KBinsDiscretizer::new().n_bins(4);
    let codes = PiecewiseLinearEncoder::new().bins(5);
    match number % 8 {
        0 => SimpleImputer::median().indicator(true).then(StandardScaler::new()),
        1 => ColumnArithmetic::ratio("debt", "savings").keep_inputs(true).then(SimpleImputer::mean().indicator(true)),
        2 => SimpleImputer::mean().indicator(true).then(bins.strategy(BinStrategy::KMeans)).then(Passthrough),
        3 => codes.missing(MissingBins::Zeros).then(Passthrough),
        4 => SimpleImputer::constant(1.0).indicator(true).then(codes.keep_number(true).extrapolate(true)),
        5 => VarianceThreshold::new()
            .then(bins.encode(BinEncoding::Ordinal).strategy(BinStrategy::Uniform))
            .then(SimpleImputer::most_frequent())
            .then(ColumnArithmetic::product("debt", "savings").name("both")),
        6 => MissingIndicator::new().then(ColumnArithmetic::difference("debt_missing", "savings_missing")),
        _ => codes.keep_number(true).then(SimpleImputer::constant(-1.0)),
    }
}

/// An encoder of categories with missing values, and the name of the column that it uses as target.
fn of_categories(number: usize) -> (Item<dyn Transformer>, &'static str) {
    let codes = OrdinalEncoder::new().missing(MissingCode::Value(-2.0)).unknown(UnknownCode::Value(-1.0));
    let target = TargetEncoder::new().smooth(3.0);
    let encoder = match number % 8 {
        0 => OneHotEncoder::new().min_frequency(0.2).into_item(),
        1 => OrdinalEncoder::new().into_item(),
        2 => target.into_item(),
        3 => FrequencyEncoder::new().normalize(false).then(StandardScaler::new()).into_item(),
        4 => WeightOfEvidence::new().into_item(),
        5 => codes.max_categories(3).then(StandardScaler::new()).into_item(),
        6 => target.then(MinMaxScaler::new()).into_item(),
        _ => OneHotEncoder::new()
            .max_categories(3)
            .unknown(Unknown::Infrequent)
            .drop_category(DropCategory::First)
            .into_item(),
    };
    (encoder, ["owner", "owner", "income", "owner", "owner", "owner", "home", "owner"][number % 8])
}

/// Preprocessing of the kind of a number.
fn columns(number: usize, table: &Table) -> FittedColumnTransformer {
    let modes = [OutputMode::Int, OutputMode::OneHot, OutputMode::MultiHot, OutputMode::Count];
    let drop = [DropCategory::Never, DropCategory::First, DropCategory::IfBinary][number % 3];
    let unknown = [Unknown::Error, Unknown::Zeros][number % 2];
    let term: TextToNumber = match number % 4 {
        0 => TextToNumber::leading_number(),
        _ => TextToNumber::pairs(TERMS.into_iter().zip([36.0, 60.0])),
    };
    let mut lookup = StringLookup::new().output_mode(modes[number / 2 % 4]);
    lookup = match number % 3 {
        0 => lookup,
        1 => lookup.mask_token(""),
        _ => lookup.num_oov_indices(0).max_tokens(9).pad_to_max_tokens(true),
    };
    let rate = MinMaxScaler::new().feature_range(-1.0, 2.0).clip(number.is_multiple_of(2));
    let home = OneHotEncoder::new().drop_category(drop).unknown(unknown);
    let numbers = match number / 4 % 2 {
        0 => ColumnTransformer::new()
            .text_to_number(term, ["term"])
            .add(StandardScaler::new(), ["year"])
            .add(of_income(number), ["income"])
            .add(StandardScaler::new(), ["term"])
            .add(rate, ["rate"])
            .add(home, ["home"]),
        // The same in chains, with the output of an encoder scaled.
        _ => ColumnTransformer::new()
            .add(StandardScaler::new(), ["year"])
            .add(of_income(number), ["income"])
            .add(term.then(StandardScaler::new()), ["term"])
            .add(rate.then(Passthrough).then(StandardScaler::new()), ["rate"])
            .add(home.then(MinMaxScaler::new().feature_range(-1.0, 1.0)), ["home"]),
    };
    let (categories, target) = of_categories(number);
    let target = table.select([target]).unwrap();
    numbers
        .add(OneHotEncoder::new().drop_category(drop).unknown(unknown), ["accounts", "owner"])
        .add(lookup, ["grade", "second grade"])
        .add(of_gaps(number), ["debt", "savings"])
        .add(categories, ["region", "rooms"])
        .fit_with(FitInput::new(table).with_target(&target).unwrap())
        .unwrap()
}

/// The task of a number: eight of each, so that each meets most kinds of preprocessing.
fn task(number: usize) -> Task {
    let tasks = [Task::Binary, Task::Multiclass, Task::Regression, Task::MultiRegression, Task::Multilabel];
    tasks[number / 8 % tasks.len()]
}

/// The target of a number, the training rows with its columns, and the width of the networks.
fn target(number: usize, table: &Table) -> (Target, Table, usize) {
    let rows = 0..table.nrows();
    let of = |names: &'static [&'static str]| rows.clone().map(move |row| names[row * 5 % 11 % names.len()]);
    let price = |factor: usize| rows.clone().map(move |row| 5000.0 + 311.0 * ((row * factor) % 37) as f64);
    let flag = |step: usize| rows.clone().map(move |row| row % step == 0);
    let named = |name: &str| table.with_numbers(name, price(7)).unwrap();
    match task(number) {
        Task::Binary => {
            (Target::binary("status").positive("paid"), table.with_strings("status", of(&["late", "paid"])).unwrap(), 1)
        }
        // Labels of each type.
        Task::Multiclass => match number % 3 {
            0 => {
                (Target::multiclass("status"), table.with_strings("status", of(&["late", "paid", "öpen"])).unwrap(), 3)
            }
            1 => {
                let years = rows.map(|row| [2020.0, 2021.5, 2023.0, 2030.0][row * 3 % 4]);
                (Target::multiclass("status"), table.with_numbers("status", years).unwrap(), 4)
            }
            _ => (Target::multiclass("status"), table.with_booleans("status", flag(3)).unwrap(), 2),
        },
        Task::Regression => {
            let target = Target::regression("price").log(number.is_multiple_of(3)).clamp(number.is_multiple_of(2));
            (target.standardize(number % 4 != 3), named("price"), 1)
        }
        Task::MultiRegression => {
            let target = Target::multi_regression(["price", "fee"]).log(number % 3 == 1);
            (target.clamp(number % 2 == 1), named("price").with_numbers("fee", price(4)).unwrap(), 2)
        }
        _ => {
            let with_two = table.with_booleans("late", flag(2)).and_then(|table| table.with_booleans("lost", flag(5)));
            (Target::multilabel(["late", "lost"]), with_two.unwrap(), 2)
        }
    }
}

/// Trained networks, one or three, with logits in every fifth.
fn members<T: Scalar>(number: usize, features: usize, outputs: usize) -> Vec<Model<T>> {
    let logits = number % 5 == 4;
    let (activation, loss): (&str, Arc<dyn Loss<T>>) = match task(number) {
        Task::Binary | Task::Multilabel => {
            (if logits { "linear" } else { "sigmoid" }, Arc::new(BinaryCrossentropy.from_logits(logits)))
        }
        Task::Multiclass if number.is_multiple_of(2) => {
            let loss = SparseCategoricalCrossentropy.from_logits(logits);
            (if logits { "linear" } else { "softmax" }, Arc::new(loss))
        }
        Task::Multiclass => {
            let loss = CategoricalCrossentropy.from_logits(logits);
            (if logits { "linear" } else { "softmax" }, Arc::new(loss))
        }
        _ => ("linear", Arc::new(MeanSquaredError::default())),
    };
    let count = if number.is_multiple_of(2) { 1 } else { 3 };
    let member = |index: usize| {
        let layers = Sequential::<T>::default().add(Dense::new(6, Tanh)).add(Dense::new(outputs, activation));
        let mut model = layers.seed((number + 100 * index) as u64).compile(Adam::default(), loss.clone(), ());
        model.build(features).unwrap();
        model
    };
    (0..count).map(member).collect()
}

/// The outputs that a runtime must return for the rows, by name.
fn outputs<T: Scalar>(pipeline: &FittedPipeline<T>, table: &Table) -> Vec<Value> {
    let element = if size_of::<T>() == 8 { "float64" } else { "float32" };
    let made = |name: &str, kind: &str, rows: Vec<Value>| json!({ "name": name, "type": kind, "rows": rows });
    let chosen = |name: &str, kind: &str, rows: Vec<Value>, by: &str| {
        let mut output = made(name, kind, rows);
        output["chosen_by"] = by.into();
        output
    };
    let predictions = pipeline.predict(table).unwrap();
    let of = |part: fn(&Prediction) -> Value| predictions.iter().map(part).collect::<Vec<Value>>();
    match pipeline.target().task() {
        Task::Binary => {
            let probability = of(|one| match one {
                Prediction::Binary { probability, .. } => json!([probability]),
                other => panic!("{other:?}"),
            });
            let decision = of(|one| match one {
                Prediction::Binary { decision, .. } => json!([decision]),
                other => panic!("{other:?}"),
            });
            vec![made("probability", element, probability), chosen("decision", "bool", decision, "threshold")]
        }
        Task::Multiclass => {
            let labels = pipeline.target().labels();
            let probabilities = of(|one| match one {
                Prediction::Class { probabilities, .. } => json!(probabilities),
                other => panic!("{other:?}"),
            });
            let label = of(|one| match one {
                Prediction::Class { label, .. } => json!([label]),
                other => panic!("{other:?}"),
            });
            let index = predictions.iter().map(|one| match one {
                Prediction::Class { label, .. } => json!([labels.iter().position(|known| known == label)]),
                other => panic!("{other:?}"),
            });
            let index = index.collect();
            let kind = match &labels[0] {
                Label::String(_) => "string",
                Label::Boolean(_) => "bool",
                Label::Number(_) => "float64",
            };
            vec![
                made("probabilities", element, probabilities),
                chosen("index", "int64", index, "largest"),
                chosen("label", kind, label, "largest"),
            ]
        }
        Task::Multilabel => {
            let probabilities = of(|one| match one {
                Prediction::Labels { probabilities, .. } => json!(probabilities),
                other => panic!("{other:?}"),
            });
            let decisions = of(|one| match one {
                Prediction::Labels { decisions, .. } => json!(decisions),
                other => panic!("{other:?}"),
            });
            vec![made("probabilities", element, probabilities), chosen("decisions", "bool", decisions, "threshold")]
        }
        _ => {
            let numbers = of(|one| match one {
                Prediction::Number(number) => json!([number]),
                Prediction::Numbers(numbers) => json!(numbers),
                other => panic!("{other:?}"),
            });
            vec![made("prediction", "float64", numbers)]
        }
    }
}

/// The second half of each task's pipelines with calibration, and of those with classes every other with another prior. Isotonic calibration,
/// whose steps are steep, has numbers in double precision.
fn adjusted<T: Scalar>(pipeline: FittedPipeline<T>, number: usize, rows: &Table) -> FittedPipeline<T> {
    let task = pipeline.target().task();
    if number % 8 < 4 || task.is_regression() {
        return pipeline;
    }
    let method = [PlattScaling, TemperatureScaling, IsotonicCalibration][number % 3];
    let pipeline = pipeline.calibrate(method, rows).unwrap();
    if !task.has_classes() || number.is_multiple_of(2) {
        return pipeline;
    }
    let sampled: Vec<f64> = (1..=pipeline.target().labels().len()).map(|class| class as f64).collect();
    let even = vec![1.0; sampled.len()];
    pipeline.correct_prior(PriorCorrection::from_class_rates(&sampled, &even)).unwrap()
}

fn of_type<T: Scalar>(number: usize) -> Case {
    let records = Records::new(number);
    let table = records.table();
    let columns = columns(number, &table);
    let (target, train, width) = target(number, &table);
    let members = members::<T>(number, columns.names().len(), width);
    let pipeline = FittedPipeline::from_parts(columns, &target, &train, members).unwrap();
    let pipeline = adjusted(pipeline, number, &train).with_threshold(0.51234).unwrap();
    let as_number = number.is_multiple_of(4);
    let export = if as_number { Export::new().as_number("term") } else { Export::new() };
    let mut samples = json!({
        "inputs": records.inputs(&pipeline.columns().inputs(), as_number),
        "outputs": outputs(&pipeline, &table),
        "threshold": 0.51234,
    });
    // The runtime must reject the values that the encoder rejects.
    let mut refused = vec![json!({ "income": null }), json!({ "rate": null })];
    if number.is_multiple_of(2) {
        refused.extend([json!({ "home": "CASTLE" }), json!({ "accounts": 17.0 })]);
    }
    if [2, 6].contains(&(number % 8)) {
        // It has no logarithm.
        refused.push(json!({ "income": -1.0 }));
    }
    if number % 8 < 2 {
        refused.extend([json!({ "region": "Centre" }), json!({ "rooms": 2.5 })]);
    }
    samples["refused"] = refused.into();
    let what = format!("pipeline {number} of {} in {}", task(number), std::any::type_name::<T>());
    Case { what, bytes: export.to_bytes(&pipeline).unwrap(), samples }
}

/// The pipeline of a number: every third in double precision.
pub(crate) fn case(number: usize) -> Case {
    if number % 3 == 2 { of_type::<f64>(number) } else { of_type::<f32>(number) }
}

/// Pipelines that are monotone in the income, trained, with their answers to rows in the ascending order of the income.
pub(crate) fn monotone() -> Vec<(FittedPipeline, Case)> {
    let layers = Sequential::new;
    let networks = [
        layers().add(Dense::new(8, Relu)).add(BatchNormalization::new()).add(Dense::new(6, Tanh)),
        layers().add(Dense::new(8, Linear)).add(PReLU::new()).add(Dropout::new(0.2)).add(Dense::new(6, Elu)),
        layers().add(Dense::new(8, Softplus)).add(BatchNormalization::new().scale(false)).add(LeakyReLU::new()),
        layers().add(Dense::new(8, Selu).use_bias(false)).add(Activation::new("softsign")).add(Dense::new(4, Sigmoid)),
    ];
    networks.into_iter().enumerate().map(|(number, network)| monotone_case(number, network)).collect()
}

/// Every second one has two members, and the second half calibration and another prior.
fn monotone_case(number: usize, network: Sequential) -> (FittedPipeline, Case) {
    let records = Records::new(1);
    let table = records.table().with_booleans("late", (0..ROWS).map(|row| row * 7 % 13 < 6)).unwrap();
    let columns = ColumnTransformer::new()
        .add(Log1p.then(StandardScaler::new()), ["income"])
        .add(PiecewiseLinearEncoder::new().bins(6).then(Passthrough), ["income"])
        .add(MinMaxScaler::new(), ["rate"])
        .add(OneHotEncoder::new(), ["home"]);
    let pipeline = Pipeline::new(Target::binary("late"))
        .columns(columns)
        .model(network.add(Dense::new(1, Sigmoid)).compile(Adam.learning_rate(0.05), BinaryCrossentropy, ()))
        .options(Fit::new().epochs(8).verbose(0))
        .monotone("income", Monotonicity::Decreasing)
        .members(1 + number % 2)
        .seed(1);
    let mut fitted = pipeline.fit(&table).unwrap();
    if number >= 2 {
        // Defaults that fall with the income, so that Platt's slope is not 0.
        let poor = records.table().with_booleans("late", records.income.iter().map(|income| *income < 60_000.0));
        fitted = fitted.calibrate(PlattScaling, &poor.unwrap()).unwrap();
        fitted = fitted.correct_prior(PriorCorrection::from_rates(0.5, 0.2)).unwrap();
    }
    let (mut incomes, rows) = (records.income.clone(), records.income.len());
    incomes.sort_by(f64::total_cmp);
    // The other columns have the values of one record.
    let ascending =
        Records { income: incomes, rate: vec![records.rate[3]; rows], home: vec![records.home[3]; rows], ..records };
    let inputs = ascending.inputs(&["income", "rate", "home"], false);
    let samples = json!({ "inputs": inputs, "outputs": outputs(&fitted, &ascending.table()), "threshold": 0.5,
        "monotone": { "output": "probability", "direction": -1.0 } });
    let what = format!("monotone pipeline {number}");
    let case = Case { what, bytes: Export::new().to_bytes(&fitted).unwrap(), samples };
    (fitted, case)
}
