//! What the pages and the sources of the repository promise of themselves.

mod keras_page;
mod layout;
mod tables_page;
