use super::*;
use crate::Result;
use crate::pipeline::Target;
use crate::preprocessing::Table;

/// Numbers in [0, 1), the same in every run.
fn noise(row: usize, stream: u64) -> f64 {
    let mut bits = (row as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ stream.wrapping_mul(0xd1b5_4a32_d192_ed03);
    for _ in 0..3 {
        bits = (bits ^ bits >> 31).wrapping_mul(0x94d0_49bb_1331_11eb);
    }
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}

/// Loans of the kind of the walkthrough: the balance is missing in 29% of the defaults and in 1.3% of the others; the interest that
/// was received is smaller for defaults, as these ended early.
fn loans(rows: std::ops::Range<usize>) -> Table {
    let bad = |row: usize| noise(row, 1) < 0.24;
    let balance = move |row: usize| {
        let is_missing = noise(row, 2) < if bad(row) { 0.293 } else { 0.0126 };
        if is_missing { f64::NAN } else { 1e5 * noise(row, 3) }
    };
    let interest = move |row: usize| 3000.0 * noise(row, 5) * if bad(row) { 0.8 } else { 1.0 };
    Table::new()
        .with_numbers("annual_inc", rows.clone().map(|row| 1e5 * noise(row, 4) - if bad(row) { 1e4 } else { 0.0 }))
        .and_then(|table| table.with_numbers("total_rec_int", rows.clone().map(interest)))
        .and_then(|table| table.with_numbers("tot_cur_bal", rows.clone().map(balance)))
        .and_then(|table| table.with_strings("term", rows.clone().map(|row| if row % 3 == 0 { "60" } else { "36" })))
        .and_then(|table| table.with_booleans("default", rows.map(bad)))
        .unwrap()
}

fn check() -> LeakCheck {
    LeakCheck::new(Target::binary("default"))
}

/// The column and the kind of every finding.
fn found(report: &LeakReport) -> Vec<(LeakKind, &str)> {
    report.findings().iter().map(|one| (one.kind, one.column.as_deref().unwrap_or("rows"))).collect()
}

#[test]
fn the_missing_balance_is_named_and_the_interest_cannot_be() -> Result<()> {
    let report = check().run(&loans(0..4000), Some(&loans(4000..6000)))?;
    assert_eq!(found(&report), [(LeakKind::Missingness, "tot_cur_bal")], "{report}");
    let finding = &report.findings()[0];
    assert_eq!(finding.severity, LeakSeverity::High);
    assert!((finding.value - 0.64).abs() < 0.02 && (0.005..0.02).contains(&finding.error), "{report}");
    assert!(finding.note.contains("\"true\" with AUC 0.6"), "{report}");
    assert!(report.to_string().lines().all(|line| line.chars().count() <= 80), "{report}");
    Ok(())
}

#[test]
fn a_single_predictive_column_of_any_type_and_relation_is_named() -> Result<()> {
    let rows = 0..2000;
    let table = loans(rows.clone());
    let flags = table.booleans("default")?.clone();
    let is_bad = |row: usize| flags.get(row) == Some(true);
    let table = table
        .with_numbers(
            "recoveries",
            rows.clone().map(|row| if is_bad(row) { 1.0 + noise(row, 7) } else { noise(row, 7) }),
        )?
        .with_numbers(
            "middle",
            rows.clone().map(|row| if is_bad(row) { 0.5 } else { f64::from((row % 2) as u8) } + 0.01 * noise(row, 8)),
        )?
        .with_strings("status", rows.clone().map(|row| if is_bad(row) { "late" } else { "current" }))?
        .with_strings("id", rows.clone().map(|row| format!("loan {row}")))?
        .with_numbers("number", rows.map(|row| 7.0 * row as f64))?;
    let report = check().run(&table, None)?;
    let expected = [
        (LeakKind::Predictor, "middle"),
        (LeakKind::Predictor, "recoveries"),
        (LeakKind::Predictor, "status"),
        (LeakKind::Missingness, "tot_cur_bal"),
        (LeakKind::Identifier, "id"),
        (LeakKind::Identifier, "number"),
    ];
    let mut sorted = found(&report);
    sorted[..4].sort_by_key(|one| one.1);
    let mut all = expected;
    all[..4].sort_by_key(|one| one.1);
    assert_eq!(sorted, all, "{report}");
    // Distinct categories predict nothing of rows that they were not learned from.
    assert!(report.get(LeakKind::Predictor, "id").is_none());
    let excluded =
        check().exclude(["middle", "recoveries", "status", "id", "number"]).predictor(0.99).run(&table, None)?;
    assert_eq!(excluded.findings().len(), 1);
    Ok(())
}

#[test]
fn rows_that_occur_in_both_parts_are_counted() -> Result<()> {
    let train = loans(0..1000);
    let test = loans(900..1300);
    let report = check().run(&train, Some(&test))?;
    let rows = report.findings().iter().find(|finding| finding.kind == LeakKind::DuplicateRows);
    assert_eq!(rows.map(|rows| (rows.value, rows.severity)), Some((0.25, LeakSeverity::High)), "{report}");
    let flipped = test.booleans("default")?.iter().map(|value| value == Some(false)).collect::<Vec<_>>();
    let report = check().run(&train, Some(&test.with_booleans("default", flipped)?))?;
    let kinds: Vec<LeakKind> = report.findings().iter().map(|finding| finding.kind).collect();
    assert!(kinds.contains(&LeakKind::DuplicateFeatures) && !kinds.contains(&LeakKind::DuplicateRows), "{report}");
    // Without a target of the test rows only features can be compared.
    let report = check().run(&train, Some(&test.drop_columns(["default"])?))?;
    assert!(report.findings().iter().any(|finding| finding.kind == LeakKind::DuplicateFeatures), "{report}");
    Ok(())
}

#[test]
fn parts_that_differ_are_named_and_chance_is_not() -> Result<()> {
    let (train, test) = (loans(0..800), loans(800..1200));
    let shifted = test.with_numbers("annual_inc", test.numbers("annual_inc")?.iter().map(|x| x + 2e4))?;
    let shifted = shifted.with_strings("term", (0..400).map(|row| if row % 2 == 0 { "60" } else { "36" }))?;
    let report = check().run(&train, Some(&shifted))?;
    let drifting: Vec<&str> =
        found(&report).into_iter().filter(|one| one.0 == LeakKind::Drift).map(|one| one.1).collect();
    assert_eq!(drifting, ["annual_inc", "term"], "{report}");
    // Twenty rows differ from others by more than the threshold, which is chance.
    let report = check().run(&train, Some(&loans(1200..1220)))?;
    assert!(found(&report).iter().all(|one| one.0 != LeakKind::Drift), "{report}");
    Ok(())
}

#[test]
fn numbers_and_several_classes_have_their_measures() -> Result<()> {
    let rows = 0..900;
    let y = |row: usize| 10.0 * noise(row, 1);
    let table = Table::new()
        .with_numbers("square", rows.clone().map(|row| (y(row) - 5.0).powi(2)))?
        .with_numbers("copy", rows.clone().map(|row| 3.0 - 2.0 * y(row) + 0.1 * noise(row, 2)))?
        .with_numbers("gap", rows.clone().map(|row| if y(row) > 8.0 { f64::NAN } else { 1.5 * noise(row, 3) }))?
        .with_strings("kind", rows.clone().map(|row| ["a", "b", "c"][(y(row) / 3.4) as usize]))?
        .with_numbers("y", rows.map(y))?;
    let report = LeakCheck::new(Target::regression("y")).run(&table, None)?;
    assert!(
        report.findings()[0].note.contains("y with R² 1.000") || report.findings()[0].note.contains("R² 0.9"),
        "{report}"
    );
    let value = |kind, column| report.get(kind, column).map(|finding| finding.value);
    assert!(value(LeakKind::Predictor, "copy") > Some(0.99), "{report}");
    assert_eq!(value(LeakKind::Predictor, "square"), None);
    // The variance between the rows with and without a value is 0.48 of the whole.
    assert!(value(LeakKind::Missingness, "gap").is_some_and(|r2| (r2 - 0.48).abs() < 0.05), "{report}");
    let report = LeakCheck::new(Target::multiclass("kind")).run(&table, None)?;
    assert!(report.get(LeakKind::Predictor, "y").is_some_and(|finding| finding.value > 0.99), "{report}");
    // The class in the middle.
    assert!(report.get(LeakKind::Predictor, "square").is_some(), "{report}");
    Ok(())
}

#[test]
fn few_rows_and_rare_classes_are_no_evidence() -> Result<()> {
    let rows = |count: usize| {
        Table::new()
            .with_numbers("x", (0..count).map(|row| row as f64))?
            .with_numbers("gap", (0..count).map(|row| if row == 0 { f64::NAN } else { 1.0 }))?
            .with_numbers("size", (0..count).map(|row| 3.0 * row as f64))?
            .with_booleans("default", (0..count).map(|row| 2 * row >= count))
    };
    let of = |target: Target, count: usize, column: &str| {
        let report = LeakCheck::new(target).run(&rows(count)?.select(["x", "gap", column])?, None)?;
        Ok::<_, crate::Error>(report.findings().iter().map(|found| found.column.clone()).collect::<Vec<_>>())
    };
    for count in [2, 3, 6] {
        assert!(of(Target::binary("default"), count, "default")?.is_empty(), "{count} rows");
        assert!(of(Target::regression("size"), count, "size")?.is_empty(), "{count} rows");
    }
    assert_eq!(of(Target::binary("default"), 40, "default")?[0].as_deref(), Some("x"));
    assert_eq!(of(Target::regression("size"), 40, "size")?[0].as_deref(), Some("x"));
    // Two rows of a class happen to have the largest numbers.
    let kinds = (0..300).map(|row| if row >= 298 { "rare" } else { ["a", "b"][row % 2] });
    let table =
        Table::new().with_numbers("x", (0..300).map(|row| f64::from(row) + 0.5))?.with_strings("kind", kinds)?;
    assert!(LeakCheck::new(Target::multiclass("kind")).run(&table, None)?.is_clean());
    Ok(())
}

#[test]
fn a_report_is_a_table_and_arguments_are_checked() -> Result<()> {
    let report = check().run(&loans(0..2000), None)?;
    let table = report.to_table()?;
    assert_eq!((table.nrows(), table.strings("column")?.get(0)), (1, Some("tot_cur_bal")));
    let clean = check().exclude(["tot_cur_bal"]).run(&loans(0..2000), None)?;
    assert!(clean.is_clean() && clean.to_string().ends_with("4 columns: nothing found"), "{clean}");
    assert_eq!(clean.to_table()?.nrows(), 0);
    let message = |check: LeakCheck| check.run(&loans(0..50), None).unwrap_err().to_string();
    assert!(message(check().missingness(0.4)).contains("[0.5, 1]"));
    assert!(message(check().drift(f64::NAN)).contains("[0, 1]"));
    assert!(message(check().exclude(["age"])).contains("\"age\""));
    let other = loans(0..50).with_strings("annual_inc", vec!["a"; 50])?;
    assert!(
        check().run(&loans(0..50), Some(&other)).unwrap_err().to_string().contains("numbers, as in the training rows")
    );
    assert!(check().run(&loans(0..0), None).is_err());
    let long = "a very long name of a column ".repeat(9);
    let table = loans(0..900).with_numbers(long, loans(0..900).numbers("default")?.to_vec())?;
    let report = check().run(&table, None)?;
    assert!(report.to_string().lines().all(|line| line.chars().count() <= 80), "{report}");
    Ok(())
}
