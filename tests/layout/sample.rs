//! That imports are read as they are meant, in a crate of a few files.

use super::{Imports, against, each_other, floors, not_down};
use std::fs;
use std::path::PathBuf;

/// A folder that is removed in the end.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The imports of a crate with these files.
fn imports(name: &str, files: &[(&str, &str)]) -> Imports {
    let folder = Folder(std::env::temp_dir().join(format!("perceptra_layout_{name}_{}", std::process::id())));
    for (file, text) in files {
        let path = folder.0.join(format!("{file}.rs"));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    Imports::of(&folder.0)
}

const BASE: [(&str, &str); 4] = [
    ("lib", "mod top; mod base; pub use base::Thing;"),
    (
        "base/mod",
        "mod thing; mod make; pub mod deep; pub use thing::{Thing, Other as Another}; pub(crate) use make::*;",
    ),
    ("base/thing", "pub struct Thing; pub struct Other;"),
    ("base/make", "pub fn make() {} macro_rules! maker { () => {} } pub(crate) use maker;"),
];

/// The files that a file `top.rs` with this text imports from.
fn of_top(name: &str, text: &str) -> Vec<String> {
    let mut files = BASE.to_vec();
    files.extend([("base/deep", "pub mod inner { pub struct Inner; } pub const LIMIT: usize = 1;"), ("top", text)]);
    let imports = imports(name, &files);
    assert!(imports.not_found.is_empty(), "{text}: {:?}", imports.not_found);
    imports.of["top"].iter().cloned().collect()
}

#[test]
fn an_import_counts_for_the_file_that_defines_the_name() {
    let cases: &[(&str, &[&str])] = &[
        ("use crate::base::Thing;", &["base/thing"]),
        ("use crate::Thing;", &["base/thing"]),
        ("use crate::base::Another;", &["base/thing"]),
        ("use super::base::{deep::{inner::Inner, LIMIT}, make};", &["base/deep", "base/make"]),
        ("use crate::{base::{self, Thing}};", &["base/thing"]),
        ("use crate::base; fn f() { base::make() }", &["base/make"]),
        ("use crate::base as other; fn f() { other::deep::LIMIT; }", &["base/deep"]),
        ("use crate::base::*; fn f(_: Thing) {}", &["base/thing"]),
        ("fn f() -> usize { crate::base::deep::LIMIT }", &["base/deep"]),
        ("use crate::base::maker; maker!();", &["base/make"]),
        ("macro_rules! m { () => { $crate::base::make() } }", &["base/make"]),
        ("mod within { use super::super::base::Thing; }", &["base/thing"]),
        ("use std::fmt::{self, Debug}; fn f(_: &dyn fmt::Display) {}", &[]),
    ];
    for (i, (text, expected)) in cases.iter().enumerate() {
        assert_eq!(of_top(&format!("counts{i}"), text), *expected, "{text}");
    }
}

#[test]
fn paths_that_are_no_imports_do_not_count() {
    let cases = [
        "pub use crate::base::Thing;",
        "pub(crate) use crate::base::Thing;",
        "pub(in crate::top) use crate::base::{Thing, make};",
        "// use crate::base::Thing;",
        "/* use crate::base::Thing; /* crate::base::make() */ */",
        "/// [`Thing`](crate::base::Thing)\nfn f() {}",
        "const A: &str = \"use crate::base::Thing;\";",
        "const A: &str = r#\"\" crate::base::make() \"#;",
        "const A: char = '\"'; // \" crate::base::make()",
        "#[cfg(test)] mod tests { use crate::base::Thing; }",
        "#[cfg(test)] use crate::base::{Thing, make};",
        "#[cfg(all(test, feature = \"f64\"))] #[allow(unused)] fn f() { crate::base::make() }",
    ];
    for (i, text) in cases.iter().enumerate() {
        assert_eq!(of_top(&format!("no_import{i}"), text), [""; 0], "{text}");
    }
    let not_test = "#[cfg(not(test))] use crate::base::Thing;";
    assert_eq!(of_top("not_test", not_test), ["base/thing"]);
}

#[test]
fn items_of_a_family_are_in_their_files() {
    let files = [
        ("lib", "mod losses; mod top;"),
        (
            "losses/mod",
            "mod loss; pub use loss::Loss; family! { Loss<T>: \"loss\", T::losses(), f, &[]; registered by loss; \
             [groups more] huber: Huber<T>, HUBER; scaled: Scaled; }",
        ),
        ("losses/more/mod", "group! { Loss<T>: log: Log; }"),
        ("losses/more/log", "item! { pub struct Log: \"Log\" {} }"),
        ("losses/loss", "pub trait Loss {}"),
        ("losses/huber", "item! { pub struct Huber: \"Huber\" {} } pub const HUBER: Huber = Huber;"),
        ("losses/scaled", "scaled!(Scaled, \"Scaled\");"),
        ("top", "use crate::losses::{Huber, Log, get}; use crate::losses::items::*; fn f(_: Scaled) {}"),
    ];
    let imports = imports("family", &files);
    assert!(imports.not_found.is_empty());
    assert_eq!(
        imports.of["top"].iter().collect::<Vec<_>>(),
        ["losses/huber", "losses/mod", "losses/more/log", "losses/scaled"]
    );
}

#[test]
fn wrong_directions_and_pairs_are_found_and_exceptions_must_occur() {
    let files = [
        ("lib", "mod base; mod top; mod beside;"),
        ("base", "use crate::top::Top; pub struct Base;"),
        ("top", "use crate::base::Base; use crate::beside::Beside; pub struct Top;"),
        ("beside", "pub struct Beside;"),
        ("nowhere", "use crate::lost::Name;"),
    ];
    let imports = imports("directions", &files);
    assert_eq!(imports.not_found.len(), 1);
    let (floors, twice) =
        floors("| floor | modules |\n|---|---|\n| 2 | `top/{a, b}` `beside` | x |\n| 1 | `base` | y |");
    assert!(twice.is_empty());
    let found = not_down(&imports, &floors);
    assert_eq!(against(&[], &found), ["base imports top", "top imports beside"]);
    assert_eq!(against(&[("base", "top"), ("top", "beside")], &found), [""; 0]);
    assert_eq!(against(&[("base", "top"), ("top", "beside"), ("top", "base")], &found).len(), 1);
    assert_eq!(against(&[], &each_other(&imports)), ["base and top"]);
}
