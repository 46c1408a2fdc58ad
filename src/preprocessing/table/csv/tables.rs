use super::super::Table;
use super::CsvOptions;
use super::bad_rows::BadRows;
use super::parts::{CsvParts, PartReader, state};
use super::table_rows::{TableRows, TableSink, TypeScan, TypedColumns};
use crate::error::{Error, Result};
use crate::preprocessing::TableSource;
use crate::random::{Purpose, shuffle, stream};
use std::fmt;
use std::path::{Path, PathBuf};

/// The bytes of a block by default.
const BLOCK_BYTES: usize = 1 << 20;

/// CSV files as a [`TableSource`]: the rows of one or several files, read in blocks, one file after another.
///
/// The rows are those of [`CsvOptions::read`] and, of several files, of [`Table::concat_rows`], in the memory of one block. All files have
/// the same columns, in any order. A file may be compressed with gzip; it is UTF-8.
///
/// # Types
///
/// A first pass over all files finds the types of the columns, by the rules of [`CsvOptions`](CsvOptions#types) and as if all files were
/// one: a column of numbers that has a word in the last line of the last file is one of strings in every block. That pass reads
/// nothing else; it is left out where all columns are declared, as by [`CsvOptions::numbers`] and [`CsvOptions::strings`].
///
/// ```
/// use perceptra::batches::{CsvTables, TableSource};
/// use perceptra::preprocessing::CsvOptions;
///
/// # let folder = std::env::temp_dir().join(format!("perceptra-csv-tables-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder).unwrap();
/// # let [first, second] = ["2023.csv", "2024.csv"].map(|name| folder.join(name));
/// # std::fs::write(&first, "term;rate\n36;7,5\n").unwrap();
/// # std::fs::write(&second, "rate;term\n8,25;60\n;long\n").unwrap();
/// let mut loans = CsvTables::new([&first, &second]).options(CsvOptions::new().delimiter(';').decimal(','));
/// loans.rewind()?;
/// let block = loans.next_table()?.expect("the first file has a row");
/// assert_eq!((block.numbers("rate")?, block.strings("term")?.get(0)), (&[7.5][..], Some("36")));
/// assert_eq!(loans.rows(), Some(3));
/// # std::fs::remove_dir_all(folder).unwrap();
/// # Ok::<(), perceptra::Error>(())
/// ```
pub struct CsvTables {
    files: Vec<PathBuf>,
    options: CsvOptions,
    block_bytes: usize,
    pub(crate) skip_bad_rows: bool,
    pub(crate) kept: Vec<String>,
    reader: Option<PartReader>,
    known: Option<TypedColumns>,
    /// The number of rows, once they have been counted.
    count: Option<usize>,
    /// The files that this pass still has to read, the next one last.
    left: Vec<usize>,
    file: Option<CsvParts>,
    rows: TableRows,
    pub(crate) bad: BadRows,
}

impl CsvTables {
    /// These files, in this order, with the defaults of [`CsvOptions`].
    pub fn new(files: impl IntoIterator<Item = impl AsRef<Path>>) -> CsvTables {
        CsvTables {
            files: files.into_iter().map(|file| file.as_ref().to_owned()).collect(),
            options: CsvOptions::new(),
            block_bytes: BLOCK_BYTES,
            skip_bad_rows: false,
            kept: Vec::new(),
            reader: None,
            known: None,
            count: None,
            left: Vec::new(),
            file: None,
            rows: TableRows::default(),
            bad: BadRows::default(),
        }
    }

    /// Sets how the files are read. Delimiters of whitespace, `trim` and encodings other than UTF-8 are errors, and
    /// `max_unfolded` is not used, since a file is not held in memory.
    #[must_use]
    pub fn options(mut self, options: CsvOptions) -> CsvTables {
        self.options = options;
        (self.reader, self.known, self.count) = (None, None, None);
        self
    }

    /// About how many bytes of a file are read at a time, at least 1; a block has the rows of them. Defaults to one mebibyte.
    #[must_use]
    pub fn block_bytes(mut self, bytes: usize) -> CsvTables {
        self.block_bytes = bytes.max(1);
        self
    }

    /// Whether rows of another length than the header, and rows with a field that is not of the declared type of its column or not UTF-8, are
    /// left out and [counted](Self::skipped). Defaults to false: they are errors with file and line. A type that is not declared is that of
    /// all fields, so no row is a bad one for it.
    #[must_use]
    pub fn skip_bad_rows(mut self, skip: bool) -> CsvTables {
        self.skip_bad_rows = skip;
        (self.reader, self.known, self.count) = (None, None, None);
        self
    }

    /// The number of rows that were skipped since the last pass began.
    pub fn skipped(&self) -> usize {
        self.bad.count
    }

    /// The errors of the first 100 rows that were skipped since the last pass began, each with file and line.
    pub fn bad_rows(&self) -> &[Error] {
        &self.bad.errors
    }

    /// The columns that [`FittedPipeline::predict_csv`](crate::pipeline::FittedPipeline::predict_csv) copies into its output, such as the
    /// number of a customer. Defaults to none.
    #[must_use]
    pub fn keep(mut self, columns: impl IntoIterator<Item = impl Into<String>>) -> CsvTables {
        self.kept = columns.into_iter().map(Into::into).collect();
        self
    }

    /// The names of the files, as errors have them.
    pub(crate) fn file_names(&self) -> Vec<String> {
        self.files.iter().map(|file| file.display().to_string()).collect()
    }

    /// A table of the columns without rows; nothing before a pass has begun.
    pub(crate) fn empty(&self) -> Result<Option<Table>> {
        let (Some(reader), Some(known)) = (&self.reader, &self.known) else { return Ok(None) };
        let sink = TableSink { reader, known, rows: &mut TableRows::default(), bad: None };
        sink.finish("", None).map(Some)
    }

    /// Reads a column of strings as one of numbers or booleans in the next passes, where other fields make bad rows; returns false if
    /// it is not one of strings, or if its type is declared.
    pub(crate) fn read_as(&mut self, column: &str, as_booleans: bool) -> bool {
        let is_declared = self.options.declared.iter().any(|(name, _)| name == column);
        !is_declared && self.known.as_mut().is_some_and(|known| known.read_as(column, as_booleans))
    }

    /// Finds the types of the columns, unless they are known.
    fn scan(&mut self) -> Result<()> {
        if self.known.is_some() {
            return Ok(());
        }
        if self.files.is_empty() {
            return Err(Error::argument("CsvTables", "files", "an empty list", "at least one"));
        }
        let reader = match self.reader.take() {
            Some(reader) => reader,
            None => PartReader::new("CsvTables", &self.options)?,
        };
        let mut scan = TypeScan::new(&reader, self.skip_bad_rows);
        let mut is_declared = false;
        'files: for path in &self.files {
            let mut file = CsvParts::open(path)?;
            while file.read(&reader, self.block_bytes, &mut scan)? {
                scan.end_part();
                is_declared = scan.is_declared();
                if is_declared {
                    break 'files;
                }
            }
            scan.end_file()?;
        }
        // Some rows that are skipped are only found when they are read.
        self.count = (!is_declared && !self.skip_bad_rows).then_some(scan.rows);
        self.known = Some(scan.finish());
        self.reader = Some(reader);
        Ok(())
    }

    /// Begins a pass over the files in an order, the first one last.
    fn begin(&mut self, order: Vec<usize>) -> Result<()> {
        (self.left, self.file, self.rows, self.bad) = (order, None, TableRows::default(), BadRows::default());
        self.scan()
    }
}

impl TableSource for CsvTables {
    /// Known once the types of the columns have been found by a pass, unless bad rows are skipped.
    fn rows(&self) -> Option<usize> {
        self.count
    }

    /// The options, and of each file its size, its time and a checksum of its beginning and end.
    fn origin(&self) -> Result<Option<String>> {
        let mut origin = format!("{:?}\nskip_bad_rows {}\n", self.options, self.skip_bad_rows);
        for file in &self.files {
            origin.push_str(&state(file)?);
        }
        Ok(Some(origin))
    }

    fn rewind(&mut self) -> Result<()> {
        self.begin((0..self.files.len()).rev().collect())
    }

    /// The files come in random order.
    fn rewind_shuffled(&mut self, seed: u64) -> Result<()> {
        let mut order: Vec<usize> = (0..self.files.len()).rev().collect();
        shuffle(&mut order, &mut stream(seed, Purpose::BlockOrder, 0));
        self.begin(order)
    }

    fn next_table(&mut self) -> Result<Option<Table>> {
        let (Some(reader), Some(known)) = (&self.reader, &self.known) else {
            let expected = "rewind() before the first block";
            return Err(Error::argument("CsvTables", "next_table", "called first", expected));
        };
        loop {
            if let Some(file) = &mut self.file {
                let bad = self.skip_bad_rows.then_some(&mut self.bad);
                let mut sink = TableSink { reader, known, rows: &mut self.rows, bad };
                if file.read(reader, self.block_bytes, &mut sink)? {
                    return sink.finish(&file.name, file.head.as_ref()).map(Some);
                }
            }
            let Some(next) = self.left.pop() else { return Ok(None) };
            self.file = Some(CsvParts::open(&self.files[next])?);
        }
    }
}

impl fmt::Debug for CsvTables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CsvTables").field("files", &self.files).field("options", &self.options).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Delimiter, Header, Ragged};
    use super::*;
    use crate::random_cases;

    fn file(name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = std::env::temp_dir().join(format!("perceptra-tables-{name}-{}.csv", std::process::id()));
        std::fs::write(&path, text).unwrap();
        path
    }

    /// The blocks of a pass.
    fn blocks(source: &mut dyn TableSource) -> Result<Vec<Table>> {
        source.rewind()?;
        let mut blocks = Vec::new();
        while let Some(block) = source.next_table()? {
            blocks.push(block);
        }
        Ok(blocks)
    }

    fn whole(source: &mut dyn TableSource) -> Result<Table> {
        Table::concat_rows(&blocks(source)?)
    }

    #[test]
    fn blocks_of_any_length_have_rows_and_types_of_the_whole() {
        let path = file("lengths", "");
        let options = || CsvOptions::new().comment('#').ragged(Ragged::Skip).missing(["?", "-9"]).dates(["e"]);
        random_cases::check(60, |random| {
            let end = random_cases::one_of(random, &["\n", "\r\n", "\r"]);
            let mut text = format!("\u{feff}a,\"b\",c,d,e{end}");
            for _ in 0..12 {
                let line = random_cases::one_of(
                    random,
                    &[
                        "1,2,3,true,2024-02-29",
                        "?,\"?\",,,",
                        "# a \"comment",
                        "",
                        "2.5,\"x, \"\"y\"\"\",8,TRUE,?",
                        "-9.0,\"\",-9,False,2024-01-01",
                        "9,10",
                        "11,\"1\n2\",6,?,",
                        "9007199254740993,3,true,1,",
                    ],
                );
                text += &format!("{line}{end}");
            }
            std::fs::write(&path, &text).unwrap();
            let expected = options().read(&path).unwrap();
            for bytes in (1..text.len() + 2).step_by(7) {
                let mut source = CsvTables::new([&path]).options(options()).block_bytes(bytes);
                for _ in 0..2 {
                    let found = whole(&mut source).unwrap();
                    assert_eq!(found.checksum(), expected.checksum(), "{bytes} of {text:?}\n{found}\n{expected}");
                    assert!((0..found.nrows()).all(|row| found.place(row) == expected.place(row)));
                    assert_eq!(source.rows(), Some(expected.nrows()));
                }
            }
        });
        std::fs::remove_file(path).unwrap();
    }

    #[test]
    fn all_files_have_the_types_of_their_rows_together() {
        use std::io::Write;
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(b"b,a,c\nx,6,\n").unwrap();
        let files = [
            file("first", "a,b,c\n1,2,true\n3,,"),
            file("second", packed.finish().unwrap()),
            file("third", "c,b,a\n7,NA,9\n"),
        ];
        let mut source = CsvTables::new(&files);
        let table = whole(&mut source).unwrap();
        let kinds: Vec<&str> = table.iter().map(|(_, column)| column.kind()).collect();
        assert_eq!((table.names().join(" "), kinds), ("a b c".into(), vec!["numbers", "strings", "strings"]));
        assert_eq!(table.numbers("a").unwrap(), [1.0, 3.0, 6.0, 9.0]);
        assert_eq!(table.strings("c").unwrap().iter().collect::<Vec<_>>(), [Some("true"), None, None, Some("7")]);
        assert!(table.place(3).to_string().contains("third") && table.place(3).to_string().contains("line 2"));
        let mut orders = std::collections::BTreeSet::new();
        for seed in 0..20 {
            source.rewind_shuffled(seed).unwrap();
            let mut a = Vec::new();
            while let Some(block) = source.next_table().unwrap() {
                a.extend(block.numbers("a").unwrap().iter().map(|a| *a as i64));
            }
            orders.insert(a.clone());
            a.sort_unstable();
            assert_eq!(a, [1, 3, 6, 9]);
        }
        assert_eq!(orders.len(), 6);
        let declared = CsvOptions::new().numbers(["a"]).strings(["b", "c"]);
        let mut declared = CsvTables::new(&files).options(declared);
        assert_eq!(whole(&mut declared).unwrap().checksum(), table.checksum());
        assert_eq!(declared.rows(), None, "nothing was counted, since there was nothing to find");
        files.iter().for_each(|file| std::fs::remove_file(file).unwrap());
    }

    #[test]
    fn errors_name_file_and_line() {
        let (one, two) = (file("one", "a,b\n1,2\n3,4\n"), file("two", ""));
        let name = two.display().to_string();
        let message = |text: &str, options: CsvOptions| {
            std::fs::write(&two, text).unwrap();
            whole(&mut CsvTables::new([&one, &two]).options(options).block_bytes(1)).unwrap_err().to_string()
        };
        let plain = CsvOptions::new;
        for (text, options, place, reason) in [
            ("a,b\n1,2\n\n1\n", plain(), format!("{name}, line 4"), "1 fields where 2 are expected"),
            ("a,b\n1,2\n1,x\n", plain().numbers(["b"]), format!("{name}, line 3, column \"b\""), "not a number"),
            ("a\n1\n", plain(), format!("{name}, line 1,"), "has no column \"b\""),
            ("a,b,c\n1,2,3\n", plain(), "CsvTables".into(), "has a column \"c\""),
            ("", plain(), format!("{name}, line 1"), "empty"),
            ("a,b\n1,\"2\n", plain(), format!("{name}, line 2"), "not closed"),
            ("a,b\n1,2\n", plain().trim(true), "CsvTables".into(), "neither trim nor"),
            ("a,b\n1,2\n", plain().delimiter(Delimiter::Whitespace), "CsvTables".into(), "convert it"),
            ("a,b\n1,2\n", plain().encoding("latin1"), "Csv".into(), "UTF-8"),
            ("a,b\n1,2\n", plain().strings(["c"]), one.display().to_string(), "has no column \"c\""),
        ] {
            let found = message(text, options);
            assert!(found.starts_with(&place) && found.contains(reason), "{found}");
        }
        std::fs::write(&two, b"a,b\n1,2\nx,\xe9\n").unwrap();
        let error = whole(&mut CsvTables::new([&one, &two])).unwrap_err().to_string();
        assert!(error.starts_with(&format!("{name}, line 3, column \"b\"")) && error.contains("UTF-8"), "{error}");
        let absent = whole(&mut CsvTables::new(["no-such-file.csv"])).unwrap_err().to_string();
        assert!(absent.contains("no-such-file.csv"), "{absent}");
        assert!(matches!(CsvTables::new([&one]).next_table(), Err(Error::Argument { .. })));
        assert!(whole(&mut CsvTables::new(Vec::<PathBuf>::new())).unwrap_err().to_string().contains("at least one"));
        [one, two].iter().for_each(|file| std::fs::remove_file(file).unwrap());
    }

    #[test]
    fn bad_rows_are_passed_over_and_counted_by_choice() {
        let good = ["1,x,2024-02-29", "2,y,", ",z,2024-01-01"];
        let options = || CsvOptions::new().numbers(["a"]).dates(["c"]);
        let path = file("skipped", "");
        let write = |lines: &[&[u8]]| std::fs::write(&path, [&[&b"a,b,c"[..]], lines].concat().join(&b'\n')).unwrap();
        write(&good.map(str::as_bytes));
        let expected = options().read(&path).unwrap();
        let bad: [&[u8]; 4] = [b"1,x", b"x,x,", b"3,w,29.02.2024", b"4,\xe9,"];
        let [g0, g1, g2] = good.map(str::as_bytes);
        write(&[bad[0], g0, bad[1], bad[2], g1, bad[3], g2]);
        for bytes in [1, 20, 1 << 20] {
            let mut source = CsvTables::new([&path]).options(options()).skip_bad_rows(true).block_bytes(bytes);
            for _ in 0..2 {
                let found = whole(&mut source).unwrap();
                assert_eq!((found.checksum(), source.skipped(), source.rows()), (expected.checksum(), 4, None));
                assert!(found.place(1).to_string().contains("line 6"), "{}", found.place(1));
            }
        }
        assert!(whole(&mut CsvTables::new([&path]).options(options())).is_err());
        std::fs::remove_file(path).unwrap();
    }

    #[test]
    fn a_first_row_that_looks_like_a_header_is_refused() {
        let path = file("names", "x,y\n1,a\n2,b\n");
        let names = || CsvOptions::new().column_names(["a", "b"]);
        let read = |options: CsvOptions| whole(&mut CsvTables::new([&path]).options(options).block_bytes(1));
        let (found, expected) = (read(names()).unwrap_err(), names().read(&path).unwrap_err());
        assert_eq!(found.to_string(), expected.to_string());
        for header in [Header::None, Header::Lines(1)] {
            let options = || names().header(header);
            assert_eq!(read(options()).unwrap().checksum(), options().read(&path).unwrap().checksum());
        }
        std::fs::write(&path, "x,y\nz,a\n2,b\n").unwrap();
        assert_eq!(read(names()).unwrap().checksum(), names().read(&path).unwrap().checksum());
        std::fs::remove_file(path).unwrap();
    }
}
