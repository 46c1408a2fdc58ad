//! Which file imports from which.

use super::modules::{Module, Names, modules};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The imports of each file, by the files that define the imported names.
pub(crate) struct Imports {
    pub of: BTreeMap<String, BTreeSet<String>>,
    /// Paths within the crate whose definition was not found, with the file that has them.
    pub not_found: BTreeSet<(String, String)>,
}

/// The definition that a path refers to.
enum Found {
    Item(String),
    Module,
}

struct Crate(BTreeMap<Names, Module>);

impl Imports {
    /// Of the crate in this folder.
    pub(crate) fn of(source: &Path) -> Self {
        let modules = Crate(modules(source));
        let mut imports = Imports { of: BTreeMap::new(), not_found: BTreeSet::new() };
        for path in modules.0.keys() {
            modules.add_imports(path, &mut imports);
        }
        imports
    }
}

impl Crate {
    fn add_imports(&self, path: &Names, imports: &mut Imports) {
        let module = &self.0[path];
        let to = imports.of.entry(module.file.clone()).or_default();
        let mut add = |names: &Names| match self.resolve(names, path, &RefCell::default()) {
            Some(Found::Item(file)) if file != module.file => {
                to.insert(file);
            }
            Some(_) => {}
            None if names.first().is_some_and(|first| !first.is_empty()) => {
                imports.not_found.insert((module.file.clone(), names.join("::")));
            }
            // Of another crate.
            None => {}
        };
        for names in module.imported.values() {
            add(names);
        }
        for names in &module.paths {
            let Some((relative, [first, ..])) = names.split_first().filter(|(first, _)| first.is_empty()) else {
                add(names);
                continue;
            };
            let (_, rest) = (relative, &names[2..]);
            if let Some(from) = module.imported.get(first) {
                add(&[from, rest].concat());
            } else if self.0.contains_key(&[&path[..], std::slice::from_ref(first)].concat()) {
                add(&[path, &names[1..]].concat());
            } else if !module.defined.contains(first) {
                for whole in &module.imported_whole {
                    if self.resolve(&[whole, &names[1..2]].concat(), path, &RefCell::default()).is_some() {
                        add(&[whole, &names[1..]].concat());
                    }
                }
            }
        }
    }

    /// The definition of a path from the root or, after an empty name, from a module; `None` for other crates.
    ///
    /// `seen` holds the paths on the way: two modules may import one another whole.
    fn resolve(&self, names: &[String], from: &Names, seen: &RefCell<BTreeSet<Names>>) -> Option<Found> {
        let (mut path, names) = match names.split_first() {
            Some((first, rest)) if first.is_empty() => (from.clone(), rest),
            _ => (Vec::new(), names),
        };
        // A glob of another crate leads to itself, longer each time.
        if names.len() > 12 || !seen.borrow_mut().insert([&path[..], names].concat()) {
            return None;
        }
        for (i, name) in names.iter().enumerate() {
            let module = &self.0[&path];
            let rest = &names[i + 1..];
            let follow = |to: &Names| self.resolve(&[to, rest].concat(), &path, seen);
            let within = |to: &Names| self.resolve(&[to, &names[i..]].concat(), &path, seen);
            let below = [&path[..], std::slice::from_ref(name)].concat();
            let is_module = self.0.contains_key(&below);
            // A function or a macro may have the name of a module, but nothing is in it.
            if (!is_module || rest.is_empty())
                && let Some(found) = module.passed_on.get(name).filter(|to| !is_itself(to, name)).and_then(follow)
            {
                return Some(found);
            }
            if is_module {
                if rest.is_empty()
                    && let Some(function @ Found::Item(_)) = module.passed_on_whole.iter().find_map(within)
                {
                    return Some(function);
                }
                path = below;
                continue;
            }
            if module.defined.contains(name) {
                return Some(Found::Item(module.file.clone()));
            }
            return module
                .passed_on_whole
                .iter()
                .find_map(within)
                .or_else(|| module.imported.get(name).filter(|to| !is_itself(to, name)).and_then(follow))
                .or_else(|| module.imported_whole.iter().find_map(within));
        }
        Some(Found::Module)
    }
}

/// Whether a relative path is the name alone, as that of another crate.
fn is_itself(to: &[String], name: &str) -> bool {
    matches!(to, [relative, only] if relative.is_empty() && only == name)
}
