//! Structural rules that the pages and the sources of the repository have to follow.

mod keras_page;
mod layout;
#[cfg(feature = "plot")]
mod performance_page;
mod tables_page;
