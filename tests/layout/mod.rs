//! The files of `src/` import in one direction: down the floors that `docs/contributing.md` lists, and in no circles.
//!
//! An import counts for the file that defines the name, whatever passes it on. It is a name of a `use`, or a path in the
//! code, macros included. What is passed on with `pub use` and what is compiled for tests alone does not count.
//!
//! And a type is called as no other type of the crate is.
//!
//! The lists of exceptions may only become shorter: one that no longer occurs is an error too.

mod imports;
mod modules;
mod sample;
mod tokens;

use imports::Imports;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::read_to_string;
use std::path::{Path, PathBuf};

/// The one exception that stays: `Scalar` has the list of what is compiled for both element types as its supertrait, because
/// only a supertrait is implied wherever the bound `T: Scalar` stands, and the functions of that list take `Scalar`s.
const SUPERTRAIT: (&str, &str) = ("monomorphized", "scalar");

/// Folders, and files beside them, that import from a folder of a higher floor, or of their own floor above the first.
const NOT_DOWN: &[(&str, &str)] = &[];

/// Pairs of files that import each other.
const EACH_OTHER: &[(&str, &str)] = &[];

/// Names of two types each, for Keras has both: a loss and the metric of it, an activation or an initializer and the layer, a
/// transformer and the layer; a metric that follows training and the score of finished predictions; and the trait of sealed traits.
const SHARED_NAMES: &[&str] = &[
    "Accuracy",
    "Activation",
    "BinaryCrossentropy",
    "CategoricalCrossentropy",
    "CategoricalHinge",
    "CosineSimilarity",
    "Crossentropy",
    "Discretization",
    "Hashing",
    "Hinge",
    "Identity",
    "IntegerLookup",
    "KLDivergence",
    "MeanAbsoluteError",
    "MeanAbsolutePercentageError",
    "MeanSquaredError",
    "MeanSquaredLogarithmicError",
    "Poisson",
    "Precision",
    "Recall",
    "Rescaling",
    "RootMeanSquaredError",
    "Sealed",
    "Softmax",
    "SparseCategoricalCrossentropy",
    "SquaredHinge",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The floor of each folder and file of the table, and names that the table contains twice.
fn floors(page: &str) -> (BTreeMap<String, u32>, Vec<String>) {
    let (mut floors, mut twice) = (BTreeMap::new(), Vec::new());
    for line in page.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, floor, names, ..] = cells[..] else { continue };
        let Ok(floor) = floor.parse() else { continue };
        for name in names.split('`').skip(1).step_by(2) {
            // Of `kernels/simd` the folder counts.
            let name = name.split('/').next().unwrap_or(name);
            if floors.insert(name.to_string(), floor).is_some() {
                twice.push(name.to_string());
            }
        }
    }
    (floors, twice)
}

/// The folders and files in `src/`.
fn rooms(source: &Path) -> BTreeSet<String> {
    let names = source.read_dir().unwrap().map(|entry| entry.unwrap().path());
    let is_code = |path: &PathBuf| path.is_dir() || path.extension().is_some_and(|extension| extension == "rs");
    names.filter(is_code).map(|path| path.file_stem().unwrap().to_str().unwrap().to_string()).collect()
}

fn top(file: &str) -> &str {
    file.split('/').next().unwrap_or(file)
}

/// Folders and top-level files that import from floors that are not lower, with the importing files.
fn not_down(imports: &Imports, floors: &BTreeMap<String, u32>) -> BTreeMap<(String, String), Vec<String>> {
    let mut found: BTreeMap<_, Vec<String>> = BTreeMap::new();
    for (file, all) in &imports.of {
        for to in all.iter().filter(|to| top(to) != top(file)) {
            let floor = |file: &str| floors.get(top(file)).copied().unwrap_or_default();
            // The files of the first floor may use one another.
            if floor(to) > floor(file) || (floor(to) == floor(file) && floor(to) > 1) {
                found.entry((top(file).into(), top(to).into())).or_default().push(format!("{file} imports {to}"));
            }
        }
    }
    found
}

/// Pairs of files that import each other, each once.
fn each_other(imports: &Imports) -> BTreeMap<(String, String), Vec<String>> {
    let pairs = imports.of.iter().flat_map(|(file, all)| all.iter().map(move |to| (file, to)));
    let mutual = pairs.filter(|(file, to)| file < to && imports.of.get(*to).is_some_and(|back| back.contains(*file)));
    mutual.map(|(file, to)| ((file.clone(), to.clone()), vec![format!("{file} and {to}")])).collect()
}

/// Violations that are not listed as exceptions, and exceptions without a violation.
fn against(exceptions: &[(&str, &str)], found: &BTreeMap<(String, String), Vec<String>>) -> Vec<String> {
    let listed: BTreeSet<(String, String)> = exceptions.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect();
    let new = found.iter().filter(|(pair, _)| !listed.contains(*pair)).flat_map(|(_, files)| files.clone());
    let gone = listed.iter().filter(|pair| !found.contains_key(*pair));
    new.chain(gone.map(|(a, b)| format!("{a} and {b} are an exception no longer: take them off the list"))).collect()
}

#[test]
fn every_folder_and_file_has_one_floor() {
    let (floors, twice) = floors(&read_to_string(root().join("docs/contributing.md")).unwrap());
    let named: BTreeSet<String> = floors.into_keys().collect();
    let rooms = rooms(&root().join("src"));
    let without: Vec<_> = rooms.difference(&named).collect();
    let gone: Vec<_> = named.difference(&rooms).collect();
    assert!(without.is_empty(), "the table in docs/contributing.md does not name {without:?}");
    assert!(gone.is_empty(), "the table in docs/contributing.md names what is not in src/: {gone:?}");
    assert!(twice.is_empty(), "the table in docs/contributing.md names twice: {twice:?}");
}

#[test]
fn imports_go_down() {
    let (floors, _) = floors(&read_to_string(root().join("docs/contributing.md")).unwrap());
    let imports = Imports::of(&root().join("src"));
    assert!(imports.of.len() > 400, "{} files", imports.of.len());
    let (list, supertrait) = SUPERTRAIT;
    let wrong = against(&[NOT_DOWN, &[(supertrait, list)]].concat(), &not_down(&imports, &floors));
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_two_files_import_each_other() {
    let wrong = against(&[EACH_OTHER, &[SUPERTRAIT]].concat(), &each_other(&Imports::of(&root().join("src"))));
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The files that remain when those that import none of the others are taken away, again and again.
fn in_circles(mut of: BTreeMap<String, BTreeSet<String>>) -> BTreeMap<String, BTreeSet<String>> {
    loop {
        let files: BTreeSet<String> = of.keys().cloned().collect();
        of.values_mut().for_each(|imports| imports.retain(|file| files.contains(file)));
        let before = of.len();
        of.retain(|_, imports| !imports.is_empty());
        if of.len() == before {
            return of;
        }
    }
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let mut of = Imports::of(&root().join("src")).of;
    let (list, supertrait) = SUPERTRAIT;
    of.get_mut(supertrait).expect("the file").remove(list);
    let circles = in_circles(of);
    assert!(circles.is_empty(), "{circles:#?}");
}

#[test]
fn a_type_has_a_name_of_its_own() {
    let mut files: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for module in modules::modules(&root().join("src")).into_values() {
        for name in module.types {
            files.entry(name).or_default().insert(module.file.clone());
        }
    }
    assert!(files.len() > 600, "{} types", files.len());
    files.retain(|_, files| files.len() > 1);
    let shared: BTreeSet<&str> = files.keys().map(String::as_str).collect();
    let listed: BTreeSet<&str> = SHARED_NAMES.iter().copied().collect();
    assert_eq!(shared, listed, "{files:#?}");
}

#[test]
fn every_name_of_the_crate_is_found() {
    let not_found = Imports::of(&root().join("src")).not_found;
    assert!(not_found.is_empty(), "{not_found:#?}");
}
