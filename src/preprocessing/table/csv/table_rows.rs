//! The columns of files that are read in parts: their types, found in a first pass, and the rows of a part as a table.

use super::super::column_names::ColumnNames;
use super::super::{Origin, Table, spelling};
use super::bad_rows::BadRows;
use super::header::{Head, place};
use super::infer::{ColumnBuilder, InferredType};
use super::options::{DeclaredType, Header};
use super::parts::{PartReader, RecordSink};
use super::read::{RowBuilder, looks_like_header};
use super::records::Records;
use crate::error::{Error, Place, Result};
use std::sync::Arc;

/// The columns that all files have, by the first of them, and what is declared of each.
#[derive(Debug, Clone)]
pub(super) struct TypedColumns {
    pub(super) names: Vec<String>,
    types: Vec<DeclaredType>,
}

impl TypedColumns {
    /// Makes a column that was found to be one of strings one of numbers or booleans; returns false if it was not.
    pub(super) fn read_as(&mut self, column: &str, as_booleans: bool) -> bool {
        let found = self.names.iter().position(|name| name == column);
        match found.and_then(|index| self.types.get_mut(index)) {
            Some(kind @ DeclaredType::Strings) => {
                *kind = if as_booleans { DeclaredType::Boolean } else { DeclaredType::Number };
                true
            }
            _ => false,
        }
    }
}

/// Where the columns are among those of a file; they may come in any order.
fn positions(known: &[String], head: &Head, file: &str) -> Result<Vec<usize>> {
    let unknown = |name: &String| Error::unknown_column(place(file, head.line), name, &head.names);
    let of = |name| head.names.iter().position(|found| found == name).ok_or_else(|| unknown(name));
    let positions = known.iter().map(of).collect::<Result<Vec<usize>>>()?;
    match head.names.iter().find(|name| !known.contains(name)) {
        None => Ok(positions),
        Some(name) => {
            let value = format!("{file}, which has a column \"{name}\" that the first file has not");
            let expected = format!("files of the same columns: {}", known.join(", "));
            Err(Error::argument("CsvTables", "files", value, expected))
        }
    }
}

/// The first pass: finds the types of the columns, as they would be found if all files were one.
pub(super) struct TypeScan<'a> {
    reader: &'a PartReader,
    names: Vec<String>,
    positions: Vec<usize>,
    /// The types by the parts that were read; declared ones stay as they are.
    types: Vec<InferredType>,
    declared: Vec<Option<DeclaredType>>,
    /// The columns of the part that is being read.
    columns: Vec<ColumnBuilder>,
    first_row: Option<FirstRow>,
    /// Whether bad rows are skipped.
    skips: bool,
    pub(super) rows: usize,
}

/// The first row of a file, which may be a header that is not declared as one.
struct FirstRow {
    place: Place,
    /// The value of each column, unless it is missing or a number.
    strings: Vec<Option<String>>,
    /// Whether all others of the column are numbers, once there are some.
    others_are_numbers: Vec<Option<bool>>,
}

impl<'a> TypeScan<'a> {
    pub(super) fn new(reader: &'a PartReader, skips: bool) -> Self {
        TypeScan {
            reader,
            names: Vec::new(),
            positions: Vec::new(),
            types: Vec::new(),
            declared: Vec::new(),
            columns: Vec::new(),
            first_row: None,
            skips,
            rows: 0,
        }
    }

    /// Merges the types of a part into those of the parts before.
    pub(super) fn end_part(&mut self) {
        for (known, column) in self.types.iter_mut().zip(&mut self.columns) {
            *known = known.and(std::mem::replace(column, ColumnBuilder::undecided()).inferred());
        }
    }

    /// Returns an error for a file whose first line looks like a header that was not expected.
    pub(super) fn end_file(&mut self) -> Result<()> {
        let Some(first) = self.first_row.take() else { return Ok(()) };
        for ((name, text), others) in self.names.iter().zip(&first.strings).zip(&first.others_are_numbers) {
            if let (Some(text), Some(true)) = (text, others) {
                return Err(looks_like_header(&first.place, name, text));
            }
        }
        Ok(())
    }

    /// Whether there is nothing to find: all types are declared.
    pub(super) fn is_declared(&self) -> bool {
        self.declared.iter().all(Option::is_some)
    }

    pub(super) fn finish(self) -> TypedColumns {
        let types = self.declared.into_iter().zip(self.types);
        let types = types.map(|(declared, found)| declared.unwrap_or_else(|| found.declared())).collect();
        TypedColumns { names: self.names, types }
    }

    /// Notes what the fields of a record are.
    fn add(&mut self, records: &Records<'_>, head: &Head) -> Result<()> {
        let PartReader { options, format, rules } = self.reader;
        let rows =
            RowBuilder { options, names: &head.names, quotes_tell: &head.quotes_tell, delimiter: format.delimiter };
        if !rows.fits(records)? {
            return Ok(());
        }
        self.rows += 1;
        for (index, &position) in self.positions.iter().enumerate() {
            // What is a string stays one, and is read in the passes that follow.
            if self.declared[index].is_none() && self.types[index] != InferredType::Strings {
                rows.push(&mut self.columns[index], position, records, rules)?;
            }
        }
        self.note_first_row(records);
        Ok(())
    }

    fn note_first_row(&mut self, records: &Records<'_>) {
        let options = &self.reader.options;
        if options.names.is_none() || options.header != Header::Detect {
            return;
        }
        let text = |&position: &usize| {
            let field = if position < records.len() { records.field(position) } else { b"" };
            let text = std::str::from_utf8(field).ok()?;
            (!self.reader.rules.markers.contains(field)).then(|| text.to_owned())
        };
        let is_number = |text: &String| spelling::number(text).is_some();
        match &mut self.first_row {
            None => {
                let strings: Vec<_> =
                    self.positions.iter().map(|at| text(at).filter(|text| !is_number(text))).collect();
                let others_are_numbers = vec![None; strings.len()];
                self.first_row = Some(FirstRow { place: records.place(), strings, others_are_numbers });
            }
            Some(first) => {
                for (position, others) in self.positions.iter().zip(&mut first.others_are_numbers) {
                    if let (Some(text), None | Some(true)) = (text(position), &others) {
                        *others = Some(is_number(&text));
                    }
                }
            }
        }
    }
}

impl RecordSink for TypeScan<'_> {
    fn begin(&mut self, head: &Head, file: &str) -> Result<()> {
        if self.names.is_empty() {
            self.names = head.names.clone();
            self.types = vec![InferredType::Nothing; head.names.len()];
            self.declared = vec![None; head.names.len()];
            self.columns = head.names.iter().map(|_| ColumnBuilder::undecided()).collect();
            for (name, kind) in &self.reader.options.declared {
                let index = head.names.iter().position(|known| known == name);
                let unknown = || Error::unknown_column(place(file, head.line), name, &head.names);
                self.declared[index.ok_or_else(unknown)?] = Some(kind.clone());
            }
        }
        self.positions = positions(&self.names, head, file)?;
        Ok(())
    }

    fn notes_quotes(&self, head: &Head) -> bool {
        head.quotes_tell.contains(&true)
    }

    fn take(&mut self, records: &Records<'_>, head: &Head) -> Result<()> {
        match self.add(records, head) {
            Err(_) if self.skips => Ok(()),
            result => result,
        }
    }
}

/// The rows of a part, as columns of known types.
#[derive(Default)]
pub(super) struct TableRows {
    columns: Vec<ColumnBuilder>,
    positions: Vec<usize>,
    lines: Vec<u32>,
}

/// Adds records to the rows of a part.
pub(super) struct TableSink<'a> {
    pub(super) reader: &'a PartReader,
    pub(super) known: &'a TypedColumns,
    pub(super) rows: &'a mut TableRows,
    /// Takes bad rows, where they are left out.
    pub(super) bad: Option<&'a mut BadRows>,
}

impl TableSink<'_> {
    /// Adds a record.
    fn add(&mut self, records: &Records<'_>, head: &Head) -> Result<()> {
        let PartReader { options, format, rules } = self.reader;
        let rows =
            RowBuilder { options, names: &head.names, quotes_tell: &head.quotes_tell, delimiter: format.delimiter };
        if !rows.fits(records)? {
            return Ok(());
        }
        let TableRows { columns, positions, lines } = self.rows;
        if columns.is_empty() {
            *columns = self.known.types.iter().map(ColumnBuilder::declared).collect::<Result<_>>()?;
        }
        for (column, &position) in columns.iter_mut().zip(positions.iter()) {
            rows.push(column, position, records, rules)?;
        }
        lines.push(u32::try_from(records.line).unwrap_or(u32::MAX));
        Ok(())
    }

    /// The rows as a table of the file; the next part begins without rows.
    pub(super) fn finish(self, file: &str, head: Option<&Head>) -> Result<Table> {
        let TableRows { columns, lines, .. } = self.rows;
        // A part without rows has the columns all the same.
        if columns.is_empty() {
            *columns = self.known.types.iter().map(ColumnBuilder::declared).collect::<Result<_>>()?;
        }
        let header = head.and_then(|head| head.line);
        let lines = std::mem::take(lines);
        Ok(Table {
            names: Arc::new(ColumnNames::from(self.known.names.clone())),
            rows: lines.len(),
            columns: std::mem::take(columns).into_iter().map(|column| Arc::new(column.finish())).collect(),
            origin: Some(Arc::new(Origin::File { file: file.to_owned(), header, lines })),
        })
    }
}

impl RecordSink for TableSink<'_> {
    fn begin(&mut self, head: &Head, file: &str) -> Result<()> {
        self.rows.positions = positions(&self.known.names, head, file)?;
        Ok(())
    }

    fn notes_quotes(&self, head: &Head) -> bool {
        head.quotes_tell.contains(&true)
    }

    fn take(&mut self, records: &Records<'_>, head: &Head) -> Result<()> {
        match (self.add(records, head), &mut self.bad) {
            (Err(error), Some(bad)) => {
                bad.push(error);
                let rows = self.rows.lines.len();
                self.rows.columns.iter_mut().for_each(|column| column.truncate(rows));
                Ok(())
            }
            (result, _) => result,
        }
    }
}
