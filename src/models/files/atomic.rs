//! Files that are there as a whole or not at all.

use crate::{Error, Result};
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// Tells apart what the threads of this process write at the same time.
static COUNTER: AtomicU64 = AtomicU64::new(0);

/// Writes a file under a temporary name in the same folder, waits until it is on the disk, and gives it its name.
///
/// Whoever opens `path` finds the old file or the new one, also after the process was killed or the machine lost
/// power in between; what may be left behind then is a file `.<name>.<process>-<count>.tmp`. Folders that are missing
/// are made.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let at = |path: &Path| {
        let path = path.to_path_buf();
        move |source| Error::Io { path, source }
    };
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        _ => PathBuf::from("."),
    };
    fs::create_dir_all(&folder).map_err(at(&folder))?;
    let temporary = temporary_name(path, &folder)?;
    let result = fill(&temporary, bytes).and_then(|()| fs::rename(&temporary, path));
    if let Err(source) = result {
        // The first error is the one to report; the file may not even exist.
        let _ = fs::remove_file(&temporary);
        return Err(Error::Io { path: path.to_path_buf(), source });
    }
    sync_folder(&folder).map_err(at(&folder))
}

fn temporary_name(path: &Path, folder: &Path) -> Result<PathBuf> {
    let name = path.file_name().ok_or_else(|| Error::Io {
        path: path.to_path_buf(),
        source: std::io::Error::new(std::io::ErrorKind::InvalidInput, "the path ends without the name of a file"),
    })?;
    let count = COUNTER.fetch_add(1, Ordering::Relaxed);
    Ok(folder.join(format!(".{}.{}-{count}.tmp", name.to_string_lossy(), std::process::id())))
}

fn fill(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes the new name last, where folders can be synced.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> std::io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> std::io::Result<()> {
    Ok(())
}

/// A whole file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|source| Error::Io { path: path.to_path_buf(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_and_nothing_is_left_behind() {
        let folder = std::env::temp_dir().join(format!("perceptra-atomic-{}", std::process::id()));
        let path = folder.join("deep").join("file");
        write(&path, b"first").unwrap();
        write(&path, b"second").unwrap();
        assert_eq!(read(&path).unwrap(), b"second");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
        // A folder cannot be replaced by a file.
        assert!(matches!(write(&folder, b"third"), Err(Error::Io { .. })));
        assert!(matches!(write(Path::new("/"), b"fourth"), Err(Error::Io { .. })));
        assert!(matches!(read(&folder.join("none")), Err(Error::Io { .. })));
        fs::remove_dir_all(folder).unwrap();
    }
}
