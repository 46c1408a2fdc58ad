//! The page as rows: `| Keras | here | differences |` under headings that name a family, as ``## Losses: `keras.losses` ``.

use std::collections::BTreeMap;

const TEXT: &str = include_str!("../../docs/keras.md");

/// The families by the name of the module or class in their heading.
const FAMILIES: &[(&str, &str)] = &[
    ("keras.activations", "activations"),
    ("keras.losses", "losses"),
    ("keras.metrics", "metrics"),
    ("keras.optimizers", "optimizers"),
    ("keras.optimizers.schedules", "schedules"),
    ("keras.initializers", "initializers"),
    ("keras.regularizers", "regularizers"),
    ("keras.constraints", "constraints"),
    ("keras.callbacks", "callbacks"),
    ("keras.layers", "layers"),
    ("keras.models", "models"),
    ("keras.Sequential", "methods"),
    ("keras.utils", "utils"),
];

pub(crate) struct Row {
    /// Keras's name.
    pub keras: String,
    /// The paths in this crate, without its name.
    pub paths: Vec<String>,
    /// The code spans in the differences, and in the text above the table.
    stated: Vec<String>,
}

impl Row {
    /// Whether the page states that an argument differs.
    pub(crate) fn states(&self, argument: &str) -> bool {
        self.stated.iter().any(|stated| stated == argument)
    }
}

pub(crate) struct Page {
    families: BTreeMap<&'static str, Vec<Row>>,
    out_of_scope: Vec<String>,
}

/// The text between backticks.
fn code(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(String::from).collect()
}

impl Page {
    pub(crate) fn read() -> Page {
        let mut page = Page { families: BTreeMap::new(), out_of_scope: Vec::new() };
        for section in TEXT.split("\n## ").skip(1) {
            let (heading, body) = section.split_once('\n').expect("a section has a heading and a text");
            if heading.starts_with("Out of scope") {
                page.out_of_scope = code(body);
            }
            let named = code(heading);
            let Some((_, family)) = FAMILIES.iter().find(|(module, _)| named.iter().any(|name| name == module)) else {
                continue;
            };
            let (table, text): (Vec<&str>, Vec<&str>) = body.lines().partition(|line| line.starts_with('|'));
            let general = code(&text.join("\n"));
            let rows = table.iter().filter(|line| line.starts_with("| `")).map(|line| {
                let cells: Vec<&str> = line.trim_matches('|').split(" | ").collect();
                assert_eq!(cells.len(), 3, "a row has three cells: {line}");
                let [keras, paths, differences] = [cells[0], cells[1], cells[2]].map(code);
                let stated = differences.into_iter().chain(general.clone()).collect();
                Row { keras: keras[0].clone(), paths, stated }
            });
            let rows: Vec<Row> = rows.collect();
            assert!(page.families.insert(family, rows).is_none(), "{family} has two sections");
        }
        assert_eq!(page.families.len(), FAMILIES.len(), "families on the page: {:?}", page.families.keys());
        page
    }

    pub(crate) fn rows(&self, family: &str) -> &[Row] {
        self.families.get(family).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn all_rows(&self) -> impl Iterator<Item = &Row> {
        self.families.values().flatten()
    }

    /// Whether a name, or a pattern that matches it (`Conv*`), is listed as out of scope.
    pub(crate) fn names_out_of_scope(&self, name: &str) -> bool {
        self.out_of_scope.iter().any(|listed| match listed.strip_suffix('*') {
            Some(start) => name.starts_with(start),
            None => listed == name,
        })
    }
}
