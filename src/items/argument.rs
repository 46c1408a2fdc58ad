//! Writing, reading and checking the value of an argument.

use super::item_config::{ItemConfig, describe};
use super::json::from_value;
use super::range::{Range, Ranged};
use super::unreadable::{Read, Unreadable};
use super::{Family, IntoItem, Item, Spec, invalid, type_name};
use crate::{Error, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::path::PathBuf;

/// The type of an argument.
pub(crate) trait Argument: Sized {
    /// The form of the argument in a configuration.
    fn write(&self) -> Result<Value>;

    /// The argument from its form in a configuration.
    fn read(value: Value) -> Read<Self>;

    /// A value that reading would reject, with the expected values.
    fn unreadable(&self) -> Option<(String, String)> {
        None
    }

    /// Whether the arguments of the items that it holds are in their ranges.
    fn check(&self) -> Result<()> {
        Ok(())
    }

    /// [`Ranged::out_of`], for a type that has it.
    fn beyond(&self, _: Range) -> Option<(String, String)> {
        None
    }
}

/// An [`Argument`] of any type, so that code over the arguments of an item is compiled once.
pub(crate) trait AnyArgument {
    fn write_any(&self) -> ArgumentValue;

    fn set_any(&mut self, value: Value) -> Read<()>;

    fn unreadable_any(&self) -> Option<(String, String)>;

    fn check_any(&self) -> Result<()>;

    fn beyond_any(&self, range: Range) -> Option<(String, String)>;
}

impl<A: Argument> AnyArgument for A {
    fn write_any(&self) -> ArgumentValue {
        self.write()
    }

    fn set_any(&mut self, value: Value) -> Read<()> {
        match A::read(value) {
            Ok(argument) => {
                *self = argument;
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    fn unreadable_any(&self) -> Option<(String, String)> {
        self.unreadable()
    }

    fn check_any(&self) -> Result<()> {
        self.check()
    }

    fn beyond_any(&self, range: Range) -> Option<(String, String)> {
        self.beyond(range)
    }
}

/// Returns an error for an argument of `item` that is out of its range.
pub(crate) fn in_range(item: &dyn Spec, argument: &'static str, value: &dyn AnyArgument, range: Range) -> Result<()> {
    match value.beyond_any(range) {
        Some((value, expected)) => Err(invalid(item, argument, value, expected)),
        None => Ok(()),
    }
}

/// An argument in its form in a configuration.
pub(crate) type ArgumentValue = Result<Value>;

/// An argument as serde reads it.
pub(crate) fn plain_value<A: DeserializeOwned>(value: Value) -> Read<A> {
    match from_value(value) {
        Ok(argument) => Ok(argument),
        Err(reason) => Err(Unreadable::Value(reason)),
    }
}

/// An argument as serde writes it.
pub(crate) fn plain_form<A: Serialize>(argument: &A) -> ArgumentValue {
    match argument.serialize(serde_json::value::Serializer) {
        Ok(value) => Ok(value),
        Err(error) => Err(without_form(type_name::<A>(), &error)),
    }
}

#[cold]
fn without_form(item: String, error: &serde_json::Error) -> Error {
    Error::NotSerializable { item, reason: error.to_string() }
}

/// Implements arguments for types that serde writes and reads; `plain!(ranged X)` for a type that can be out of a range.
macro_rules! plain {
    (ranged $($type:ty),*) => {
        $crate::items::argument::plain!(@of [
            fn beyond(&self, range: $crate::items::range::Range) -> Option<(String, String)> {
                $crate::items::range::Ranged::out_of(self, range)
            }
        ] $($type),*);
    };
    (@of $beyond:tt $($type:ty),*) => {
        $($crate::items::argument::plain!(@one $beyond $type);)*
    };
    (@one [$($beyond:tt)*] $type:ty) => {
        impl $crate::items::argument::Argument for $type {
            fn write(&self) -> $crate::items::ArgumentValue {
                $crate::items::argument::plain_form(self)
            }

            fn read(value: serde_json::Value) -> $crate::items::Read<Self> {
                $crate::items::argument::plain_value(value)
            }

            $($beyond)*
        }
    };
    ($($type:ty),* $(,)?) => {
        $crate::items::argument::plain!(@of [] $($type),*);
    };
}
pub(crate) use plain;

plain!(bool, char, u8, String);
plain!(ranged u32, u64, i64);

/// Infinities and NaN, which JSON lacks, are the strings `"inf"`, `"-inf"` and `"nan"`.
impl Argument for f64 {
    fn write(&self) -> ArgumentValue {
        Ok(match *self {
            f64::INFINITY => "inf".into(),
            f64::NEG_INFINITY => "-inf".into(),
            value if value.is_nan() => "nan".into(),
            value => value.into(),
        })
    }

    fn read(value: Value) -> Read<Self> {
        match value.as_str() {
            Some("inf") => Ok(f64::INFINITY),
            Some("-inf") => Ok(f64::NEG_INFINITY),
            Some("nan") => Ok(f64::NAN),
            _ => plain_value(value),
        }
    }

    fn beyond(&self, range: Range) -> Option<(String, String)> {
        self.out_of(range)
    }
}

/// The two ends of an interval, as a list of two.
impl Argument for (f64, f64) {
    fn write(&self) -> ArgumentValue {
        Ok(vec![self.0.write()?, self.1.write()?].into())
    }

    fn read(value: Value) -> Read<Self> {
        match <Vec<f64>>::read(value)?[..] {
            [low, high] => Ok((low, high)),
            ref other => Err(Unreadable::Value(format!("expected a list of two numbers, not of {}", other.len()))),
        }
    }
}

/// A path that is no Unicode cannot be written.
impl Argument for PathBuf {
    fn write(&self) -> ArgumentValue {
        match self.serialize(serde_json::value::Serializer) {
            Ok(value) => Ok(value),
            Err(error) => Err(without_form(format!("the path {self:?}"), &error)),
        }
    }

    fn read(value: Value) -> Read<Self> {
        plain_value(value)
    }
}

/// A value as serde writes and reads it. Here a `usize` is any number, whereas a plain `usize` argument is a count of columns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Plain<V>(pub(crate) V);

impl<V: Serialize + DeserializeOwned> Argument for Plain<V> {
    fn write(&self) -> ArgumentValue {
        plain_form(&self.0)
    }

    fn read(value: Value) -> Read<Self> {
        plain_value(value).map(Plain)
    }
}

/// A count of columns, classes or units: one that no table has is refused here, so that products of two counts fit.
impl Argument for usize {
    fn write(&self) -> ArgumentValue {
        Ok((*self).into())
    }

    fn read(value: Value) -> Read<Self> {
        let count: u32 = plain_value(value)?;
        Ok(count as usize)
    }

    fn unreadable(&self) -> Option<(String, String)> {
        u32::try_from(*self).is_err().then(|| (self.to_string(), format!("at most {}", u32::MAX)))
    }

    fn beyond(&self, range: Range) -> Option<(String, String)> {
        self.out_of(range)
    }
}

impl<A: Argument> Argument for Option<A> {
    fn write(&self) -> ArgumentValue {
        self.as_ref().map_or(Ok(Value::Null), A::write)
    }

    fn read(value: Value) -> Read<Self> {
        if value.is_null() { Ok(None) } else { A::read(value).map(Some) }
    }

    fn unreadable(&self) -> Option<(String, String)> {
        self.as_ref().and_then(A::unreadable)
    }

    fn check(&self) -> Result<()> {
        self.as_ref().map_or(Ok(()), A::check)
    }

    fn beyond(&self, range: Range) -> Option<(String, String)> {
        self.as_ref().and_then(|value| value.beyond(range))
    }
}

impl<A: Argument> Argument for Vec<A> {
    fn write(&self) -> ArgumentValue {
        let mut values = Vec::with_capacity(self.len());
        for argument in self {
            values.push(argument.write()?);
        }
        Ok(Value::Array(values))
    }

    fn read(value: Value) -> Read<Self> {
        match value {
            Value::Array(values) => {
                let mut arguments = Vec::with_capacity(values.len());
                for value in values {
                    arguments.push(A::read(value)?);
                }
                Ok(arguments)
            }
            other => Err(Unreadable::Value(format!("expected a list, not {other}"))),
        }
    }

    fn unreadable(&self) -> Option<(String, String)> {
        self.iter().find_map(A::unreadable)
    }

    fn check(&self) -> Result<()> {
        self.iter().try_for_each(A::check)
    }

    fn beyond(&self, range: Range) -> Option<(String, String)> {
        self.iter().find_map(|value| value.beyond(range))
    }
}

/// An item of another family, written as class and configuration; a name is written as the item that it names, with all
/// its arguments.
impl<I: Family + ?Sized> Argument for Item<I> {
    fn write(&self) -> ArgumentValue {
        describe(&*self.get()?)
    }

    fn read(value: Value) -> Read<Self> {
        match (value, I::OF_NULL) {
            (Value::Null, Some(name)) => Ok(I::named(name)?.into_item()),
            (value, _) => Ok(ItemConfig::read(value)?.get::<I>()?.into_item()),
        }
    }

    fn check(&self) -> Result<()> {
        self.get()?.check()
    }
}

/// The default of an argument in the declaration of an item: a value of the argument's type, or of the family of the item
/// that it holds.
pub(crate) trait IntoArgument<A, M> {
    fn into_argument(self) -> A;
}

impl<A> IntoArgument<A, ()> for A {
    fn into_argument(self) -> A {
        self
    }
}

impl<I: Family + ?Sized, M, V: IntoItem<I, M>> IntoArgument<Item<I>, (M,)> for V {
    fn into_argument(self) -> Item<I> {
        self.into_item()
    }
}

impl<V> IntoArgument<Plain<V>, Plain<V>> for V {
    fn into_argument(self) -> Plain<V> {
        Plain(self)
    }
}

/// Literals of types that own what the literal borrows.
macro_rules! literals {
    ($($type:ty),*) => {
        $(impl IntoArgument<$type, $type> for &str {
            fn into_argument(self) -> $type {
                self.into()
            }
        })*
    };
}

literals!(String, PathBuf);
