//! The page `docs/keras.md` against Keras and against the crate.
//!
//! `tests/parity/keras_surface.json` holds every name of Keras that is in scope, with its arguments and their defaults, as
//! `tests/parity/generate/surface.py` read them off the installed package. For each of them the page must have a row;
//! the paths of the row must exist; and every argument must have Keras's default here, unless the row, or the text
//! above its table, names it in code as different.

mod items;
mod methods;
mod options;
mod page;
mod paths;

use page::{Page, Row};
use perceptra::{activations, constraints, initializers, losses, metrics, optimizers, regularizers};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The list of Keras's names.
fn surface() -> Value {
    serde_json::from_str(include_str!("../parity/keras_surface.json")).expect("the list is JSON")
}

/// Name and default of an argument; those that Keras requires have none.
fn argument(value: &Value) -> (&str, Option<&Value>) {
    (value[0].as_str().expect("arguments have names"), value.get(1))
}

fn report(problems: Vec<String>) {
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
}

#[test]
fn every_name_has_a_row_and_every_row_a_name() {
    let (surface, page) = (surface(), Page::read());
    let mut problems = Vec::new();
    let families = surface["items"].as_object().unwrap();
    for (name, items) in families {
        let expected: BTreeSet<&str> = items.as_object().unwrap().keys().map(String::as_str).collect();
        let found: BTreeSet<&str> = page.rows(name).iter().map(|row| row.keras.as_str()).collect();
        problems.extend(expected.difference(&found).map(|item| format!("{name}: {item} has no row")));
        problems.extend(found.difference(&expected).map(|item| format!("{name}: Keras has no {item} in scope")));
    }
    let total: usize = families.values().map(|items| items.as_object().unwrap().len()).sum();
    assert!(total > 200, "the list has {total} names only");
    report(problems);
}

#[test]
fn every_path_exists() {
    let page = Page::read();
    let known: BTreeSet<String> = paths::all().into_iter().chain(methods::all()).collect();
    let used: BTreeSet<String> = page.all_rows().flat_map(|row| row.paths.iter().cloned()).collect();
    let mut problems: Vec<String> = Vec::new();
    for row in page.all_rows().filter(|row| row.paths.is_empty()) {
        problems.push(format!("{} has no path", row.keras));
    }
    problems
        .extend(used.difference(&known).map(|path| format!("{path} is on the page, not in the lists of this test")));
    problems
        .extend(known.difference(&used).map(|path| format!("{path} is in the lists of this test, not on the page")));
    report(problems);
}

#[test]
fn arguments_have_the_defaults_of_keras() {
    let (surface, page) = (surface(), Page::read());
    let mut problems = Vec::new();
    let mut compared = 0;
    for (name, items) in surface["items"].as_object().unwrap() {
        for (item, arguments) in items.as_object().unwrap() {
            let Some(row) = page.rows(name).iter().find(|row| row.keras == *item) else { continue };
            let here = items::arguments(name, item).or_else(|| options::arguments(name, item)).unwrap_or_default();
            for (argument, default) in arguments.as_array().unwrap().iter().map(argument) {
                if row.states(argument) {
                    continue;
                }
                compared += 1;
                match (here.get(argument), default) {
                    (None, _) => problems.push(format!("{name}: {item} has no argument {argument} here")),
                    (Some(_), None) => {}
                    (Some(found), Some(default)) if items::same(name, argument, found, default) => {}
                    (Some(found), Some(default)) => {
                        problems.push(format!("{name}: {item}: {argument} is {found} here and {default} in Keras"));
                    }
                }
            }
        }
    }
    assert!(compared > 350, "only {compared} arguments were compared");
    report(problems);
}

#[test]
fn every_string_denotes_the_same_item() {
    let surface = surface();
    let mut problems = Vec::new();
    for (name, strings) in surface["strings"].as_object().unwrap() {
        for (string, item) in strings.as_object().unwrap() {
            let item = item.as_str().unwrap();
            // In Keras, too, compile reads "accuracy" as the metric that goes by the shapes.
            if (name.as_str(), item) == ("metrics", "Accuracy") {
                continue;
            }
            let class = |string: &str| items::class_name(name, string);
            match (class(string), class(item)) {
                (Ok(found), Ok(expected)) if found == expected => {}
                (found, _) => problems.push(format!("{name}: \"{string}\" gives {found:?}, in Keras {item}")),
            }
        }
    }
    for automatic in ["accuracy", "acc", "crossentropy", "ce"] {
        if let Err(error) = items::class_name("metrics", automatic) {
            problems.push(error);
        }
    }
    report(problems);
}

#[test]
fn everything_out_of_scope_is_on_the_page() {
    let (surface, page) = (surface(), Page::read());
    let mut problems = Vec::new();
    for (name, items) in surface["out_of_scope"].as_object().unwrap() {
        for item in items.as_array().unwrap().iter().map(|item| item.as_str().unwrap()) {
            if !page.names_out_of_scope(item) {
                problems.push(format!("{name}: the page does not say that {item} is out of scope"));
            }
        }
    }
    report(problems);
}

#[test]
fn the_registries_hold_no_more_than_the_page() {
    let page = Page::read();
    // The page's rows are Keras's names; this layer is RealMLP's.
    let beyond_keras = ["Scaling"];
    let known: BTreeSet<&str> =
        page.rows("layers").iter().map(|row: &Row| row.keras.as_str()).chain(beyond_keras).collect();
    let own: Vec<&str> = perceptra::layers::names().into_iter().filter(|name| !known.contains(name)).collect();
    assert!(own.is_empty(), "layers that are not on the page: {own:?}");
    let unknown = [
        activations::get::<f32>("no such", json!(null)).unwrap_err(),
        losses::get::<f32>("no such", json!(null)).unwrap_err(),
        metrics::get::<f32>("no such", json!(null)).unwrap_err(),
        optimizers::get::<f32>("no such", json!(null)).unwrap_err(),
        initializers::get::<f32>("no such", json!(null)).unwrap_err(),
        regularizers::get::<f32>("no such", json!(null)).unwrap_err(),
        constraints::get::<f32>("no such", json!(null)).unwrap_err(),
    ];
    assert!(unknown.iter().all(|error| error.to_string().contains("no such")));
}
