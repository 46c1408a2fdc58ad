//! The table of arguments in the documentation of an item.

/// Passes the documentation of an item on, completed by the table of its arguments: after the text, and before its
/// references.
///
/// `table!([[path of a macro] then…] [attributes…] (required arguments) [Shared] { arguments with defaults })` calls that macro
/// with `then… [attributes with the table]`.
macro_rules! table {
    // Collects the required arguments, those with defaults, and the text before and after the references.
    (@rows $then:tt $before:tt $after:tt [$($row:tt)*] $given:tt $shared:tt {
        $(#[$doc:meta])* $field:ident: $type:ty $([$($range:tt)+])? = None $(, $($rest:tt)*)?
    }) => {
        $crate::items::table!(@rows $then $before $after
            [$($row)* #[doc = $crate::items::table!(@row $field "none"; $($($range)+)?)]] $given $shared { $($($rest)*)? });
    };
    (@rows $then:tt $before:tt $after:tt [$($row:tt)*] $given:tt $shared:tt {
        $(#[$doc:meta])* $field:ident: $type:ty $([$($range:tt)+])? = Vec::new() $(, $($rest:tt)*)?
    }) => {
        $crate::items::table!(@rows $then $before $after
            [$($row)* #[doc = $crate::items::table!(@row $field "none"; $($($range)+)?)]] $given $shared { $($($rest)*)? });
    };
    (@rows $then:tt $before:tt $after:tt [$($row:tt)*] $given:tt $shared:tt {
        $(#[$doc:meta])* $field:ident: $type:ty $([$($range:tt)+])? = Thresholds::NONE $(, $($rest:tt)*)?
    }) => {
        $crate::items::table!(@rows $then $before $after
            [$($row)* #[doc = $crate::items::table!(@row $field "none"; $($($range)+)?)]] $given $shared { $($($rest)*)? });
    };
    // The wrapper of a literal belongs to the type; users write the literal itself.
    (@rows $then:tt $before:tt $after:tt [$($row:tt)*] $given:tt $shared:tt {
        $(#[$doc:meta])* $field:ident: $type:ty $([$($range:tt)+])? = $wrapper:ident $(::$variant:ident)? ($value:literal)
        $(, $($rest:tt)*)?
    }) => {
        $crate::items::table!(@rows $then $before $after
            [$($row)* #[doc = $crate::items::table!(@row $field concat!("`", stringify!($value), "`"); $($($range)+)?)]]
            $given $shared { $($($rest)*)? });
    };
    (@rows $then:tt $before:tt $after:tt [$($row:tt)*] $given:tt $shared:tt {
        $(#[$doc:meta])* $field:ident: $type:ty $([$($range:tt)+])? = $default:expr $(, $($rest:tt)*)?
    }) => {
        $crate::items::table!(@rows $then $before $after
            [$($row)* #[doc = $crate::items::table!(@row $field concat!("`", stringify!($default), "`"); $($($range)+)?)]]
            $given $shared { $($($rest)*)? });
    };
    (@rows [[$($macro:tt)*] $($then:tt)*] [$($before:tt)*] [$($after:tt)*] [$($row:tt)*]
        ($($given:ident: $given_type:ty $([$($range:tt)+])?),* $(,)?) [$($Shared:ident)?] {}) => {
        $($macro)*!($($then)* [
            $($before)*
            #[doc = $crate::items::table!(@header $($given)* $($row)*)]
            $(#[doc = $crate::items::table!(@row $given "required"; $($($range)+)?)])*
            $($row)*
            #[doc = $crate::items::table!(@footer [$($given)* $($row)*] $($Shared)?)]
            $($after)*
        ]);
    };

    (@header) => { "" };
    (@header $($any:tt)+) => { "\n# Arguments\n\n| argument | default | range |\n|---|---|---|" };
    (@row $field:ident $default:expr; $($range:tt)*) => {
        concat!("| `", stringify!($field), "` | ", $default, " | ", $crate::items::table!(@range $($range)*), " |")
    };
    (@footer [$($any:tt)*]) => { "" };
    (@footer [] $Shared:ident) => { concat!("\n# Arguments\n\nThose of [`", stringify!($Shared), "`].\n") };
    (@footer [$($any:tt)+] $Shared:ident) => { concat!("\n\nBeside these, those of [`", stringify!($Shared), "`].\n") };
    (@range) => { "" };
    (@range custom setter) => { "" };
    (@range $($range:tt)+) => { $crate::items::range::range!(@text $($range)+) };

    // The attributes one by one, until the references begin.
    (@split $then:tt [$($before:tt)*] [#[doc = r" # References"] $($after:tt)*] $($rest:tt)*) => {
        $crate::items::table!(@rows $then [$($before)*] [#[doc = r" # References"] $($after)*] [] $($rest)*);
    };
    (@split $then:tt [$($before:tt)*] [#[$($one:tt)*] $($more:tt)*] $($rest:tt)*) => {
        $crate::items::table!(@split $then [$($before)* #[$($one)*]] [$($more)*] $($rest)*);
    };
    (@split $then:tt $before:tt [] $($rest:tt)*) => {
        $crate::items::table!(@rows $then $before [] [] $($rest)*);
    };
    ($then:tt $attributes:tt $($rest:tt)*) => {
        $crate::items::table!(@split $then [] $attributes $($rest)*);
    };
}
pub(crate) use table;

#[cfg(test)]
mod tests {

    #[test]
    fn a_row_has_name_default_and_range() {
        assert_eq!(table!(@row delta concat!("`", stringify!(1.0), "`"); above 0), "| `delta` | `1.0` | above 0 |");
        assert_eq!(table!(@row units "required"; at least 1), "| `units` | required | at least 1 |");
        assert_eq!(table!(@row name "none";), "| `name` | none |  |");
        assert_eq!(table!(@header), "");
    }
}
