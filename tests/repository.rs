//! What the pages and the sources of the repository promise of themselves.

mod keras_page;
mod layout;
#[cfg(feature = "plot")]
mod performance_page;
mod tables_page;
