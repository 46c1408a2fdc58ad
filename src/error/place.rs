/// The position of a value in a table.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// A line of the file that the table was read from.
    Line {
        /// The file.
        file: String,
        /// The line, counted from 1 with the header as in an editor.
        line: u64,
    },
    /// A row of a file that has no lines, such as a Parquet file.
    FileRow {
        /// The file.
        file: String,
        /// The row group of the file, counted from 0.
        row_group: usize,
        /// The row of the file, counted from 0.
        row: usize,
    },
    /// A row of a table that did not come from a file, counted from 0.
    Row(usize),
    /// A single record.
    Record,
}

impl Place {
    /// The cure for a record, or the one for a table.
    pub(super) fn cure(&self, of_record: &'static str, of_table: &'static str) -> &'static str {
        match self {
            Place::Record => of_record,
            Place::Line { .. } | Place::FileRow { .. } | Place::Row(_) => of_table,
        }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Place::Line { file, line } => write!(f, "{file}, line {line}"),
            Place::FileRow { file, row_group, row } => {
                write!(f, "{file}, row {row} in row group {row_group} (counted from 0)")
            }
            Place::Row(row) => write!(f, "row {row} (counted from 0)"),
            Place::Record => f.write_str("the record"),
        }
    }
}
