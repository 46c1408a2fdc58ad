//! The modules of the crate: the names that each defines, re-exports and imports.

use super::tokens::{Token, after_group, tokens, without_tests};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A path from the root of the crate.
pub(crate) type Names = Vec<String>;

/// A module: a file, or a module written inside of one.
#[derive(Debug, Default)]
pub(crate) struct Module {
    /// The file, from `src/`, without `.rs`.
    pub file: String,
    /// The names that are defined here.
    pub defined: BTreeSet<String>,
    /// The defined names that are types or traits.
    pub types: BTreeSet<String>,
    /// The names that are passed on with `pub use`, of any visibility, with the paths they come from.
    pub passed_on: BTreeMap<String, Names>,
    /// The modules that are passed on whole.
    pub passed_on_whole: Vec<Names>,
    /// The names that are imported, with the paths they come from.
    pub imported: BTreeMap<String, Names>,
    /// The modules that are imported whole.
    pub imported_whole: Vec<Names>,
    /// The paths in the code itself, including single identifiers as paths of one name.
    pub paths: BTreeSet<Names>,
}

/// All modules by their paths, without test modules.
pub(crate) fn modules(source: &Path) -> BTreeMap<Names, Module> {
    let mut modules = BTreeMap::new();
    file(source, Vec::new(), "lib", &mut modules);
    modules
}

/// Reads the file of a module and the files below it.
fn file(source: &Path, path: Names, name: &str, modules: &mut BTreeMap<Names, Module>) {
    let text = std::fs::read_to_string(source.join(format!("{name}.rs"))).unwrap();
    let (tokens, of_tests) = without_tests(&tokens(&text));
    module(&tokens, &path, name, modules);
    let folder = if path.is_empty() { source.to_path_buf() } else { source.join(path.join("/")) };
    let Ok(entries) = folder.read_dir() else { return };
    for entry in entries {
        let below = entry.unwrap().path();
        let stem = below.file_stem().unwrap().to_str().unwrap().to_string();
        let is_file = below.extension().is_some_and(|extension| extension == "rs");
        let is_folder = below.join("mod.rs").exists();
        // A folder next to a file of the same name is read with the file.
        if !(is_file || is_folder) || ["lib", "mod"].contains(&stem.as_str()) || of_tests.contains(&stem) {
            continue;
        }
        let mut inner = path.clone();
        inner.push(stem);
        let name = if is_folder { format!("{}/mod", inner.join("/")) } else { inner.join("/") };
        file(source, inner, &name, modules);
    }
}

/// Reads the tokens of a module.
fn module(tokens: &[Token], path: &Names, file: &str, modules: &mut BTreeMap<Names, Module>) {
    let mut read = Module { file: file.into(), ..Module::default() };
    let is = |i: usize, text: &str| tokens.get(i).is_some_and(|token| token == text);
    let (mut i, mut macro_end) = (0, 0);
    while i < tokens.len() {
        match tokens[i].as_str() {
            // Paths in a macro are uses of the module that calls it.
            "use" if i >= macro_end && !is(i + 1, "<") => {
                let end = tokens[i..].iter().position(|token| token == ";").map_or(tokens.len(), |length| i + length);
                let public = i > 0 && (tokens[i - 1] == "pub" || tokens[i - 1] == ")" && visibility(&tokens[..i]));
                tree(&tokens[i + 1..end], path, &Vec::new(), public, &mut read);
                i = end;
            }
            "mod" if is(i + 2, "{") => {
                let end = after_group(tokens, i + 2);
                let mut inner = path.clone();
                inner.push(tokens[i + 1].clone());
                module(&tokens[i + 3..end - 1], &inner, file, modules);
                i = end;
            }
            "family" | "group" if is(i + 1, "!") && is(i + 2, "{") => {
                let end = after_group(tokens, i + 2);
                family(&tokens[i + 3..end - 1], path, file, &mut read, modules);
                i = end;
            }
            // Items that a macro declares from their names only: `scaled!(HeNormal, …)`.
            "!" if (is(i + 1, "(") || is(i + 1, "{")) && tokens.get(i + 2).is_some_and(|token| is_type(token)) => {
                read.defined.insert(tokens[i + 2].clone());
                i += 2;
            }
            "macro_rules" if is(i + 1, "!") => {
                read.defined.insert(tokens[i + 2].clone());
                macro_end = after_group(tokens, i + 3);
                i += 3;
            }
            "struct" | "enum" | "trait" | "union" if tokens.get(i + 1).is_some_and(|token| is_type(token)) => {
                read.types.insert(tokens[i + 1].clone());
                read.defined.insert(tokens[i + 1].clone());
                i += 1;
            }
            "struct" | "enum" | "trait" | "fn" | "const" | "static" | "type" | "union" => {
                read.defined.extend(tokens.get(i + 1).cloned());
                i += 1;
            }
            token if is_name(token) && !(i > 0 && [".", "::"].contains(&tokens[i - 1].as_str())) => {
                let mut names = vec![token.to_string()];
                while is(i + 1, "::") && tokens.get(i + 2).is_some_and(|token| is_name(token)) {
                    names.push(tokens[i + 2].clone());
                    i += 2;
                }
                // A single `self` is the receiver of a method.
                if names != ["self"] {
                    read.paths.insert(absolute(names, path));
                }
                i += 1;
            }
            _ => i += 1,
        }
    }
    modules.insert(path.clone(), read);
}

fn is_name(token: &str) -> bool {
    token.starts_with(|letter: char| letter.is_alphabetic() || letter == '_')
}

fn is_type(token: &str) -> bool {
    token.starts_with(char::is_uppercase)
}

/// Whether the tokens end in `pub(…)`.
fn visibility(tokens: &[Token]) -> bool {
    tokens.iter().rposition(|token| token == "(").is_some_and(|open| open > 0 && tokens[open - 1] == "pub")
}

/// A path from the root, if it begins there or at a parent module; other paths are unchanged, after an empty name.
fn absolute(names: Names, path: &Names) -> Names {
    let mut from = path.clone();
    let mut rest = names.into_iter().peekable();
    match rest.peek().map(String::as_str) {
        Some("crate") => {
            rest.next();
            from.clear();
        }
        Some("self") => {
            rest.next();
        }
        Some("super") => {
            while rest.next_if(|name| name == "super").is_some() {
                from.pop();
            }
        }
        _ => from = vec![String::new()],
    }
    from.extend(rest);
    from
}

/// Reads what a `use` names: a path that may end in a list, whose entries are such paths.
fn tree(tokens: &[Token], path: &Names, before: &Names, public: bool, read: &mut Module) {
    let mut names = before.clone();
    let mut i = 0;
    while i < tokens.len() {
        match tokens[i].as_str() {
            "::" => {}
            "{" => {
                let inner = &tokens[i + 1..after_group(tokens, i) - 1];
                let (mut start, mut at) = (0, 0);
                while at <= inner.len() {
                    if at == inner.len() || inner[at] == "," {
                        tree(&inner[start..at], path, &names, public, read);
                        start = at + 1;
                        at += 1;
                    } else {
                        at = if inner[at] == "{" { after_group(inner, at) } else { at + 1 };
                    }
                }
                return;
            }
            "*" => {
                let whole = absolute(names, path);
                return if public { read.passed_on_whole.push(whole) } else { read.imported_whole.push(whole) };
            }
            "as" => break,
            "self" if !names.is_empty() => {}
            name => names.push(name.into()),
        }
        i += 1;
    }
    let Some(last) = names.last() else { return };
    let name = if i < tokens.len() { tokens[i + 1].clone() } else { last.clone() };
    let from = absolute(names, path);
    if public {
        read.passed_on.insert(name, from)
    } else {
        read.imported.insert(name, from)
    };
}

/// Adds the declarations of the macros `family!` and `group!`: each file with its items, a module `items` with all of
/// them, and the functions that find them by name.
fn family(tokens: &[Token], path: &Names, file: &str, read: &mut Module, modules: &mut BTreeMap<Names, Module>) {
    let mut items = Module { file: file.into(), ..Module::default() };
    let below = |names: &[&Token]| [&path[..], &names.iter().map(|name| name.to_string()).collect::<Names>()].concat();
    let mut i = 0;
    while i < tokens.len() {
        match tokens[i].as_str() {
            "[" => {
                let end = tokens[i..].iter().position(|token| token == "]").map_or(tokens.len(), |length| i + length);
                if tokens[i + 1] == "groups" {
                    for group in tokens[i + 2..end].iter().filter(|token| is_name(token)) {
                        let whole = below(&[group, &"items".to_string()]);
                        read.passed_on_whole.push(whole.clone());
                        items.passed_on_whole.push(whole);
                    }
                }
                i = end + 1;
            }
            // `huber: Huber, Other<T>;`
            of if is_name(of) && !is_type(of) && tokens.get(i + 1).is_some_and(|token| token == ":") => {
                let of = &tokens[i];
                i += 2;
                while i < tokens.len() && tokens[i] != ";" {
                    if is_type(&tokens[i]) && tokens[i - 1] != "<" {
                        read.passed_on.insert(tokens[i].clone(), below(&[of, &tokens[i]]));
                        items.passed_on.insert(tokens[i].clone(), below(&[of, &tokens[i]]));
                    }
                    i += 1;
                }
            }
            _ => i += 1,
        }
    }
    read.defined.extend(["all".to_string(), "get".to_string()]);
    let mut inner = path.clone();
    inner.push("items".into());
    modules.insert(inner, items);
}
