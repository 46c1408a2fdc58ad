//! Items: the small plain values that describe a layer, an activation, a loss, and how each describes itself.
//!
//! An item is what a user writes and a file stores; what runs is built from it. Every family (layers, activations, losses,
//! metrics, optimizers, schedules, initializers, regularizers, constraints, transformers, callbacks) is a trait over [`Spec`],
//! and wherever an item is expected, [`IntoItem`] accepts a value, a name or a shared pointer. Layers and schedules are
//! given without a name, as values or shared pointers ([`IntoShared`]), since most of them have required arguments.

// | file | contents |
// |---|---|
// | `spec` | `Spec`: class name, configuration, check |
// | `into_item` | `Item` and `IntoItem`: conversion from values, names and shared pointers |
// | `item_config` | an item in a configuration: class name and arguments |
// | `item_value` | items compared and stored |
// | `json` | JSON read by serde, with messages for people |
// | `family` | `Family`: lookup by name |
// | `list` | `family!` and `group!`: the list of a family's items |
// | `declare` | `item!`, the declaration of an item with its arguments |
// | `table` | the table of an item's arguments in its documentation |
// | `argument` | how the value of one argument is written, read and checked |
// | `arguments` | the arguments of an item by name, strict about unknown ones |
// | `unreadable` | why an argument cannot be read |
// | `range` | the ranges of arguments, in messages and documentation |
// | `registry` | `Registry`: user-defined items by name |

pub(crate) mod argument;
pub(crate) mod arguments;
mod declare;
#[cfg(test)]
mod families_tests;
pub(crate) mod family;
mod into_item;
pub(crate) mod item_config;
mod item_value;
pub(crate) mod json;
mod list;
mod name;
pub(crate) mod range;
pub(crate) mod registry;
mod spec;
mod table;
mod unreadable;

pub(crate) use argument::{ArgumentValue, IntoArgument, Plain};
pub(crate) use declare::item;
pub use family::Family;
pub(crate) use family::{ItemEntry, adopted, find};
pub use into_item::{IntoItem, IntoShared, Item, marker};
pub(crate) use item_config::{ItemConfig, describe};
pub(crate) use list::{entries, family, group};
pub(crate) use name::{class_name, snake_case, type_name};
pub use spec::Spec;
pub(crate) use spec::{closure, invalid};
pub(crate) use table::table;
pub(crate) use unreadable::{Read, Unreadable};
