//! The synthetic portfolio of the walkthrough keeps what its documentation promises.

#[path = "../examples/loan_default/portfolio/mod.rs"]
mod portfolio;
#[path = "loan_portfolio/statistics.rs"]
mod statistics;
#[path = "loan_portfolio/targets.rs"]
mod targets;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use statistics::{checksum, correlation, mean, quantile, ranks};

static TEXT: LazyLock<String> = LazyLock::new(|| generate(portfolio::SEED));
static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| TEXT.lines().skip(1).map(Row::parse).collect());

struct Row {
    fields: [&'static str; 8],
    default: bool,
    complete: bool,
}

impl Row {
    fn parse(line: &'static str) -> Self {
        let fields: Vec<&str> = line.split(',').collect();
        let fields: [&str; 8] = fields.try_into().expect("eight fields");
        assert!(["0", "1"].contains(&fields[7]), "label of {line}");
        Row { fields, default: fields[7] == "1", complete: fields.iter().all(|field| !field.is_empty()) }
    }

    fn number(&self, column: usize) -> f64 {
        self.fields[column].parse().expect("a number")
    }
}

fn generate(seed: u64) -> String {
    let mut text = Vec::new();
    portfolio::write_csv(seed, &mut text).expect("writing to memory");
    String::from_utf8(text).expect("ASCII")
}

fn complete() -> Vec<&'static Row> {
    ROWS.iter().filter(|row| row.complete).collect()
}

fn default_rate<'a>(rows: impl IntoIterator<Item = &'a &'static Row>) -> f64 {
    let (defaults, count) = rows
        .into_iter()
        .fold((0.0, 0.0), |(defaults, count), row| (defaults + f64::from(u8::from(row.default)), count + 1.0));
    defaults / count
}

/// Fails unless the relative default rate lies within a tenth of that of the closed loans.
fn assert_relative_rate(name: &str, rate: f64, overall: f64, closed: f64) {
    let deviation = (rate / overall) / (closed / targets::DEFAULT_RATE) - 1.0;
    assert!(deviation.abs() < 0.1, "relative default rate of {name} is off by {:.1} %", 100.0 * deviation);
}

#[test]
fn same_seed_same_bytes_and_other_seeds_other_bytes() {
    assert!(generate(portfolio::SEED) == *TEXT, "two runs differ");
    let other = generate(portfolio::SEED + 1);
    assert!(other != *TEXT, "the seed has no influence");
    let counts = |text: &str| (text.lines().count(), text.lines().filter(|line| line.ends_with(",1")).count());
    assert_eq!(counts(&other), (532_429, 125_827));

    let first: String = TEXT.split_inclusive('\n').take(1000).collect();
    assert_eq!(
        checksum(first.as_bytes()),
        13_067_948_024_092_872_926,
        "the first rows have changed: so has every published figure"
    );
}

#[test]
fn counts_are_those_of_the_challenge_file() {
    assert_eq!(
        TEXT.lines().next(),
        Some("funded_amnt_inv,term,int_rate,home_ownership,annual_inc,total_rec_int,tot_cur_bal,loan_status")
    );
    assert_eq!(ROWS.len(), 532_428);
    assert_eq!(ROWS.iter().filter(|row| row.default).count(), 125_827);
    let missing: Vec<usize> =
        (0..8).map(|column| ROWS.iter().filter(|row| row.fields[column].is_empty()).count()).collect();
    assert_eq!(missing, [0, 0, 0, 0, 3, 0, 42_004, 0]);

    let complete = complete();
    assert_eq!(complete.len(), 490_421);
    let training_defaults = default_rate(&complete) * 343_295.0;
    assert!((training_defaults - 62_256.0).abs() < 30.0, "{training_defaults} defaults to train on");
}

#[test]
fn marginals_are_those_of_the_challenge_file() {
    for target in &targets::SUMMARIES {
        let name = target.name;
        let present = ROWS.iter().filter(|row| !row.fields[target.column].is_empty());
        let mut values: Vec<f64> = present.map(|row| row.number(target.column)).collect();
        values.sort_unstable_by(f64::total_cmp);
        let [minimum, .., maximum] = target.quantiles;
        assert_eq!((values[0], values[values.len() - 1]), (minimum, maximum), "extremes of {name}");
        for (probability, published) in [0.25, 0.5, 0.75].into_iter().zip(&target.quantiles[1..4]) {
            let deviation = quantile(&values, probability) / published - 1.0;
            assert!(deviation.abs() < 0.01, "quantile {probability} of {name} is off by {:.2} %", 100.0 * deviation);
        }
        let deviation = mean(&values) / target.mean - 1.0;
        assert!(deviation.abs() < 0.01, "mean of {name} is off by {:.2} %", 100.0 * deviation);
    }
}

#[test]
fn numbers_have_the_precision_of_the_real_file() {
    for row in ROWS.iter() {
        assert_eq!(row.number(0) % 25.0, 0.0, "amount {}", row.fields[0]);
        for column in [2, 5] {
            let (_, decimals) = row.fields[column].split_once('.').expect("a decimal point");
            assert_eq!(decimals.len(), 2, "{}", row.fields[column]);
        }
        for column in [0, 4, 6] {
            assert!(row.fields[column].bytes().all(|byte| byte.is_ascii_digit()), "{}", row.fields[column]);
        }
    }
}

#[test]
fn shares_and_default_rates_by_category_are_those_of_the_closed_loans() {
    let rows = complete();
    let overall = default_rate(&rows);
    let group = |column: usize| {
        let mut groups: BTreeMap<&str, Vec<&'static Row>> = BTreeMap::new();
        for row in &rows {
            groups.entry(row.fields[column]).or_default().push(row);
        }
        groups
    };

    let terms = group(1);
    assert_eq!(terms.len(), 2);
    let long = terms["60 months"].len() as f64 / rows.len() as f64;
    assert!((long - targets::LONG_TERM_SHARE).abs() < 0.005, "share of 60 months is {long}");
    for (term, closed) in targets::RATE_BY_TERM {
        assert_relative_rate(term, default_rate(&terms[term]), overall, closed);
    }

    let homes = group(3);
    assert_eq!(homes.keys().copied().collect::<Vec<_>>(), ["ANY", "MORTGAGE", "NONE", "OTHER", "OWN", "RENT"]);
    for rare in ["OTHER", "NONE", "ANY"] {
        // Enough that every split trains on each of them, few enough to be a handful.
        assert!((20..600).contains(&homes[rare].len()), "{} rows of {rare}", homes[rare].len());
    }
    for (home, share, closed) in targets::OWNERSHIP {
        let found = homes[home].len() as f64 / rows.len() as f64;
        assert!((found - share).abs() < 0.005, "share of {home} is {found}");
        assert_relative_rate(home, default_rate(&homes[home]), overall, closed);
    }
}

#[test]
fn default_rates_by_interest_rate_are_those_of_the_closed_loans() {
    let mut rows = complete();
    let overall = default_rate(&rows);
    rows.sort_by(|a, b| a.number(2).total_cmp(&b.number(2)));
    let loans: u32 = targets::RATE_BY_INTEREST_DECILE.iter().map(|(count, _)| count).sum();
    let (mut before, mut first) = (0, 0);
    for (decile, (count, closed)) in targets::RATE_BY_INTEREST_DECILE.into_iter().enumerate() {
        before += count;
        let end = rows.len() * before as usize / loans as usize;
        let name = format!("interest decile {}", decile + 1);
        assert_relative_rate(&name, default_rate(&rows[first..end]), overall, closed);
        first = end;
    }
    assert_eq!(first, rows.len());
}

#[test]
fn rank_correlations_are_those_of_the_closed_loans() {
    let rows = complete();
    let indicator =
        |holds: &dyn Fn(&Row) -> bool| -> Vec<f64> { rows.iter().map(|row| f64::from(u8::from(holds(row)))).collect() };
    let mut variables: Vec<Vec<f64>> =
        [0, 2, 4, 5, 6].iter().map(|column| rows.iter().map(|row| row.number(*column)).collect()).collect();
    variables.push(indicator(&|row| row.fields[1] == "60 months"));
    for home in ["MORTGAGE", "RENT", "OWN"] {
        variables.push(indicator(&|row| row.fields[3] == home));
    }
    variables.push(indicator(&|row| row.default));

    let ranked: Vec<Vec<f64>> = variables.iter().map(|values| ranks(values)).collect();
    for (i, first) in targets::VARIABLES.into_iter().enumerate() {
        for (j, second) in targets::VARIABLES.into_iter().enumerate().take(i) {
            let deviation = correlation(&ranked[i], &ranked[j]) - targets::SPEARMAN[i][j];
            assert!(deviation.abs() < 0.05, "Spearman of {first} and {second} is off by {deviation:.4}");
        }
    }
}
