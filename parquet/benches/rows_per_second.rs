//! Measures the rows read per second from ten columns of numbers in a CSV file and in a Parquet file; the best of five passes each.
//!
//! ```text
//! cargo bench                          a million rows
//! cargo bench -- 10000000 FOLDER      as many rows, in files that stay in a folder
//! ```

use perceptra::batches::{BatchSource, Block, CsvBatches, TableSource};
use perceptra::preprocessing::Table;
use perceptra_parquet::{ParquetBatches, ParquetTables, ParquetWriter};
use std::io::Write;
use std::path::Path;
use std::time::Instant;

const BLOCK: usize = 100_000;
const PASSES: usize = 5;

type Failure = Box<dyn std::error::Error>;

fn names() -> Vec<String> {
    (0..10).map(|column| format!("column_{column}")).collect()
}

/// The number at a row and column: six significant digits with either sign, like a measurement.
fn number(row: usize, column: usize) -> f64 {
    let mixed = (row * 10 + column).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
    ((mixed % 2_000_000) as f64 - 1e6) / 1e3
}

fn write(rows: usize, csv: &Path, parquet: &Path) -> Result<(), Failure> {
    let mut lines = std::io::BufWriter::new(std::fs::File::create(csv)?);
    let mut file = ParquetWriter::begin(parquet)?;
    writeln!(lines, "{}", names().join(","))?;
    for first in (0..rows).step_by(BLOCK) {
        let rows = first..(first + BLOCK).min(rows);
        let table = names().into_iter().enumerate().try_fold(Table::new(), |table, (column, name)| {
            table.with_numbers(name, rows.clone().map(|row| number(row, column)))
        })?;
        file.write(&table)?;
        for row in rows {
            let fields: Vec<String> = (0..10).map(|column| number(row, column).to_string()).collect();
            writeln!(lines, "{}", fields.join(","))?;
        }
    }
    lines.flush()?;
    Ok(file.finish()?)
}

/// Prints and returns the rows per second of the best pass.
fn measure(name: &str, rows: usize, mut pass: impl FnMut() -> Result<(usize, f64), Failure>) -> Result<f64, Failure> {
    let mut best = 0.0_f64;
    let mut sum = 0.0;
    for _ in 0..PASSES {
        let begin = Instant::now();
        let (read, of_pass) = pass()?;
        best = best.max(read as f64 / begin.elapsed().as_secs_f64());
        assert_eq!(read, rows);
        sum = of_pass;
    }
    println!("{name:<30} {:>7.2} M rows/s   (sum of the first column {sum})", best / 1e6);
    Ok(best)
}

fn batches(source: &mut impl BatchSource<f32>) -> Result<(usize, f64), Failure> {
    let mut block = Block::new(source.shape());
    let (mut rows, mut sum) = (0, 0.0);
    source.rewind()?;
    while source.next_block(&mut block)? {
        rows += block.rows();
        sum += block.x().column(0).iter().map(|value| f64::from(*value)).sum::<f64>();
        block.clear();
    }
    Ok((rows, sum))
}

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let rows = arguments.first().map_or(Ok(1_000_000), |rows| rows.parse())?;
    let own = std::env::temp_dir().join(format!("perceptra-rows-per-second-{}", std::process::id()));
    let folder = arguments.get(1).map_or(own.clone(), Into::into);
    std::fs::create_dir_all(&folder)?;
    let [csv, parquet] = ["rows.csv", "rows.parquet"].map(|name| folder.join(name));
    write(rows, &csv, &parquet)?;
    let megabytes = |path: &Path| std::fs::metadata(path).map(|about| about.len() as f64 / 1e6);
    println!("{rows} rows: CSV {:.1} MB, Parquet {:.1} MB", megabytes(&csv)?, megabytes(&parquet)?);

    let mut lines = CsvBatches::new([&csv]).inputs(names());
    let of_csv = measure("CsvBatches", rows, || batches(&mut lines))?;
    let mut groups = ParquetBatches::new([&parquet]).inputs(names());
    let of_parquet = measure("ParquetBatches", rows, || batches(&mut groups))?;
    let mut tables = ParquetTables::new([&parquet]);
    measure("ParquetTables", rows, || {
        let (mut rows, mut sum) = (0, 0.0);
        tables.rewind()?;
        while let Some(table) = tables.next_table()? {
            rows += table.nrows();
            sum += table.numbers("column_0")?.iter().map(|value| f64::from(*value as f32)).sum::<f64>();
        }
        Ok((rows, sum))
    })?;
    println!("ParquetBatches reads {:.1} times the rows per second of CsvBatches", of_parquet / of_csv);
    if folder == own {
        std::fs::remove_dir_all(own)?;
    }
    Ok(())
}
