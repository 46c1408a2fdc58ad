//! Checks that a process that is killed while it writes predictions leaves either the previous file or a complete one.

use perceptra::Result;
use perceptra::prelude::*;
use perceptra_parquet::{ParquetTables, PredictParquet, read_parquet, write_parquet};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The environment variable with the folder, for the test that is run again as another process.
const CHILD: &str = "PERCEPTRA_KILLED_PARQUET";

/// The number of kills unless `PERCEPTRA_KILLS` is set.
const KILLS: usize = 6;

const ROWS: u32 = 5000;

/// One of two tables with the same columns.
fn table(which: u32) -> Result<Table> {
    let x = move |row: u32| f64::from((row + which) * 37 % 101);
    Table::new().with_numbers("x", (0..ROWS).map(x))?.with_booleans("large", (0..ROWS).map(move |row| x(row) > 50.0))
}

fn source(folder: &Path, which: u32) -> ParquetTables {
    ParquetTables::new([folder.join(format!("{which}.parquet"))]).keep(["x"]).batch_rows(200)
}

/// Writes the predictions of one table and then of the other, in an endless loop.
fn write_for_ever(folder: &Path) -> Result<()> {
    let fitted = FittedPipeline::<f32>::load(folder.join("pipeline"))?;
    for which in (0..2).cycle() {
        fitted.predict_parquet(&mut source(folder, which), folder.join("scored.parquet"))?;
        fitted.predict_parquet(&mut source(folder, which), folder.join("scored.csv"))?;
        std::fs::write(folder.join("begun"), "").unwrap();
    }
    unreachable!("an endless cycle")
}

/// The files that are being written, which have temporary names.
fn unfinished(folder: &Path) -> Vec<PathBuf> {
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|extension| extension == "tmp")).collect()
}

fn kills(folder: &Path) -> Result<()> {
    let model = Sequential::new().add(Dense::new(1, Sigmoid)).compile(Adam, BinaryCrossentropy, ());
    let pipeline = Pipeline::new(Target::binary("large")).model(model).options(Fit::new().verbose(0)).seed(1);
    let fitted = pipeline.fit(&table(0)?)?;
    fitted.save(folder.join("pipeline"))?;
    let (scored, lines) = (folder.join("scored.parquet"), folder.join("scored.csv"));
    let mut expected = Vec::new();
    for which in 0..2 {
        write_parquet(&table(which)?, folder.join(format!("{which}.parquet")))?;
        fitted.predict_parquet(&mut source(folder, which), &scored)?;
        fitted.predict_parquet(&mut source(folder, which), &lines)?;
        expected.push([std::fs::read(&scored).unwrap(), std::fs::read(&lines).unwrap()]);
    }
    assert!(expected[0][0] != expected[1][0] && expected[0][1] != expected[1][1]);
    let kills = std::env::var("PERCEPTRA_KILLS").ok().and_then(|count| count.parse().ok()).unwrap_or(KILLS);
    for kill in 0..kills {
        let begun = folder.join("begun");
        let _ = std::fs::remove_file(&begun);
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "a_killed_process_leaves_whole_predictions"])
            .env(CHILD, folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let begin = Instant::now();
        while !begun.exists() || (kill % 2 == 1 && unfinished(folder).is_empty()) {
            assert!(begin.elapsed() < Duration::from_secs(120), "the child writes nothing");
            sleep(Duration::from_micros(100));
        }
        sleep(Duration::from_micros(kill as u64 * 7919 % 20_000));
        child.kill().unwrap();
        child.wait().unwrap();
        unfinished(folder).iter().for_each(|path| std::fs::remove_file(path).unwrap());
        let found = std::fs::read(&scored).unwrap();
        assert!(expected.iter().any(|[of_parquet, _]| *of_parquet == found), "a Parquet file that is not whole");
        assert_eq!(read_parquet(&scored)?.nrows(), ROWS as usize);
        let found = std::fs::read(&lines).unwrap();
        assert!(expected.iter().any(|[_, of_csv]| *of_csv == found), "a CSV file that is not whole");
    }
    Ok(())
}

#[test]
fn a_killed_process_leaves_whole_predictions() -> Result<()> {
    if let Some(folder) = std::env::var_os(CHILD) {
        return write_for_ever(Path::new(&folder));
    }
    let folder = std::env::temp_dir().join(format!("perceptra-parquet-killed-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let result = kills(&folder);
    std::fs::remove_dir_all(&folder).unwrap();
    result
}
