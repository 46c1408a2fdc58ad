/// Declares the transformers, each in one line: its file, the class, and what else is public of the file.
macro_rules! transformers {
    ($($file:ident: $item:ident $(, $public:ident)*;)+) => {
        $(mod $file;)+
        $(pub use $file::{$item $(, $public)*};)+

        /// Every transformer of the crate, by its class name.
        fn all() -> Vec<$crate::registry::Entry<dyn Transformer>> {
            vec![$($crate::registry::Entry {
                name: stringify!($item).into(),
                make: |config| Ok(std::sync::Arc::new(transformer::restored::<$item>(
                    stringify!($item),
                    // A file of before says nothing of the defaults.
                    if config.is_null() { serde_json::json!({}) } else { config },
                )?)),
                adopt: |value| $crate::registry::adopt::<$item, _>(value, |item| std::sync::Arc::new(item)),
            }),+]
        }
    };
}
pub(in super::super) use transformers;
