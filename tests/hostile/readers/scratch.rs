//! Files that live as long as the thread that reads them.

use std::path::PathBuf;

/// Files in memory, on Linux: thousands of them are written, and synced, in a moment.
const MEMORY: &str = "/dev/shm";

/// A folder that is gone when its thread ends.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A separate file for each thread, overwritten for each input.
pub(super) fn place(name: &str) -> PathBuf {
    thread_local! {
        static FOLDER: Folder = {
            let thread = format!("{:?}", std::thread::current().id()).replace(['(', ')'], "");
            let memory = Some(PathBuf::from(MEMORY)).filter(|path| path.is_dir());
            let path = memory.unwrap_or_else(std::env::temp_dir);
            let path = path.join(format!("perceptra-hostile-{}-{thread}", std::process::id()));
            std::fs::create_dir_all(&path).unwrap();
            Folder(path)
        };
    }
    FOLDER.with(|folder| folder.0.join(name))
}
