//! Caches of rows and files of predictions: after a kill, and with a full disk, there is either the previous or a complete file.

use super::folder::Folder;
use perceptra::batches::{BatchSource, Block, CachedBatches, CsvBatches, CsvTables};
use perceptra::prelude::*;
use perceptra::preprocessing::CsvOptions;
use perceptra::{Error, Result};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The folder of the test that is run again as another process.
const CHILD: &str = "PERCEPTRA_KILLED_STREAM";

/// The number of kills where `PERCEPTRA_KILLS` does not state another.
const KILLS: usize = 10;

const ROWS: u32 = 3000;

/// One of two sources of the same columns.
fn source(folder: &Path, which: u32) -> CsvBatches {
    CsvBatches::new([folder.join(format!("{which}.csv"))]).inputs(["a", "b"]).target("y").block_bytes(4000)
}

/// The same rows as tables.
fn tables(folder: &Path, which: u32) -> CsvTables {
    CsvTables::new([folder.join(format!("{which}.csv"))])
        .options(CsvOptions::new().numbers(["a", "b", "y"]))
        .block_bytes(4000)
}

fn write_sources(folder: &Path) -> Result<()> {
    for which in 0..2 {
        let line = |row: u32| format!("{},{},{}\n", row % 13 + which, row % 7, u8::from(row % 13 > 6));
        let text: String = (0..ROWS).map(line).collect();
        std::fs::write(folder.join(format!("{which}.csv")), format!("a,b,y\n{text}")).unwrap();
    }
    Ok(())
}

fn cached(folder: &Path, which: u32) -> CachedBatches<CsvBatches> {
    CachedBatches::new(source(folder, which), folder.join("rows.bin")).block_bytes(2000)
}

/// Endlessly writes the cache of one source and then of the other, and the predictions of a network and of a pipeline.
fn write_for_ever(folder: &Path) -> Result<()> {
    let (network, pipeline) = (network()?, FittedPipeline::<f32>::load(folder.join("pipeline"))?);
    for which in (0..2).cycle() {
        BatchSource::<f32>::rewind(&mut cached(folder, which).replace(true))?;
        network.predict_csv(&mut source(folder, which), folder.join("scored.csv"))?;
        pipeline.predict_csv(&mut tables(folder, which), folder.join("of_pipeline.csv"))?;
        std::fs::write(folder.join("begun"), "").unwrap();
    }
    unreachable!("an endless cycle")
}

fn network() -> Result<Network> {
    Sequential::new().add(Dense::new(3, Softmax)).seed(1).build(2)
}

fn pipeline(folder: &Path) -> Result<FittedPipeline> {
    let columns = ColumnTransformer::new().add(StandardScaler::new(), ["a", "b"]);
    let model = Sequential::new().add(Dense::new(1, Sigmoid)).compile("adam", "bce", ());
    let options = Fit::new().epochs(1).verbose(0);
    let pipeline = Pipeline::new(Target::binary("y")).columns(columns).model(model).options(options).seed(1);
    pipeline.fit(&Table::read_csv(folder.join("0.csv"))?)
}

/// The files that are being written, which have temporary names.
fn unfinished_files(folder: &Path) -> Vec<PathBuf> {
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|extension| extension == "tmp")).collect()
}

fn unfinished(folder: &Path) -> usize {
    unfinished_files(folder).len()
}

fn remove_unfinished(folder: &Path) {
    unfinished_files(folder).iter().for_each(|path| std::fs::remove_file(path).unwrap());
}

/// The inputs of all rows of a pass.
fn rows_of(source: &mut impl BatchSource) -> Result<Vec<f32>> {
    let mut rows = Vec::new();
    source.rewind()?;
    let mut block = Block::new(source.shape());
    while source.next_block(&mut block)? {
        for row in 0..block.rows() {
            rows.extend(block.x().row(row).iter().copied());
        }
        block.clear();
    }
    Ok(rows)
}

#[test]
fn a_killed_process_leaves_whole_caches_and_predictions() -> Result<()> {
    if let Some(folder) = std::env::var_os(CHILD) {
        return write_for_ever(Path::new(&folder));
    }
    let folder = Folder::new("killed-stream");
    write_sources(folder.path())?;
    let (scored, begun) = (folder.file("scored.csv"), folder.file("begun"));
    let fitted = pipeline(folder.path())?;
    fitted.save(folder.file("pipeline"))?;
    let of_pipeline = folder.file("of_pipeline.csv");
    let (mut rows, mut predictions, mut of_pipelines) = (Vec::new(), Vec::new(), Vec::new());
    for which in 0..2 {
        rows.push(rows_of(&mut source(folder.path(), which))?);
        network()?.predict_csv(&mut source(folder.path(), which), &scored)?;
        predictions.push(std::fs::read(&scored).unwrap());
        assert_eq!(fitted.predict_csv(&mut tables(folder.path(), which), &of_pipeline)?, ROWS as usize);
        of_pipelines.push(std::fs::read(&of_pipeline).unwrap());
    }
    assert!(rows[0] != rows[1] && predictions[0] != predictions[1] && of_pipelines[0] != of_pipelines[1]);

    let kills = std::env::var("PERCEPTRA_KILLS").ok().and_then(|count| count.parse().ok()).unwrap_or(KILLS);
    // A fixed sequence of delays; where they interrupt the process is random.
    let mut state = 1_u64;
    let (mut found, mut within) = ([0; 2], 0);
    for kill in 0..kills {
        let _ = std::fs::remove_file(&begun);
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "saving::killed_stream::a_killed_process_leaves_whole_caches_and_predictions"])
            .env(CHILD, folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let begin = Instant::now();
        while !begun.exists() {
            assert!(begin.elapsed() < Duration::from_secs(120), "the child writes nothing");
            assert!(child.try_wait().unwrap().is_none(), "the child has ended by itself");
            sleep(Duration::from_micros(200));
        }
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        sleep(Duration::from_micros((state >> 33) % 60_000));
        // Every second one within a write, as far as that can be caught from outside.
        while kill % 2 == 1 && unfinished(folder.path()) == 0 {
            assert!(begin.elapsed() < Duration::from_secs(120), "the child writes nothing");
        }
        child.kill().unwrap();
        child.wait().unwrap();
        within += unfinished(folder.path()).min(1);

        remove_unfinished(folder.path());
        assert!(predictions.contains(&std::fs::read(&scored).unwrap()), "predictions that are not whole");
        assert!(of_pipelines.contains(&std::fs::read(&of_pipeline).unwrap()), "those of a pipeline that are not whole");
        let opened = [0, 1].map(|which| rows_of(&mut cached(folder.path(), which)));
        match opened {
            [Ok(first), Err(error)] => {
                assert!(first == rows[0] && error.to_string().contains("replace"), "{error}");
                found[0] += 1;
            }
            [Err(error), Ok(second)] => {
                assert!(second == rows[1] && error.to_string().contains("replace"), "{error}");
                found[1] += 1;
            }
            other => panic!("a cache of neither source, or of both: {other:?}"),
        }
    }
    println!("{kills} kills, {within} of them within a write; {found:?} caches of each source");
    assert!(within > kills / 4, "{within} of {kills} kills within a write");
    Ok(())
}

/// The error of a full file system, simulated by a limit on the size of files.
#[test]
#[cfg(unix)]
fn a_full_disk_is_an_error_and_leaves_what_was_there() -> Result<()> {
    let child = "PERCEPTRA_FULL_DISK";
    if let Some(folder) = std::env::var_os(child) {
        let folder = Path::new(&folder);
        let refused = |result: Result<()>| match result {
            Err(Error::Io { source, .. }) => println!("refused: {source}"),
            other => panic!("{other:?}"),
        };
        let mut rows = CachedBatches::new(source(folder, 1), folder.join("rows.bin")).replace(true);
        refused(BatchSource::<f32>::rewind(&mut rows));
        refused(network()?.predict_csv(&mut source(folder, 1), folder.join("scored.csv")).map(|_| ()));
        let fitted = pipeline(folder)?;
        refused(fitted.predict_csv(&mut tables(folder, 1), folder.join("of_pipeline.csv")).map(|_| ()));
        return Ok(());
    }
    let folder = Folder::new("full-disk");
    write_sources(folder.path())?;
    let [cache, scored, of_pipeline] = ["rows.bin", "scored.csv", "of_pipeline.csv"].map(|name| folder.file(name));
    rows_of(&mut cached(folder.path(), 0))?;
    network()?.predict_csv(&mut source(folder.path(), 0), &scored)?;
    pipeline(folder.path())?.predict_csv(&mut tables(folder.path(), 0), &of_pipeline)?;
    let before = [&cache, &scored, &of_pipeline].map(|path| std::fs::read(path).unwrap());
    let files = std::fs::read_dir(folder.path()).unwrap().count();
    // 16 blocks of 512 bytes or 1024: both files are larger. The signal is ignored, so that the write fails.
    let script = "trap '' XFSZ; ulimit -f 16; exec \"$0\" --exact \
                  saving::killed_stream::a_full_disk_is_an_error_and_leaves_what_was_there --nocapture";
    let output = Command::new("sh")
        .args(["-c", script])
        .arg(std::env::current_exe().unwrap())
        .env(child, folder.path())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(text.matches("refused: ").count(), 3, "{text}");
    assert_eq!([&cache, &scored, &of_pipeline].map(|path| std::fs::read(path).unwrap()), before);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), files, "nothing is left behind");
    Ok(())
}
