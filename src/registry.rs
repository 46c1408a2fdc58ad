//! Items by name: how a string, or a file, becomes a value of the crate.

use crate::{Error, Result};
use serde_json::Value;
use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

/// One item that can be made from its name and arguments.
pub(crate) struct Entry<I: ?Sized> {
    /// The item's class name.
    pub(crate) name: String,
    /// Makes it from its configuration; `null` stands for the defaults.
    pub(crate) make: fn(Value) -> Result<Arc<I>>,
    /// Clones a value of the item's type; none for a value of another type.
    pub(crate) adopt: fn(&dyn Any) -> Option<Arc<I>>,
}

/// An item with the code that is compiled in this crate.
///
/// The methods of an item are generic in the element type, so those of a value that a program passes are compiled with
/// the program: without optimization while it is developed. The entries of a family, listed by
/// [`Monomorphized`](crate::monomorphized::Monomorphized), lead to what is compiled here. A user-defined item is returned as
/// it is.
pub(crate) fn adopted<I: ?Sized>(entries: &[Entry<I>], item: &Arc<I>, value: &dyn Any) -> Arc<I> {
    entries.iter().find_map(|entry| (entry.adopt)(value)).unwrap_or_else(|| item.clone())
}

/// The function [`Entry::adopt`] of one type of item.
pub(crate) fn adopt<C: Clone + 'static, I: ?Sized>(value: &dyn Any, share: fn(C) -> Arc<I>) -> Option<Arc<I>> {
    value.downcast_ref::<C>().map(|item| share(item.clone()))
}

/// The entries of items that are a struct with a constant of the same name.
macro_rules! entries {
    ($($item:ident),* $(,)?) => {
        vec![$($crate::registry::Entry {
            name: $crate::spec::Spec::class_name(&$item),
            make: |config| Ok(std::sync::Arc::new($crate::arguments::item::<$item>(config)?)),
            adopt: |value| $crate::registry::adopt::<$item, _>(value, |item| std::sync::Arc::new(item)),
        }),*]
    };
}
pub(crate) use entries;

/// Declares the items of a family, each in one line with its file: the module, what is public of it, the list that names
/// are looked up in, and what the prelude takes over.
macro_rules! family {
    ($family:ident: $($file:ident: $($item:ident),+;)+) => {
        $(mod $file;)+
        $(pub use $file::{$($item),+};)+

        /// The items of the family alone.
        pub(crate) mod items {
            #[allow(unused_imports)] // names of some families would clash in the prelude
            pub use super::{$($($item),+),+};
        }

        /// Every item of the family, by its name.
        pub(crate) fn all<T: $crate::Scalar>() -> Vec<$crate::registry::Entry<dyn $family<T>>> {
            $crate::registry::entries![$($($item),+),+]
        }
    };
}
pub(crate) use family;

/// What is told beside the known names while a file is read.
const OWN: &str = "one of your own is found through a Registry, passed to load_with, load_model_with or from_json_with";

/// Makes the item of a name, found among the items of the [scope](in_scope), the entries or their aliases.
pub(crate) fn find<I: ?Sized + 'static>(
    kind: &'static str,
    entries: &[Entry<I>],
    aliases: &[(&str, &str)],
    name: &str,
    config: Value,
) -> Result<Arc<I>> {
    let scope = SCOPE.with_borrow(Option::clone);
    if let Some(make) = scope.as_ref().and_then(|scope| scope.find::<I>(name)) {
        return make(config);
    }
    let plain = aliases.iter().find(|(alias, _)| *alias == name).map_or(name, |(_, plain)| plain);
    match entries.iter().find(|entry| entry.name == plain) {
        Some(entry) => (entry.make)(config),
        None => {
            let mut known: Vec<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
            known.extend(aliases.iter().map(|(alias, _)| *alias));
            known.extend(scope.iter().flat_map(|scope| scope.names::<I>()));
            known.sort_unstable();
            let error = Error::unknown(kind, name, known);
            Err(if scope.is_some() { error.with_note(OWN) } else { error })
        }
    }
}

/// Makes an item of a family from its configuration.
pub(crate) type Make<I> = Arc<dyn Fn(Value) -> Result<Arc<I>> + Send + Sync>;

/// A user's own items by class name, of all families; which family an entry belongs to is told by its type.
#[derive(Clone, Default)]
pub(crate) struct OwnItems {
    entries: Vec<(String, Arc<dyn Any + Send + Sync>)>,
}

impl OwnItems {
    /// Adds the way to make the items of a class; a later one of the same name goes before.
    pub(crate) fn insert<I: ?Sized + 'static>(&mut self, name: String, make: Make<I>) {
        self.entries.insert(0, (name, Arc::new(make)));
    }

    fn find<I: ?Sized + 'static>(&self, name: &str) -> Option<&Make<I>> {
        self.entries.iter().filter(|(known, _)| known == name).find_map(|(_, make)| make.downcast_ref())
    }

    fn names<I: ?Sized + 'static>(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().filter(|(_, make)| make.is::<Make<I>>()).map(|(name, _)| name.as_str())
    }

    /// The class names, in the order of their insertion.
    pub(crate) fn all_names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().rev().map(|(name, _)| name.as_str())
    }
}

thread_local! {
    static SCOPE: RefCell<Option<Rc<OwnItems>>> = const { RefCell::new(None) };
}

/// Runs `read` while the names of a user's own items are known on this thread beside those of the crate.
///
/// Items hold items (an activation in a layer, a schedule in an optimizer), and the inner ones are read through
/// serde, which has no room for a further argument; so what they may be found in is around them.
pub(crate) fn in_scope<R>(items: &OwnItems, read: impl FnOnce() -> R) -> R {
    struct Restore(Option<Rc<OwnItems>>);
    impl Drop for Restore {
        fn drop(&mut self) {
            SCOPE.set(self.0.take());
        }
    }
    let _restore = Restore(SCOPE.replace(Some(Rc::new(items.clone()))));
    read()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::losses::Loss;
    use crate::losses::items::Huber;
    use crate::metrics::Metric;
    use crate::monomorphized::Monomorphized;
    use crate::optimizers::Optimizer;
    use crate::prelude::Adam;
    use crate::spec::Spec;
    use crate::{Batch, Scalar};
    use serde_json::json;

    /// That each item of a family is found by its type, and is the value that was passed.
    fn all_are_adopted<I: ?Sized + Spec>(entries: &[Entry<I>], any: fn(&I) -> &dyn Any) {
        assert!(!entries.is_empty());
        for entry in entries {
            let Ok(item) = (entry.make)(Value::Null) else { continue };
            let adopted = adopted(entries, &item, any(&item));
            assert!(!Arc::ptr_eq(&adopted, &item), "{}", entry.name);
            assert_eq!(format!("{adopted:?}"), format!("{item:?}"));
        }
    }

    #[test]
    fn built_in_items_are_those_of_this_crate() {
        all_are_adopted(&f32::activations(), |item| item);
        all_are_adopted(&f32::constraints(), |item| item);
        all_are_adopted(&f32::initializers(), |item| item);
        all_are_adopted(&f32::layers(), |item| item);
        all_are_adopted(&f32::losses(), |item| item);
        all_are_adopted(&f32::metrics(), |item| item);
        all_are_adopted(&f32::optimizers(), |item| item);
        all_are_adopted(&f32::regularizers(), |item| item);
    }

    /// That each item of a family refuses a key that is none of its arguments, and names the nearest of those it has.
    fn all_are_strict<I: ?Sized + Spec>(entries: &[Entry<I>]) {
        for entry in entries {
            let error = (entry.make)(json!({ "no such argument": null })).map(|_| ()).unwrap_err();
            let Error::UnknownArgument { item, name, known, .. } = error else { panic!("{}: {error}", entry.name) };
            assert_eq!((item, &*name), (entry.name.clone(), "no such argument"));
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
        all_are_strict(&f32::activations());
        all_are_strict(&f32::constraints());
        all_are_strict(&f32::initializers());
        all_are_strict(&f32::layers());
        all_are_strict(&f32::losses());
        all_are_strict(&f32::metrics());
        all_are_strict(&f32::optimizers());
        all_are_strict(&f32::regularizers());
        all_are_strict(&crate::optimizers::schedules::all());
        all_are_strict(&crate::callbacks::all::<f32>());
    }

    #[test]
    fn arguments_are_kept() {
        let huber: Arc<dyn Loss<f32>> = Arc::new(Huber.delta(2.5));
        assert!(format!("{:?}", adopted(&f32::losses(), &huber, &*huber)).contains("2.5"));
        let adam: Arc<dyn Optimizer<f32>> = Arc::new(Adam.learning_rate(0.25));
        assert_eq!(adopted(&f32::optimizers(), &adam, &*adam).learning_rate().at(0), 0.25);
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
        assert!(Arc::ptr_eq(&adopted(&f32::metrics(), &recall, &*recall), &recall));
    }
}
