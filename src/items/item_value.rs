//! Items compared and stored by class and configuration.

use super::argument::Argument;
use super::{Family, Item};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::Value;
use std::sync::Arc;

/// Equal if class and configuration are; an item without a configuration equals only itself.
impl<I: Family + ?Sized> PartialEq for Item<I> {
    fn eq(&self, other: &Self) -> bool {
        match (self.get(), other.get()) {
            (Ok(one), Ok(other)) if Arc::ptr_eq(&one, &other) => true,
            _ => self.write().is_ok_and(|one| other.write().is_ok_and(|other| one == other)),
        }
    }
}

impl<I: Family + ?Sized> Serialize for Item<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.write().map_err(ser::Error::custom)?.serialize(serializer)
    }
}

impl<'de, I: Family + ?Sized> Deserialize<'de> for Item<I> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Item::read(Value::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}
