//! The synthetic portfolio of the walkthrough has the statistics that its documentation states.

#[path = "../../examples/loan_default/portfolio/mod.rs"]
mod portfolio;
mod statistics;
mod targets;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use statistics::{checksum, correlation, deviation, mean, quantile, ranks};

static TEXT: LazyLock<String> = LazyLock::new(|| generate(portfolio::SEED));
static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| TEXT.lines().skip(1).map(Row::parse).collect());

struct Row {
    /// The columns that hang together, the label last.
    fields: [&'static str; 8],
    /// The columns that are independent of everything.
    unrelated: [&'static str; 15],
    default: bool,
    complete: bool,
}

impl Row {
    fn parse(line: &'static str) -> Self {
        let all: Vec<&str> = line.split(',').collect();
        let all: [&str; 23] = all.try_into().expect("23 fields");
        let (unrelated, fields) = all.split_at(15);
        let unrelated: [&str; 15] = unrelated.try_into().expect("15 fields");
        let fields: [&str; 8] = fields.try_into().expect("8 fields");
        assert!(["0", "1"].contains(&fields[7]), "label of {line}");
        Row { fields, unrelated, default: fields[7] == "1", complete: fields.iter().all(|field| !field.is_empty()) }
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

/// Fails unless the relative default rate is within a tenth of that of the closed loans.
fn assert_relative_rate(name: &str, rate: f64, overall: f64, closed: f64) {
    let deviation = (rate / overall) / (closed / targets::DEFAULT_RATE) - 1.0;
    assert!(deviation.abs() < 0.1, "relative default rate of {name} is off by {:.1}%", 100.0 * deviation);
}

#[test]
fn same_seed_same_bytes_and_other_seeds_other_bytes() {
    assert!(generate(portfolio::SEED) == *TEXT, "two runs differ");
    let other = generate(portfolio::SEED + 1);
    assert!(other != *TEXT, "the seed has no influence");
    let counts = |text: &str| (text.lines().count(), text.lines().filter(|line| line.ends_with(",1")).count());
    assert_eq!(counts(&other), (532_429, 125_827));

    let first: Vec<String> = TEXT.lines().take(1000).map(String::from).collect();
    let related = first.iter().map(|line| line.splitn(16, ',').last().expect("16 fields").to_owned() + "\n");
    assert_eq!(
        checksum(related.collect::<String>().as_bytes()),
        13_067_948_024_092_872_926,
        "the first rows have changed: so has every published metric"
    );
    assert_eq!(
        checksum((first.join("\n") + "\n").as_bytes()),
        5_209_106_847_184_529_942,
        "the unrelated columns have changed"
    );
}

#[test]
fn counts_are_those_of_the_challenge_file() {
    let related =
        ["funded_amnt_inv", "term", "int_rate", "home_ownership", "annual_inc", "total_rec_int", "tot_cur_bal"];
    let names = targets::UNRELATED.iter().map(|target| target.name).chain(related).chain(["loan_status"]);
    assert_eq!(TEXT.lines().next(), Some(names.collect::<Vec<_>>().join(",").as_str()));
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
            assert!(deviation.abs() < 0.01, "quantile {probability} of {name} is off by {:.2}%", 100.0 * deviation);
        }
        let deviation = mean(&values) / target.mean - 1.0;
        assert!(deviation.abs() < 0.01, "mean of {name} is off by {:.2}%", 100.0 * deviation);
    }
}

#[test]
fn the_unrelated_columns_have_the_published_marginals() {
    for (column, target) in targets::UNRELATED.iter().enumerate() {
        let name = target.name;
        let present = ROWS.iter().map(|row| row.unrelated[column]).filter(|field| !field.is_empty());
        let mut values: Vec<f64> = present.map(|field| field.parse().expect("a number")).collect();
        values.sort_unstable_by(f64::total_cmp);

        let missing = ROWS.len() - values.len();
        let absent = target.missing as f64;
        // Five standard deviations of a binomial count; those without balance are exact.
        let spread = 5.0 * (absent * (1.0 - absent / ROWS.len() as f64)).sqrt();
        assert!((missing as f64 - absent).abs() <= spread, "{missing} values of {name} are missing, not {absent}");

        let [minimum, .., maximum] = target.quantiles;
        assert_eq!((values[0], values[values.len() - 1]), (minimum, maximum), "extremes of {name}");
        for (probability, published) in [0.25, 0.5, 0.75].into_iter().zip(&target.quantiles[1..4]) {
            let found = quantile(&values, probability);
            assert!((found - published).abs() <= 0.01 * published, "quantile {probability} of {name} is {found}");
        }
        // Where only a few thousand rows are above zero the mean itself is known to a few per cent only.
        let error = deviation(&values) / (values.len() as f64).sqrt();
        let off = (mean(&values) - target.mean).abs();
        assert!(off < 0.01 * target.mean + 4.0 * error, "mean of {name} is {}", mean(&values));
        let ratio = deviation(&values) / target.deviation;
        assert!((ratio - 1.0).abs() < 0.1, "the standard deviation of {name} is {ratio} of the published one");
    }
}

#[test]
fn the_unrelated_columns_are_independent_of_the_label_and_of_each_other() {
    let label: Vec<f64> = ROWS.iter().map(|row| f64::from(u8::from(row.default))).collect();
    for (column, target) in targets::UNRELATED.iter().enumerate() {
        // An empty field counts as zero: that it is empty must not depend on the label either, except with the balance.
        let number = |field: &str| if field.is_empty() { 0.0 } else { field.parse().expect("a number") };
        if targets::WITH_BALANCE.contains(&target.name) {
            assert!(ROWS.iter().all(|row| row.unrelated[column].is_empty() == row.fields[6].is_empty()));
            continue;
        }
        let values: Vec<f64> = ROWS.iter().map(|row| number(row.unrelated[column])).collect();
        let with_label = correlation(&values, &label);
        // Five standard errors.
        assert!(with_label.abs() < 5.0 / (ROWS.len() as f64).sqrt(), "{} and the label: {with_label}", target.name);
        let next = (column + 1) % 13;
        let others: Vec<f64> = ROWS.iter().map(|row| number(row.unrelated[next])).collect();
        let with_next = correlation(&values, &others);
        assert!(with_next.abs() < 5.0 / (ROWS.len() as f64).sqrt(), "{} and column {next}: {with_next}", target.name);
    }
    let mut members: Vec<&str> = ROWS.iter().map(|row| row.unrelated[0]).collect();
    members.sort_unstable();
    members.dedup();
    assert_eq!(members.len(), ROWS.len(), "every member has a number of its own");
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
    assert!((long - targets::LONG_TERM_SHARE).abs() < 0.005, "fraction of 60 months is {long}");
    for (term, closed) in targets::RATE_BY_TERM {
        assert_relative_rate(term, default_rate(&terms[term]), overall, closed);
    }

    let homes = group(3);
    assert_eq!(homes.keys().copied().collect::<Vec<_>>(), ["ANY", "MORTGAGE", "NONE", "OTHER", "OWN", "RENT"]);
    for rare in ["OTHER", "NONE", "ANY"] {
        // Enough that every split trains on each of them, few enough to be a handful.
        assert!((20..600).contains(&homes[rare].len()), "{} rows of {rare}", homes[rare].len());
    }
    for (home, fraction, closed) in targets::OWNERSHIP {
        let found = homes[home].len() as f64 / rows.len() as f64;
        assert!((found - fraction).abs() < 0.005, "fraction of {home} is {found}");
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
