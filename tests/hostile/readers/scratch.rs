//! Files that live as long as the thread that reads them.

use std::path::PathBuf;

/// A folder that is gone when its thread ends.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A file of this thread's own, written anew for each input.
pub fn place(name: &str) -> PathBuf {
    thread_local! {
        static FOLDER: Folder = {
            let thread = format!("{:?}", std::thread::current().id()).replace(['(', ')'], "");
            let path = std::env::temp_dir().join(format!("perceptra-hostile-{}-{thread}", std::process::id()));
            std::fs::create_dir_all(&path).unwrap();
            Folder(path)
        };
    }
    FOLDER.with(|folder| folder.0.join(name))
}
