//! Tests of files larger than memory: blocks, their order, positions of rows, fits and predictions.

use perceptra::batches::{BatchSource, Block, TableSource};
use perceptra::error::Place;
use perceptra::prelude::*;
use perceptra::{Error, Result};
use perceptra_parquet::{ParquetBatches, ParquetTables, ParquetWriter, PredictParquet, read_parquet, write_parquet};
use std::path::{Path, PathBuf};

/// A folder that is removed when it is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let folder = std::env::temp_dir().join(format!("perceptra-parquet-streams-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Folder(folder)
    }

    fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> =
            std::fs::read_dir(&self.0).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Rows `first..first + rows` of a table with columns of numbers, strings and booleans.
fn table(first: u32, rows: u32) -> Table {
    let ids = || first..first + rows;
    let x = |row: u32| f64::from(row * 37 % 101) / 101.0;
    let table = Table::new().with_numbers("x", ids().map(x)).unwrap();
    let table = table.with_strings("home", ids().map(|row| ["OWN", "RENT", "OTHER"][row as usize % 3])).unwrap();
    let table = table.with_integers("id", ids().map(i64::from)).unwrap();
    table.with_booleans("default", ids().map(|row| x(row) > 0.5)).unwrap()
}

/// The golden file of ten rows in groups of four, four and two.
fn ten() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/codec_zstd.parquet")
}

/// The row numbers of a pass, block by block.
fn pass(source: &mut ParquetTables) -> Vec<Vec<i64>> {
    let mut blocks = Vec::new();
    while let Some(block) = source.next_table().unwrap() {
        blocks.push(block.integers("row").unwrap().iter().flatten().collect());
    }
    blocks
}

#[test]
fn blocks_are_parts_of_row_groups_and_come_in_an_order_of_the_seed() {
    let mut rows = ParquetTables::new([ten(), ten()]).columns(["name", "row"]).batch_rows(3);
    assert_eq!(rows.rows(), Some(20));
    rows.rewind().unwrap();
    let file = [vec![0, 1, 2], vec![3], vec![4, 5, 6], vec![7], vec![8, 9]];
    assert_eq!(pass(&mut rows), [file.clone(), file].concat());
    assert!(rows.next_table().unwrap().is_none());
    let mut orders = Vec::new();
    for seed in [1, 2, 1] {
        rows.rewind_shuffled(seed).unwrap();
        orders.push(pass(&mut rows).concat());
    }
    assert_eq!(orders[0], orders[2]);
    assert_ne!(orders[0], orders[1]);
    orders[1].sort_unstable();
    assert_eq!(orders[1], (0..10).flat_map(|row| [row, row]).collect::<Vec<i64>>());
    // A change of the order changes every seeded fit.
    assert_eq!(orders[0][..4], [4, 5, 6, 7]);
    rows.rewind().unwrap();
    let block = rows.next_table().unwrap().unwrap();
    assert_eq!(block.names(), ["name", "row"]);
}

#[test]
fn a_file_that_is_written_again_is_read_again() {
    let folder = Folder::new("again");
    let file = folder.join("rows.parquet");
    write_parquet(&table(0, 5), &file).unwrap();
    let mut rows = ParquetTables::new([&file]);
    rows.rewind().unwrap();
    let origin = rows.origin().unwrap();
    assert_eq!(rows.next_table().unwrap().unwrap().nrows(), 5);
    write_parquet(&table(0, 7), &file).unwrap();
    assert_ne!(rows.origin().unwrap(), origin);
    rows.rewind().unwrap();
    assert_eq!((rows.next_table().unwrap().unwrap().nrows(), rows.rows()), (7, Some(7)));
}

#[test]
fn a_fit_from_files_has_the_bits_of_the_fit_from_matrices() -> Result<()> {
    let folder = Folder::new("fit");
    let files = [(0, 90), (90, 110)].map(|(first, rows)| {
        let file = folder.join(&format!("{first}.parquet"));
        write_parquet(&table(first, rows), &file).unwrap();
        file
    });
    let model = || {
        let layers = Sequential::new().add(Dense::new(4, Relu)).add(Dense::new(1, Sigmoid)).seed(3);
        layers.compile(Adam, BinaryCrossentropy, ())
    };
    let options = || Fit::new().epochs(3).shuffle(false).batch_size(16).verbose(0);
    let whole = table(0, 200);
    let (x, y) = (whole.to_matrix::<f32>(["x", "id"])?, whole.to_matrix::<f32>(["default"])?);
    let mut of_matrix = model();
    of_matrix.fit(&x, &y, options())?;
    let mut rows = ParquetBatches::new(&files).inputs(["x", "id"]).target("default").batch_rows(33);
    assert_eq!(BatchSource::<f32>::rows(&rows), Some(200));
    let mut of_files = model();
    of_files.fit_batches(&mut rows, options())?;
    assert_eq!(of_matrix.predict(&x)?, of_files.predict(&x)?);
    // From the cache as well, which is rewritten for other files.
    let mut cached = rows.cache(folder.join("cache"));
    let mut of_cache = model();
    of_cache.fit_batches(&mut cached, options())?;
    assert_eq!(of_matrix.predict(&x)?, of_cache.predict(&x)?);
    Ok(())
}

#[test]
fn bad_rows_of_numbers_are_named_or_passed_over() {
    let folder = Folder::new("bad");
    let file = folder.join("bad.parquet");
    let x = [Some(1.0), None, Some(3.0), Some(f64::INFINITY), Some(5.0)].map(|x| x.unwrap_or(f64::NAN));
    let made = Table::new().with_numbers("x", x).unwrap().with_numbers("w", [1.0, 1.0, 0.5, 1.0, 2.0]).unwrap();
    write_parquet(&made.with_booleans("y", [true, true, false, true, true]).unwrap(), &file).unwrap();
    let mut rows = ParquetBatches::new([&file]).inputs(["x"]).target("y").weight("w");
    let mut block = Block::<f64>::new(BatchSource::<f64>::shape(&rows));
    BatchSource::<f64>::rewind(&mut rows).unwrap();
    let error = rows.next_block(&mut block).unwrap_err();
    let place = |row| Place::FileRow { file: file.display().to_string(), row_group: 0, row };
    assert_eq!((error.place(), block.rows()), (Some(&place(1)), 0));
    assert!(
        error
            .to_string()
            .contains("bad.parquet, row 1 in row group 0 (counted from 0), column \"x\": the value is missing")
    );

    let mut rows = rows.skip_bad_rows(true);
    BatchSource::<f64>::rewind(&mut rows).unwrap();
    assert!(rows.next_block(&mut block).unwrap());
    assert_eq!((block.rows(), rows.skipped(), BatchSource::<f64>::rows(&rows)), (3, 2, None));
    let numbers = |row: usize| (block.x()[(row, 0)], block.y()[(row, 0)], block.weight(row), block.place(row));
    assert_eq!(numbers(1), (3.0, 0.0, 0.5, Some(place(2))));
    assert_eq!(numbers(2), (5.0, 1.0, 2.0, Some(place(4))));

    // A number beyond the range of the model's element type becomes infinite.
    write_parquet(&Table::new().with_numbers("x", [1e300]).unwrap(), &file).unwrap();
    let mut rows = ParquetBatches::new([&file]).inputs(["x"]);
    BatchSource::<f32>::rewind(&mut rows).unwrap();
    let error = rows.next_block(&mut Block::<f32>::new(BatchSource::<f32>::shape(&rows))).unwrap_err();
    assert!(matches!(error, Error::InfiniteValue { .. }), "{error}");
    let strings = ParquetBatches::new([ten()]).inputs(["name"]);
    let mut strings = strings.target("row");
    BatchSource::<f32>::rewind(&mut strings).unwrap();
    let error = strings.next_block(&mut Block::<f32>::new(BatchSource::<f32>::shape(&strings))).unwrap_err();
    assert!(error.to_string().contains("column \"name\" is of Utf8; expected numbers"), "{error}");
    let none = BatchSource::<f32>::rewind(&mut ParquetBatches::new([ten()]));
    assert!(matches!(none, Err(Error::Argument { argument: "inputs", .. })));
}

fn fitted() -> FittedPipeline {
    let model = Sequential::new().add(Dense::new(4, Relu)).add(Dense::new(1, Sigmoid));
    Pipeline::new(Target::binary("default"))
        .columns(ColumnTransformer::new().add(StandardScaler::new(), ["x"]).add(OneHotEncoder::new(), ["home"]))
        .model(model.compile(Adam, BinaryCrossentropy, ()))
        .options(Fit::new().epochs(2).verbose(0))
        .seed(1)
        .fit(&table(0, 200))
        .unwrap()
}

#[test]
fn predictions_of_files_are_those_of_the_table() -> Result<()> {
    let folder = Folder::new("predict");
    let files = [(0, 90), (90, 110)].map(|(first, rows)| {
        let file = folder.join(&format!("{first}.parquet"));
        write_parquet(&table(first, rows), &file).unwrap();
        file
    });
    let fitted = fitted();
    let whole = fitted.predict_table(&table(0, 200))?;
    let mut rows = ParquetTables::new(&files).keep(["id"]).batch_rows(40);
    for name in ["scored.parquet", "scored.csv"] {
        let path = folder.join(name);
        assert_eq!(fitted.predict_parquet(&mut rows, &path)?, 200);
        let scored = if name.ends_with("csv") { Table::read_csv(&path)? } else { read_parquet(&path)? };
        assert_eq!(scored.names(), ["file", "row", "id", "default", "default_false", "default_true"]);
        assert_eq!(scored.numbers("default_true")?, whole.numbers("default_true")?);
        assert!(scored.booleans("default")?.iter().eq(whole.booleans("default")?.iter()));
        assert_eq!(scored.numbers("id")?[150], 150.0);
        assert_eq!((scored.numbers("row")?[89], scored.numbers("row")?[90]), (89.0, 0.0));
        assert_eq!(scored.strings("file")?.get(199), Some(files[1].display().to_string().as_str()));
    }
    rows.rewind()?;
    assert_eq!(rows.next_table()?.map(|block| block.ncols()), Some(4));
    let network = Sequential::new().add(Dense::new(2, Linear)).seed(1).build(1)?;
    let mut numbers = ParquetBatches::new(&files).inputs(["x"]);
    assert_eq!(network.predict_parquet(&mut numbers, folder.join("network.parquet"))?, 200);
    let scored = read_parquet(folder.join("network.parquet"))?;
    assert_eq!(scored.names(), ["file", "row", "prediction_0", "prediction_1"]);
    let of_matrix = network.predict(&table(0, 200).to_matrix::<f32>(["x"])?)?;
    assert!(
        of_matrix.column(1).iter().map(|value| f64::from(*value)).eq(scored.numbers("prediction_1")?.iter().copied())
    );

    // Without rows the output has only the columns.
    let none = folder.join("none.parquet");
    write_parquet(&table(0, 0), &none)?;
    assert_eq!(fitted.predict_parquet(&mut ParquetTables::new([&none]), folder.join("nothing.parquet"))?, 0);
    assert_eq!(read_parquet(folder.join("nothing.parquet"))?.names()[..2], ["file", "row"]);
    Ok(())
}

#[test]
fn bad_rows_are_an_error_or_passed_over_and_counted() -> Result<()> {
    let folder = Folder::new("rows");
    let file = folder.join("new.parquet");
    let bad = [0, 1, 57, 99];
    let homes = (0..100).map(|row| if bad.contains(&row) { "BOAT" } else { "OWN" });
    write_parquet(&table(0, 100).with_strings("home", homes)?, &file)?;
    let (fitted, scored) = (fitted(), folder.join("scored.parquet"));
    std::fs::write(&scored, "what was there before").unwrap();
    let mut rows = ParquetTables::new([&file]).batch_rows(60);
    let error = fitted.predict_parquet(&mut rows, &scored).unwrap_err();
    assert!(
        error.to_string().contains("new.parquet, row 0 in row group 0 (counted from 0), column \"home\""),
        "{error}"
    );
    assert_eq!(std::fs::read(&scored).unwrap(), b"what was there before");
    assert_eq!(folder.names(), ["new.parquet", "scored.parquet"]);

    let mut rows = rows.skip_bad_rows(true);
    assert_eq!((fitted.predict_parquet(&mut rows, &scored)?, rows.skipped()), (96, 4));
    let places: Vec<Option<&Place>> = rows.bad_rows().iter().map(Error::place).collect();
    let place = |row| Place::FileRow { file: file.display().to_string(), row_group: 0, row };
    assert_eq!(places, bad.map(place).iter().map(Some).collect::<Vec<_>>());
    let kept: Vec<i64> = read_parquet(&scored)?.integers("row")?.iter().flatten().collect();
    assert_eq!(kept, (0..100).filter(|row| !bad.contains(row)).map(|row| row as i64).collect::<Vec<_>>());

    // A missing column is an error about the file, not about a row.
    let mut narrow = ParquetTables::new([&file]).columns(["x"]).skip_bad_rows(true);
    assert!(matches!(fitted.predict_parquet(&mut narrow, &scored), Err(Error::UnknownColumn { .. })));
    let mut unknown = ParquetTables::new([ten()]);
    let error = fitted.predict_parquet(&mut unknown, &scored).unwrap_err().to_string();
    assert!(error.contains("codec_zstd.parquet has no column \"x\""), "{error}");
    let ending = fitted.predict_parquet(&mut rows, folder.join("scored.json")).unwrap_err();
    assert!(ending.to_string().contains("expected a name that ends in .parquet or .csv"), "{ending}");
    Ok(())
}

#[test]
fn a_file_is_there_once_it_is_whole() -> Result<()> {
    let folder = Folder::new("whole");
    let path = folder.join("new/rows.parquet");
    let mut file = ParquetWriter::begin(&path)?;
    file.write(&table(0, 10))?;
    file.write(&table(10, 5))?;
    let other = file.write(&Table::new().with_numbers("x", [1.0])?).unwrap_err().to_string();
    assert!(other.contains("expected those of the first one: x of Float64, home of"), "{other}");
    assert!(!path.exists());
    file.finish()?;
    assert_eq!(read_parquet(&path)?.nrows(), 15);
    let mut given_up = ParquetWriter::begin(&path)?;
    given_up.write(&table(0, 1))?;
    drop(given_up);
    assert_eq!((read_parquet(&path)?.nrows(), std::fs::read_dir(folder.join("new")).unwrap().count()), (15, 1));
    assert!(matches!(ParquetWriter::begin(&path)?.finish(), Err(Error::Empty { .. })));
    assert!(matches!(write_parquet(&table(0, 1), &folder.0), Err(Error::Io { .. })));
    Ok(())
}

#[test]
fn columns_that_threads_read_are_those_that_one_reads() -> Result<()> {
    let folder = Folder::new("threads");
    let path = folder.join("wide.parquet");
    let rows = 20_000;
    let number = |row: u32, column: u32| f64::from((row * (2 * column + 3)) % 1013) / 7.0;
    let columns = (0..5).try_fold(Table::new(), |table, column| {
        table.with_numbers(format!("x{column}"), (0..rows).map(move |row| number(row, column)))
    })?;
    let columns = columns.with_strings("name", (0..rows).map(|row| format!("n{}", row % 31)))?;
    write_parquet(&columns, &path)?;
    let whole = std::fs::read(&path).unwrap();
    for threads in [1, 2, 3, 16] {
        perceptra::set_num_threads(threads);
        let read = read_parquet(&path)?;
        let names = |table: &Table| {
            Ok::<_, Error>(table.strings("name")?.iter().map(|name| name.map(str::to_owned)).collect::<Vec<_>>())
        };
        assert_eq!(names(&read)?, names(&columns)?);
        for column in 0..5 {
            assert!(read.numbers(&format!("x{column}"))?.iter().copied().eq((0..rows).map(|row| number(row, column))));
        }
        // In another order than in the file, and a part of them.
        let mut blocks = ParquetBatches::new([&path]).inputs(["x3", "x0"]).target("x4").batch_rows(5000);
        BatchSource::<f64>::rewind(&mut blocks)?;
        let mut block = Block::<f64>::new(BatchSource::<f64>::shape(&blocks));
        let mut first = 0;
        while blocks.next_block(&mut block)? {
            let (x, y) = (block.x(), block.y());
            for (row, expected) in (first..).take(block.rows()).enumerate() {
                let found = [x[(row, 0)], x[(row, 1)], y[(row, 0)]];
                assert_eq!(found, [3, 0, 4].map(|column| number(expected, column)), "row {expected}");
            }
            first += block.rows() as u32;
            block.clear();
        }
        assert_eq!(first, rows);
        // Bytes that only one of the threads reads.
        for part in 1..20 {
            let mut damaged = whole.clone();
            damaged[whole.len() * part / 21..][..64].fill(0xa5);
            std::fs::write(&path, damaged).unwrap();
            if let Err(error) = read_parquet(&path) {
                assert!(error.to_string().contains("wide.parquet"), "{error}");
            }
        }
        std::fs::write(&path, &whole).unwrap();
    }
    perceptra::set_num_threads(0);
    Ok(())
}
