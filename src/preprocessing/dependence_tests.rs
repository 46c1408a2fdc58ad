//! Tests of the dependence of columns that transformers state.

use super::*;
use crate::Dependence::{self, Decreasing, Increasing, Independent, Unknown};
use crate::items::IntoItem;

fn table() -> Table {
    let numbers = (0..40).map(|row| f64::from(row * row % 41));
    let table = Table::new().with_numbers("a", numbers.clone().map(|x| if x == 9.0 { f64::NAN } else { x })).unwrap();
    let table = table.with_numbers("b", numbers.clone().rev()).unwrap();
    let table = table.with_strings("grade", (0..40).map(|row| ["A", "B", "C"][row % 3])).unwrap();
    table.with_strings("term", (0..40).map(|row| if row % 2 == 0 { "36 months" } else { "60 months" })).unwrap()
}

fn of<M>(transformer: impl IntoItem<dyn Transformer, M>, inputs: &[&str], column: &str) -> Vec<Dependence> {
    let columns = ColumnTransformer::new().add(transformer, inputs.to_vec());
    let fitted = columns.fit(&table()).unwrap();
    let dependences = fitted.dependences(column);
    assert_eq!(dependences.len(), fitted.names().len());
    dependences
}

#[test]
fn scalers_rise_only_with_their_column() {
    let imputed = || SimpleImputer::median();
    for made in [
        of(imputed().then(StandardScaler::new()), &["a", "b"], "a"),
        of(imputed().then(MinMaxScaler::new()), &["a", "b"], "a"),
        of(imputed().then(RobustScaler::new()).then(SmoothClip::new()), &["a", "b"], "a"),
        of(imputed().then(Log1p).then(PowerTransformer::new()), &["a", "b"], "a"),
        of(Clip::values(0.0, 9.0).then(QuantileTransformer::new()).then(imputed()), &["a", "b"], "a"),
        of(imputed().then(KBinsDiscretizer::new().encode(BinEncoding::Ordinal)), &["a", "b"], "a"),
        of(imputed().then(VarianceThreshold::new()), &["a", "b"], "a"),
    ] {
        assert_eq!(made, [Increasing, Independent]);
    }
    assert_eq!(of(Rescaling::new(-2.0), &["b"], "b"), [Decreasing]);
    assert_eq!(of(Rescaling::new(-2.0).then(Rescaling::new(-1.0)), &["b"], "b"), [Increasing]);
    assert_eq!(of(Rescaling::new(0.0), &["b"], "b"), [Independent]);
}

#[test]
fn indicators_do_not_depend_on_values_that_are_there() {
    let imputer = || SimpleImputer::median().indicator(true);
    assert_eq!(of(imputer().then(StandardScaler::new()), &["a"], "a"), [Increasing, Independent]);
    assert_eq!(of(StandardScaler::new().then(imputer()), &["a"], "a"), [Increasing, Independent]);
    assert_eq!(of(MissingIndicator::new(), &["a"], "a"), [Independent]);
}

#[test]
fn pieces_rise_and_categories_are_unknown() {
    let pieces = of(PiecewiseLinearEncoder::new().bins(4), &["b"], "b");
    assert!(pieces.len() > 2 && pieces.iter().all(|piece| *piece == Increasing), "{pieces:?}");
    let bins = of(KBinsDiscretizer::new().encode(BinEncoding::OneHot), &["b"], "b");
    assert!(bins.iter().all(|bin| *bin == Unknown), "{bins:?}");
    assert_eq!(of(OneHotEncoder::new(), &["term", "grade"], "b"), [Independent; 5]);
    assert!(of(OneHotEncoder::new(), &["grade"], "grade").contains(&Unknown));
    let sum = ColumnTransformer::new().add(ColumnArithmetic::ratio("a", "b").then(SimpleImputer::median()), ["a", "b"]);
    assert_eq!(sum.fit(&table()).unwrap().dependences("a"), [Unknown]);
}

#[test]
fn strings_have_the_order_of_the_numbers_that_they_become() {
    let leading = TextToNumber::leading_number;
    assert_eq!(of(leading().then(StandardScaler::new()), &["term"], "term"), [Increasing]);
    let grades = TextToNumber::pairs([("A", 1.0), ("B", 2.0), ("C", 3.0)]);
    assert_eq!(of(grades.then(StandardScaler::new()), &["grade"], "grade"), [Increasing]);
    // The numbers of such a column change too.
    let numbers = TextToNumber::pairs((0..41).map(|x| (x.to_string(), f64::from(x * x % 7))));
    assert_eq!(of(numbers.then(StandardScaler::new()), &["b"], "b"), [Unknown]);
    let before = ColumnTransformer::new().text_to_number(leading(), ["term"]).add(Rescaling::new(-1.0), ["term", "b"]);
    let fitted = before.fit(&table()).unwrap();
    assert_eq!(fitted.dependences("term"), [Decreasing, Independent]);
    assert_eq!(fitted.dependences("b"), [Independent, Decreasing]);
}
