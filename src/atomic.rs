//! Files that are there as a whole or not at all.

use crate::random::fresh_seed;
use crate::{Error, Result};
use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Temporary names that are tried before something else must be wrong.
const ATTEMPTS: usize = 16;

/// Writes a file under a temporary name in the same folder, waits until it is on the disk, and renames it.
///
/// Whoever opens `path` finds the old file or the new one, also after the process was killed or the machine lost
/// power in between; after such an interruption there may be a file `.<name>.<random>.tmp`. Folders that are missing are made.
/// A link is followed, as by any program that writes to it. What is read-only is refused, although a file can take its
/// place, and so is a device or a pipe.
/// On Windows too a file of that name is replaced; where another program holds it open without sharing, that is an
/// error and the old file stays.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut replacement = Replacement::begin(path)?;
    replacement.append(bytes)?;
    replacement.commit()
}

/// Like [`write`], but a missing folder is an error. A device or a pipe is written to as it is.
#[cfg(any(feature = "plot", test))]
pub(crate) fn write_into_folder(path: &Path, bytes: &[u8]) -> Result<()> {
    if fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir()) {
        return fs::write(path, bytes).map_err(at(path));
    }
    fs::metadata(folder_of(path)).map_err(at(path))?;
    write(path, bytes)
}

/// A file that is written piece by piece under a temporary name, and renamed to its path when it is complete.
///
/// Until [`commit`](Self::commit) it has a temporary name in the same folder, `.<name>.<random>.tmp`: whoever opens the path finds the old
/// file or the new one, also after the process was killed or the machine lost power in between. Dropped before, it is removed.
///
/// ```
/// use perceptra::saving::Replacement;
/// use std::io::Write;
///
/// # let path = std::env::temp_dir().join(format!("perceptra-replacement-{}", std::process::id()));
/// let mut file = Replacement::begin(&path)?;
/// writeln!(file, "id,probability").unwrap();
/// assert!(!path.exists());
/// file.commit()?;
/// assert_eq!(std::fs::read_to_string(&path).unwrap(), "id,probability\n");
/// # std::fs::remove_file(path).unwrap();
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug)]
pub struct Replacement {
    path: PathBuf,
    folder: PathBuf,
    temporary: PathBuf,
    /// `None` once it is closed.
    file: Option<File>,
}

impl Replacement {
    /// A file that is to be at `path`. Folders that are missing are made, and a link is followed.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] for a path that is a folder, a device, a pipe or read-only, and for a folder that cannot be written to.
    pub fn begin(path: impl AsRef<Path>) -> Result<Replacement> {
        let path = path.as_ref();
        refuse_special(path).map_err(at(path))?;
        let is_link = fs::symlink_metadata(path).is_ok_and(|file| file.is_symlink());
        let followed = if is_link { fs::canonicalize(path).ok() } else { None };
        let path = followed.as_deref().unwrap_or(path);
        let folder = folder_of(path);
        fs::create_dir_all(&folder).map_err(at(&folder))?;
        let name = path.file_name().ok_or_else(|| {
            at(path)(io::Error::new(ErrorKind::InvalidInput, "the path ends without the name of a file"))
        })?;
        let (file, temporary) = create(&folder, name).map_err(at(path))?;
        Ok(Replacement { path: path.to_path_buf(), folder, temporary, file: Some(file) })
    }

    /// Adds bytes at its end.
    pub(crate) fn append(&mut self, bytes: &[u8]) -> Result<()> {
        let written = self.file.as_mut().map_or(Ok(()), |file| file.write_all(bytes));
        written.map_err(at(&self.path))
    }

    /// Replaces the bytes at its beginning, where there are as many already.
    pub(crate) fn overwrite_start(&mut self, bytes: &[u8]) -> Result<()> {
        let written = self.file.as_mut().map_or(Ok(()), |file| {
            file.seek(SeekFrom::Start(0))?;
            file.write_all(bytes)
        });
        written.map_err(at(&self.path))
    }

    /// Waits until the file is on the disk, and renames it to its path.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] with the system's reason, such as a full disk; what was at the path remains.
    pub fn commit(mut self) -> Result<()> {
        let filled = self.file.take().map_or(Ok(()), |file| file.sync_all());
        // The file is closed: Windows does not rename one that is open. The first error is the one to report.
        filled.and_then(|()| fs::rename(&self.temporary, &self.path)).map_err(at(&self.path))?;
        sync_folder(&self.folder).map_err(at(&self.folder))
    }
}

impl Write for Replacement {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.as_mut().map_or(Ok(bytes.len()), |file| file.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), File::flush)
    }
}

impl Drop for Replacement {
    fn drop(&mut self) {
        // After the rename, the temporary name no longer exists.
        self.file = None;
        let _ = fs::remove_file(&self.temporary);
    }
}

/// The error of a path.
fn at(path: &Path) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_path_buf();
    move |source| Error::Io { path, source }
}

/// The folder that a file is in.
fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

/// Returns an error for what a new file could replace but should not.
fn refuse_special(path: &Path) -> io::Result<()> {
    let (kind, reason) = match fs::metadata(path) {
        Ok(file) if !file.is_file() && !file.is_dir() => {
            (ErrorKind::InvalidInput, "it is not an ordinary file, so it cannot be replaced by one")
        }
        Ok(file) if file.is_file() && file.permissions().readonly() => {
            (ErrorKind::PermissionDenied, "it is read-only; make it writable, or write another file")
        }
        _ => return Ok(()),
    };
    Err(io::Error::new(kind, reason))
}

/// A new file under a name that no thread, process or other machine has at the same time.
fn create(folder: &Path, name: &OsStr) -> io::Result<(File, PathBuf)> {
    let mut result = Err(ErrorKind::AlreadyExists.into());
    for _ in 0..ATTEMPTS {
        let path = folder.join(format!("{}{:016x}{END}", beginning(name), fresh_seed()));
        result = OpenOptions::new().write(true).create_new(true).open(&path).map(|file| (file, path));
        if !matches!(&result, Err(error) if error.kind() == ErrorKind::AlreadyExists) {
            break;
        }
    }
    result
}

/// The beginning of a file's temporary names; between it and [`END`] is a random part.
fn beginning(name: &OsStr) -> String {
    format!(".{}.", name.to_string_lossy())
}

const END: &str = ".tmp";

/// Removes what killed processes left of a file that only this process writes now.
pub(crate) fn remove_leftovers(path: &Path) {
    let Some(name) = path.file_name() else { return };
    let folder = folder_of(path);
    let beginning = beginning(name);
    // What cannot be listed or removed does no harm.
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let random = name.to_str().and_then(|name| name.strip_prefix(beginning.as_str())?.strip_suffix(END));
        if random.is_some_and(|random| random.len() == 16 && random.bytes().all(|byte| byte.is_ascii_hexdigit())) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Makes the new name last, where folders can be opened and synced.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        // The file has been renamed; some network file systems and write-only folders do not support syncing the folder.
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::InvalidInput | ErrorKind::Unsupported | ErrorKind::PermissionDenied
            ) =>
        {
            Ok(())
        }
        result => result,
    }
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
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
    fn a_missing_folder_is_no_place_for_a_picture_and_a_device_is_written_to() {
        let folder = std::env::temp_dir().join(format!("perceptra-pictures-{}", std::process::id()));
        let path = folder.join("a.svg");
        let error = write_into_folder(&path, b"new").unwrap_err().to_string();
        assert!(error.contains("a.svg") && !folder.exists(), "{error}");
        fs::create_dir(&folder).unwrap();
        fs::write(&path, b"the old one, which is longer").unwrap();
        write_into_folder(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert!(write_into_folder(&folder, b"new").is_err(), "a folder");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        fs::remove_dir_all(&folder).unwrap();
        if cfg!(target_os = "linux") {
            write_into_folder(Path::new("/dev/null"), b"new").unwrap();
            assert!(matches!(write_into_folder(Path::new("/dev/full"), b"new"), Err(Error::Io { .. })));
        }
    }

    #[test]
    fn a_file_is_replaced_and_no_other_file_remains() {
        let folder = std::env::temp_dir().join(format!("perceptra-atomic-{}", std::process::id()));
        let path = folder.join("deep").join("file");
        write(&path, b"first").unwrap();
        write(&path, b"second").unwrap();
        assert_eq!(read(&path).unwrap(), b"second");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
        // Two killed processes, and a file that only looks like theirs.
        let folder_of = path.parent().unwrap();
        for name in [".file.00000000000000aa.tmp", ".file.00000000000000ff.tmp", ".file.mine.tmp", ".other.tmp"] {
            fs::write(folder_of.join(name), b"half").unwrap();
        }
        remove_leftovers(&path);
        assert_eq!(fs::read_dir(folder_of).unwrap().count(), 3);
        assert_eq!(read(&path).unwrap(), b"second");
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(&path, folder.join("link")).unwrap();
            write(&folder.join("link"), b"linked").unwrap();
            assert_eq!(read(&path).unwrap(), b"linked");
            assert!(fs::symlink_metadata(folder.join("link")).unwrap().is_symlink());
            let socket = folder.join("socket");
            let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
            assert!(write(&socket, b"lost").unwrap_err().to_string().contains("not an ordinary file"));
        }
        let mut permissions = fs::metadata(&path).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&path, permissions.clone()).unwrap();
        assert!(write(&path, b"lost").unwrap_err().to_string().contains("it is read-only"));
        // A folder cannot be replaced by a file.
        assert!(matches!(write(&folder, b"third"), Err(Error::Io { .. })));
        assert!(matches!(write(Path::new("/"), b"fourth"), Err(Error::Io { .. })));
        assert!(matches!(read(&folder.join("none")), Err(Error::Io { .. })));
        fs::remove_dir_all(folder).unwrap();
    }
}
