//! A process that is killed while it writes checkpoints leaves a complete one.

use super::data;
use super::folder::Folder;
use perceptra::Result;
use perceptra::prelude::*;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The folder into which the test that is run again as another process writes for ever.
const CHILD: &str = "PERCEPTRA_KILLED_IN";

const KILLS: usize = 200;

/// Large enough for its files not to be written in an instant.
fn model() -> Model {
    let layers = Sequential::new().add(Dense::new(90, Relu)).add(Dense::new(90, Relu)).add(Dense::new(1, Sigmoid));
    layers.seed(1).compile(Adam, BinaryCrossentropy, ())
}

#[test]
fn a_killed_process_leaves_a_whole_checkpoint() -> Result<()> {
    let (x, y) = data(8);
    if let Some(folder) = std::env::var_os(CHILD) {
        let checkpoint = ModelCheckpoint::new(Path::new(&folder).join("model")).save_freq(1);
        let backup = BackupAndRestore::new(Path::new(&folder).join("backup")).save_freq(1);
        let fit = Fit::new().batch_size(4).epochs(usize::MAX >> 1).callback(checkpoint).callback(backup).verbose(0);
        return model().fit(&x, &y, fit).map(|_| ());
    }
    let folder = Folder::new("killed");
    let path = folder.file("model");
    // A fixed sequence of delays; where they interrupt the process is random.
    let mut state = 1u64;
    let (mut most, mut within) = (0, 0);
    for kill in 0..KILLS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "saving::killed::a_killed_process_leaves_a_whole_checkpoint"])
            .env(CHILD, folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let backup = folder.file("backup").join("latest.safetensors");
        let before = modified(&backup);
        let begin = Instant::now();
        // Not before it has written something, so that every kill strikes while checkpoints are written.
        while modified(&backup) == before {
            assert!(begin.elapsed() < Duration::from_secs(60), "the child writes nothing");
            assert!(child.try_wait().unwrap().is_none(), "the child has ended by itself");
            sleep(Duration::from_micros(200));
        }
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let delay = Duration::from_micros((state >> 33) % 50_000);
        if kill % 2 == 0 {
            sleep(delay);
        } else {
            // At a moment of a write, as far as one can be caught from outside.
            let begin = Instant::now();
            while temporaries(&folder).is_empty() && begin.elapsed() < Duration::from_secs(2) {}
            sleep(delay / 50);
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let left = temporaries(&folder);
        within += usize::from(!left.is_empty());
        left.iter().for_each(|path| std::fs::remove_file(path).unwrap());
        let loaded = Model::load(&path).unwrap_or_else(|error| panic!("after kill {kill}: {error}"));
        assert!(loaded.iterations() > 0 && loaded.predict(&x)?.iter().all(|p| p.is_finite()));
        // Training can resume from the backup, which is later than that of the previous process.
        let mut resumed = BackupAndRestore::new(folder.file("backup")).delete_checkpoint(false);
        let mut again = model();
        again.fit(&x, &y, Fit::new().epochs(0).callback(&mut resumed).verbose(0))?;
        assert!(resumed.resumed_epoch().is_some() && again.iterations() >= most, "after kill {kill}");
        most = again.iterations();
    }
    assert!(most >= KILLS as u64, "the processes went on from each other's backups");
    // A file under its temporary name shows that a process was killed while it wrote.
    println!("{within} of {KILLS} kills struck while a file was written");
    assert!(within >= KILLS / 10, "only {within} of {KILLS} kills struck while a file was written");
    Ok(())
}

/// The files with temporary names: those that are being written, or that a killed process has left.
fn temporaries(folder: &Folder) -> Vec<PathBuf> {
    let folders = [folder.path().to_path_buf(), folder.file("backup")];
    let entries = folders.iter().filter_map(|path| std::fs::read_dir(path).ok()).flatten();
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    paths.filter(|path| path.extension().is_some_and(|extension| extension == "tmp")).collect()
}

fn modified(path: &Path) -> Option<(std::time::SystemTime, u64)> {
    let data = std::fs::metadata(path).ok()?;
    #[cfg(unix)]
    let number = std::os::unix::fs::MetadataExt::ino(&data);
    #[cfg(not(unix))]
    let number = data.len();
    Some((data.modified().ok()?, number))
}
