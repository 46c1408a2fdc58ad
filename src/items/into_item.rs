//! Values, names and shared pointers, which can all be passed as items.

use super::{Family, Spec};
use crate::Result;
use std::fmt;
use std::sync::Arc;

/// An item of a family as a description holds it: shared, or a name that is none of the family's.
///
/// Builders do not fail, so a name that does not exist is kept until [`get`](Item::get), which the first fallible call
/// of the model makes.
pub struct Item<I: ?Sized>(Held<I>);

enum Held<I: ?Sized> {
    Item(Arc<I>),
    /// An unknown name; looking it up again returns the error.
    Unresolved(String),
}

impl<I: Family + ?Sized> Item<I> {
    /// The item of the name `name`.
    pub(crate) fn named(name: &str) -> Self {
        Item(I::named(name).map_or_else(|_| Held::Unresolved(name.into()), Held::Item))
    }

    /// The item.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`](crate::Error::Unknown) with the names that exist if it was given as a name that does not.
    pub fn get(&self) -> Result<Arc<I>> {
        match &self.0 {
            Held::Item(item) => Ok(item.clone()),
            Held::Unresolved(name) => I::named(name),
        }
    }

    /// The item, once its arguments are in their ranges.
    pub(crate) fn checked(&self) -> Result<Arc<I>> {
        let item = self.get()?;
        item.check()?;
        Ok(item)
    }

    /// The item of an argument that may be left out, once its arguments are in their ranges.
    pub(crate) fn optional(item: &Option<Item<I>>) -> Result<Option<Arc<I>>> {
        item.as_ref().map(Item::checked).transpose()
    }
}

impl<I: Family + ?Sized> From<Arc<I>> for Item<I> {
    fn from(item: Arc<I>) -> Self {
        Item(Held::Item(I::adopt(item)))
    }
}

impl<I: ?Sized> Clone for Item<I> {
    fn clone(&self) -> Self {
        Item(match &self.0 {
            Held::Item(item) => Held::Item(item.clone()),
            Held::Unresolved(name) => Held::Unresolved(name.clone()),
        })
    }
}

impl<I: Spec + ?Sized> fmt::Debug for Item<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Held::Item(item) => item.fmt(f),
            Held::Unresolved(name) => name.fmt(f),
        }
    }
}

/// A value that denotes an item of a family: the item, its name, or a shared pointer to it.
///
/// `IntoItem<dyn Activation<f32>, M>` is implemented for every `impl Activation<f32>`, for `&str`, `&String` and `String`, and for
/// `Arc<dyn Activation<f32>>`; the same holds for the other families. `M` distinguishes these and is never written.
///
/// ```
/// use perceptra::prelude::*;
/// use perceptra::activations;
/// use serde_json::json;
///
/// let layer = Dense::<f32>::new(12, Relu.max_value(6.0));
/// let layer = Dense::<f32>::new(12, "relu6");
/// let layer = Dense::<f32>::new(12, activations::get("relu", json!({ "max_value": 6.0 }))?);
/// # Ok::<(), perceptra::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an item of the family `{I}`",
    label = "neither a value of the family, nor a name, nor a shared item",
    note = "pass a value (no reference to it) whose type implements the trait of the family, the name of an item as `&str` \
            or `String`, or an `Arc` of an item"
)]
pub trait IntoItem<I: ?Sized, M> {
    /// The item.
    fn into_item(self) -> Item<I>;
}

/// An item of a family, by value or as a shared pointer.
///
/// Where [`IntoItem`] accepts names too, this is for items that Keras does not take by name, such as layers.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an item of the family `{I}`",
    label = "neither a value of the family nor a shared item",
    note = "pass a value (no reference to it) whose type implements the trait of the family, or an `Arc` of one; items of \
            this family are not given by name"
)]
pub trait IntoShared<I: ?Sized, M> {
    /// The item.
    fn into_shared(self) -> Arc<I>;
}

/// Types that distinguish the implementations of [`IntoItem`] and [`IntoShared`].
pub mod marker {
    use std::marker::PhantomData;

    /// A value of the family.
    #[derive(Debug)]
    pub enum ByValue {}

    /// A shared pointer to an item of the family, whichever it is.
    #[derive(Debug)]
    pub enum Pointer {}

    /// A shared pointer to a value of a known type.
    #[derive(Debug)]
    pub enum PointerToValue {}

    /// An item by value or as a shared pointer; `M` distinguishes which.
    #[derive(Debug)]
    pub struct Shared<M>(PhantomData<M>);

    /// The name of an item.
    #[derive(Debug)]
    pub enum Name {}

    /// An item that was converted before.
    #[derive(Debug)]
    pub enum Converted {}
}

impl<I: Family + ?Sized> IntoShared<I, marker::Pointer> for Arc<I> {
    fn into_shared(self) -> Arc<I> {
        I::adopt(self)
    }
}

impl<I: Family + ?Sized, M, S: IntoShared<I, M>> IntoItem<I, marker::Shared<M>> for S {
    fn into_item(self) -> Item<I> {
        Item(Held::Item(self.into_shared()))
    }
}

impl<I: Family + ?Sized> IntoItem<I, marker::Name> for &str {
    fn into_item(self) -> Item<I> {
        Item::named(self)
    }
}

impl<I: Family + ?Sized> IntoItem<I, marker::Name> for &String {
    fn into_item(self) -> Item<I> {
        Item::named(self)
    }
}

impl<I: Family + ?Sized> IntoItem<I, marker::Name> for String {
    fn into_item(self) -> Item<I> {
        Item::named(&self)
    }
}

impl<I: Family + ?Sized> IntoItem<I, marker::Converted> for Item<I> {
    fn into_item(self) -> Item<I> {
        self
    }
}
