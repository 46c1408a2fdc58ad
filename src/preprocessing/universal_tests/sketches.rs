//! Transformers that learn quantiles, fitted over blocks of more rows than are kept.

use super::super::quantile::quantile;
use super::super::*;
use serde_json::Value as Json;

const ROWS: u32 = 200_000;
/// The rank error that is stated, and the distance between two ranks.
const ERROR: f64 = 1e-3 + 1.0 / ROWS as f64;

/// A number from 0 to 1 for each row.
fn drawn(row: u32, of: u32) -> f64 {
    let mixed = crate::random::mix(u64::from(row) ^ (u64::from(of) << 40));
    (mixed >> 11) as f64 * 2f64.powi(-53)
}

/// Incomes, some of them missing, in an order that rises in the large, and amounts of which two fifths are 0.
fn table() -> Table {
    let income = (0..ROWS).map(|row| match row % 11 {
        4 => f64::NAN,
        _ => (1.0 + 3.0 * drawn(row, 1) * drawn(row, 2) + f64::from(row) / f64::from(ROWS)).exp(),
    });
    let amount = (0..ROWS).map(|row| (50.0 * (drawn(row, 3) - 0.4)).max(0.0));
    Table::new().with_numbers("income", income).unwrap().with_numbers("amount", amount).unwrap()
}

/// The state that two accumulators learn over blocks, merged.
fn in_blocks(transformer: &dyn Transformer, table: &Table, weights: Option<&[f64]>) -> Json {
    let mut halves = [transformer.accumulator().unwrap(), transformer.accumulator().unwrap()];
    for start in (0..table.nrows()).step_by(9_973) {
        let rows: Vec<usize> = (start..(start + 9_973).min(table.nrows())).collect();
        let block = table.take(&rows).unwrap();
        let mut input = FitInput::new(&block);
        if let Some(weights) = weights {
            input = input.with_weights(&weights[start..start + rows.len()]).unwrap();
        }
        halves[usize::from(start > 130_000)].update(input).unwrap();
    }
    let [mut first, second] = halves;
    first.merge(second).unwrap();
    first.finish().unwrap().state().unwrap()
}

fn numbers(state: &Json) -> Vec<f64> {
    state.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

/// The numbers of a column in ascending order.
struct SortedColumn(Vec<f64>);

impl SortedColumn {
    fn of(table: &Table, name: &str) -> SortedColumn {
        let mut values: Vec<f64> = table.numbers(name).unwrap().iter().copied().filter(|x| !x.is_nan()).collect();
        values.sort_unstable_by(f64::total_cmp);
        SortedColumn(values)
    }

    fn at(&self, level: f64) -> f64 {
        quantile(&self.0, level.clamp(0.0, 1.0))
    }

    /// Whether a number is a quantile of about this level.
    fn is_quantile(&self, number: f64, level: f64) -> bool {
        (self.at(level - ERROR)..=self.at(level + ERROR)).contains(&number)
    }

    fn rank(&self, number: f64) -> f64 {
        self.0.partition_point(|x| *x < number) as f64 / self.0.len() as f64
    }
}

#[test]
fn quantiles_are_within_the_stated_error() {
    let table = table();
    let known = [SortedColumn::of(&table, "income"), SortedColumn::of(&table, "amount")];
    let learned = |transformer: &dyn Transformer| in_blocks(transformer, &table, None);

    let robust = learned(&RobustScaler::new());
    let transformed = learned(&QuantileTransformer::new());
    let clipped = learned(&Clip::quantiles(0.01, 0.99));
    let ends = learned(&Clip::quantiles(0.0, 1.0));
    let imputed = learned(&SimpleImputer::median());
    let encoded = learned(&PiecewiseLinearEncoder::new().dominated_bins(8));
    for (column, known) in known.iter().enumerate() {
        let scale = &robust["scaler"]["columns"][column];
        assert!(known.is_quantile(scale["center"].as_f64().unwrap(), 0.5));
        let least = known.at(0.75 - ERROR) - known.at(0.25 + ERROR);
        let most = known.at(0.75 + ERROR) - known.at(0.25 - ERROR);
        assert!((least..=most).contains(&scale["scale"].as_f64().unwrap()));

        let quantiles = numbers(&transformed["scaler"]["columns"][column]["quantiles"]);
        assert_eq!(quantiles.len(), 1000);
        assert!(quantiles.iter().enumerate().all(|(at, number)| known.is_quantile(*number, at as f64 / 999.0)));
        assert_eq!((quantiles[0], quantiles[999]), (known.at(0.0), known.at(1.0)));

        let bounds = |state: &Json| {
            let of = |end: &str| state["scaler"]["columns"][column][end].as_f64().unwrap();
            (of("low"), of("high"))
        };
        let (low, high) = bounds(&clipped);
        assert!(known.is_quantile(low, 0.01) && known.is_quantile(high, 0.99));
        assert_eq!(bounds(&ends), (known.at(0.0), known.at(1.0)));

        assert!(known.is_quantile(imputed["columns"][column]["fill"].as_f64().unwrap(), 0.5), "{imputed}");
    }
    let edges = |column: usize| numbers(&encoded["columns"][column]["edges"]);
    assert_eq!(edges(0).len(), 17);
    assert!(edges(0).iter().enumerate().all(|(at, edge)| known[0].is_quantile(*edge, at as f64 / 16.0)));
    // Two fifths of the amounts are 0, and among the others there are eight more bins.
    let others = SortedColumn(known[1].0.iter().copied().filter(|x| *x > 0.0).collect());
    let is_edge = |edge: &f64| {
        let levels = |bins: u32, known: &SortedColumn| {
            (0..=bins).any(|at| known.is_quantile(*edge, f64::from(at) / f64::from(bins)))
        };
        levels(16, &known[1]) || (0..=8).any(|at| (others.rank(*edge) - f64::from(at) / 8.0).abs() < 2.0 * ERROR)
    };
    assert!(edges(1).len() > 17 && edges(1).iter().all(is_edge), "{:?}", edges(1));
}

#[test]
fn bins_are_within_the_stated_error() {
    let table = table();
    let known = SortedColumn::of(&table, "income");
    let edges = |bins: &KBinsDiscretizer, weights| numbers(&in_blocks(bins, &table, weights)["columns"][0]["edges"]);
    let of_quantiles = edges(&KBinsDiscretizer::new().n_bins(10), None);
    assert_eq!(of_quantiles.len(), 11);
    assert!(of_quantiles.iter().enumerate().all(|(at, edge)| known.is_quantile(*edge, at as f64 / 10.0)));

    // Twice the weight is a row twice.
    let weights: Vec<f64> = (0..ROWS).map(|row| f64::from(1 + row % 2)).collect();
    let doubled: Vec<usize> = (0..ROWS as usize).chain((0..ROWS as usize).filter(|row| row % 2 == 1)).collect();
    let all = SortedColumn::of(&table.take(&doubled).unwrap(), "income");
    let weighted = edges(&KBinsDiscretizer::new().n_bins(10), Some(&weights));
    assert_eq!(weighted.len(), 11);
    assert!(weighted.iter().enumerate().all(|(at, edge)| all.is_quantile(*edge, at as f64 / 10.0)), "{weighted:?}");

    let exact = |strategy| {
        let bins = KBinsDiscretizer::new().n_bins(4).strategy(strategy);
        let fitted = Transformer::fit(&bins, FitInput::new(&table)).unwrap().state().unwrap();
        (numbers(&fitted["columns"][0]["edges"]), edges(&bins, None))
    };
    let (whole, blocks) = exact(BinStrategy::Uniform);
    assert_eq!(whole, blocks);
    let (whole, blocks) = exact(BinStrategy::KMeans);
    assert!(
        whole.iter().zip(&blocks).all(|(a, b)| (known.rank(*a) - known.rank(*b)).abs() < 5.0 * ERROR),
        "{blocks:?}"
    );

    let bins = Discretization::new().num_bins(10);
    let boundaries = |state: Json| numbers(&state["boundaries"][0]);
    let whole = boundaries(bins.fit(FitInput::new(&table)).unwrap().state().unwrap());
    let blocks = boundaries(in_blocks(&bins, &table, None));
    assert_eq!(whole.len(), blocks.len());
    assert!(
        whole.iter().zip(&blocks).all(|(a, b)| (known.rank(*a) - known.rank(*b)).abs() < 2.0 * ERROR),
        "{blocks:?}"
    );
}

#[test]
fn powers_are_those_of_the_sketched_numbers() {
    let table = table();
    for power in [PowerTransformer::new(), PowerTransformer::new().method(PowerMethod::BoxCox)] {
        let table = if power.method == PowerMethod::BoxCox { table.select(["income"]).unwrap() } else { table.clone() };
        let whole = power.fit(FitInput::new(&table)).unwrap().transform(&table).unwrap();
        let fitted = power.restore(in_blocks(&power, &table, None)).unwrap();
        let blocks = fitted.transform(&table).unwrap();
        for name in table.names() {
            let (whole, blocks) = (whole.numbers(name).unwrap(), blocks.numbers(name).unwrap());
            let distance = |(a, b): (&f64, &f64)| if a.is_nan() { 0.0 } else { (a - b).abs() };
            let largest = whole.iter().zip(blocks).map(distance).fold(0.0, f64::max);
            // Of columns whose standard deviation is 1.
            assert!(largest < 0.01, "{name}: {largest}");
        }
    }
}
