//! Properties that hold in every family.

use super::{IntoItem, Item, ItemEntry, Spec, adopted};
use crate::activations::Activation;
use crate::losses::Loss;
use crate::metrics::Metric;
use crate::monomorphized::Monomorphized;
use crate::optimizers::Optimizer;
use crate::optimizers::schedules;
use crate::prelude::{Adam, Huber};
use crate::{Batch, Error, Result, Scalar, callbacks, preprocessing};
use serde_json::{Value, json};
use std::any::Any;
use std::sync::Arc;

/// Calls a function of a family's entries, and of how an item is seen as a value of its type, for every family.
macro_rules! in_every_family {
    ($function:ident) => {
        $function(&f32::activations(), |item| item);
        $function(&f32::constraints(), |item| item);
        $function(&f32::initializers(), |item| item);
        $function(&f32::layers(), |item| item);
        $function(&f32::losses(), |item| item);
        $function(&f32::metrics(), |item| item);
        $function(&f32::optimizers(), |item| item);
        $function(&f32::regularizers(), |item| item);
        $function(&callbacks::all::<f32>(), |item| item);
        $function(&crate::model_selection::all(), |item| item);
        $function(&preprocessing::all(), |item| item);
        $function(&schedules::all(), |item| item);
        $function(&crate::scores::all(), |item| item);
    };
}

/// Checks that each item of a family is found by its type, and is the value that was passed.
fn all_are_adopted<I: ?Sized + Spec>(entries: &[ItemEntry<I>], value: fn(&I) -> &dyn Any) {
    assert!(!entries.is_empty());
    for entry in entries {
        // An item with required arguments cannot be made from defaults.
        let Ok(item) = (entry.make)(Value::Null) else { continue };
        let found = adopted(entries, item.clone(), value);
        assert!(!Arc::ptr_eq(&found, &item), "{}", entry.name);
        assert_eq!(format!("{found:?}"), format!("{item:?}"));
    }
}

#[test]
fn built_in_items_are_those_of_this_crate() {
    in_every_family!(all_are_adopted);
}

/// Checks that each item of a family rejects a key that is none of its arguments, and suggests the most similar one.
fn all_are_strict<I: ?Sized + Spec>(entries: &[ItemEntry<I>], _: fn(&I) -> &dyn Any) {
    for entry in entries {
        let error = (entry.make)(json!({ "no such argument": null })).map(|_| ()).unwrap_err();
        let Error::UnknownArgument { item, name, known, .. } = error else { panic!("{}: {error}", entry.name) };
        assert_eq!((&*item, &*name), (entry.name, "no such argument"));
        for argument in known {
            let close = argument.to_uppercase();
            let error = (entry.make)(json!({ (&*close): null })).map(|_| ()).unwrap_err().to_string();
            let nearest = format!("no argument \"{close}\"; did you mean \"{argument}\"?");
            assert!(error.contains(&nearest), "{error}");
        }
    }
}

#[test]
fn an_unknown_key_is_an_error_in_every_family() {
    in_every_family!(all_are_strict);
}

/// Checks that the configuration of each item of a family makes an equal item.
fn all_are_read_back<I: ?Sized + Spec>(entries: &[ItemEntry<I>], _: fn(&I) -> &dyn Any) {
    for entry in entries {
        let Ok(item) = (entry.make)(Value::Null) else { continue };
        let Ok(config) = item.config() else { panic!("{} has no configuration", entry.name) };
        assert_eq!(item.class_name(), entry.name);
        let again = (entry.make)(config.clone()).unwrap_or_else(|error| panic!("{}: {error}", entry.name));
        assert_eq!(again.config().ok(), Some(config));
        assert_eq!(format!("{again:?}"), format!("{item:?}"));
        // Shared arguments are written by those that have them.
        let error = (entry.make)(json!({ "no such argument": null })).map(|_| ()).unwrap_err();
        let Error::UnknownArgument { known, .. } = error else { panic!("{}: {error}", entry.name) };
        let Ok(Value::Object(written)) = item.config() else { panic!("{}: no arguments by name", entry.name) };
        assert!(written.keys().all(|name| known.contains(name)), "{}", entry.name);
    }
}

#[test]
fn a_configuration_makes_the_same_item_in_every_family() {
    in_every_family!(all_are_read_back);
}

#[test]
fn arguments_are_kept() {
    let huber: Arc<dyn Loss<f32>> = Arc::new(Huber.delta(2.5));
    assert!(format!("{:?}", adopted(&f32::losses(), huber, |item| item)).contains("2.5"));
    let adam: Arc<dyn Optimizer<f32>> = Arc::new(Adam.learning_rate(0.25));
    assert_eq!(adopted(&f32::optimizers(), adam, |item| item).learning_rate().at(0), 0.25);
}

/// A user's item of a built-in name.
#[derive(Debug, Clone)]
struct Recall;

impl Spec for Recall {}

impl<T: Scalar> Metric<T> for Recall {
    fn start(&self, _: crate::metrics::Width) -> Result<Box<dyn crate::metrics::MetricState<T>>> {
        Ok(Box::new(Nothing))
    }
}

struct Nothing;

impl<T: Scalar> crate::metrics::MetricState<T> for Nothing {
    fn update(&mut self, _: Batch<'_, T>, _: Batch<'_, T>, _: Option<&[T]>) {}

    fn result(&self) -> f64 {
        0.0
    }

    fn reset(&mut self) {}
}

#[test]
fn a_user_defined_item_stays_itself_whatever_its_name() {
    let recall: Arc<dyn Metric<f32>> = Arc::new(Recall);
    assert!(Arc::ptr_eq(&adopted(&f32::metrics(), recall.clone(), |item| item), &recall));
}

#[test]
fn a_name_is_any_kind_of_string() {
    let name = String::from("relu");
    let borrowed: Item<dyn Activation<f32>> = (&name).into_item();
    assert_eq!(borrowed, name.as_str().into_item());
    assert_eq!(borrowed, name.into_item());
}
