//! The page `docs/tables.md` against the crate: it names every transformer, fold and score, and nothing that does not exist.

use perceptra::items::Family;
use perceptra::model_selection::Folds;
use perceptra::preprocessing::Transformer;
use perceptra::scores::Score;
use std::collections::BTreeSet;

const PAGE: &str = include_str!("../../docs/tables.md");

/// Names of the table that are no items.
const OTHERS: &[&str] =
    &["ColumnTransformer", "CrossValidate", "Pipeline", "Transformer::then", "cross_val_predict", "cross_validate"];

/// Scores are called in snake case.
fn squeezed(name: &str) -> String {
    name.replace('_', "").to_lowercase()
}

/// All items that the page documents.
fn items() -> BTreeSet<String> {
    let names = [<dyn Transformer as Family>::names(), <dyn Folds as Family>::names(), <dyn Score as Family>::names()];
    names.concat().into_iter().map(squeezed).collect()
}

/// The text in backticks.
fn named(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[test]
fn every_name_of_the_table_exists() {
    let rows = PAGE.lines().skip_while(|line| !line.starts_with("| scikit-learn")).skip(2);
    let cells = rows.take_while(|line| line.starts_with('|')).filter_map(|line| line.split('|').nth(2));
    let found: BTreeSet<&str> = cells.flat_map(named).collect();
    let gone: Vec<&&str> =
        found.iter().filter(|name| !OTHERS.contains(name) && !items().contains(&squeezed(name))).collect();
    assert!(found.len() > 50 && gone.is_empty(), "docs/tables.md names what does not exist: {gone:?}");
}

#[test]
fn the_page_names_every_item() {
    let page: BTreeSet<String> = PAGE.lines().flat_map(named).map(squeezed).collect();
    let missing: Vec<String> = items().into_iter().filter(|name| !page.contains(name)).collect();
    assert!(missing.is_empty(), "docs/tables.md lacks {missing:?}");
}
