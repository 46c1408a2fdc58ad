//! Checks that a file that cannot be read is an error with the file and the cure, and that no bytes make a reader panic.

use perceptra::Error;
use perceptra::batches::{BatchSource, Block, TableSource};
use perceptra_parquet::{ParquetBatches, ParquetOptions, ParquetTables, read_parquet};
use std::path::{Path, PathBuf};

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

fn scratch(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("perceptra-parquet-hostile-{}-{name}", std::process::id()))
}

/// The error message of a file; checks that it names the file.
#[track_caller]
fn message(path: &Path, columns: &[&str]) -> String {
    let options =
        if columns.is_empty() { ParquetOptions::new() } else { ParquetOptions::new().columns(columns.to_vec()) };
    let message = options.read(path).unwrap_err().to_string();
    assert!(message.contains(&path.display().to_string()), "{message}");
    message
}

#[track_caller]
fn refuses(path: &Path, columns: &[&str], reason: &str) {
    let message = message(path, columns);
    assert!(message.contains(reason), "{message}");
}

#[test]
fn what_cannot_be_read_is_named_with_its_cure() {
    let unsupported = golden("unsupported.parquet");
    for name in ["list", "struct", "duration", "time", "binary"] {
        refuses(&unsupported, &[name], "leave it out by naming the others in columns([…]), or cast it in the program");
    }
    refuses(&unsupported, &[], "column \"list\" is of List");
    refuses(&unsupported, &["too_large"], "column \"too_large\" of UInt64; expected integers of at most 2⁶³ − 1");
    assert_eq!(ParquetOptions::new().columns(["kept"]).read(&unsupported).unwrap().nrows(), 2);
    refuses(&unsupported, &["kep"], "has no column \"kep\"; did you mean \"kept\"?");
    refuses(&unsupported, &["kept", "kept"], "comes twice");
    refuses(&golden("codec_brotli.parquet"), &[], "is compressed by BROTLI");
    refuses(
        &golden("encrypted.parquet"),
        &[],
        "the file is encrypted, which cannot be read; write it without encryption",
    );
    refuses(&golden("encrypted_columns.parquet"), &[], "encrypted");
    refuses(&golden("none.parquet"), &[], "No such file");
    refuses(&golden("make.py"), &[], "no Parquet file: it does not begin with PAR1");
    let group = ParquetOptions::new().row_groups([3]).read(golden("codec_none.parquet")).unwrap_err();
    assert!(group.to_string().contains("expected numbers below 3, the row groups of"), "{group}");
    let groups = ParquetOptions::new().row_groups([2, 0]).read(golden("codec_none.parquet")).unwrap();
    assert!(groups.integers("row").unwrap().iter().eq([8, 9, 0, 1, 2, 3].map(Some)));

    let empty = scratch("empty.parquet");
    std::fs::write(&empty, b"").unwrap();
    refuses(&empty, &[], "the file is empty");
    std::fs::write(&empty, b"PAR1 and then nothing of use").unwrap();
    refuses(&empty, &[], "the file ends before its footer: it is cut off");
    std::fs::remove_file(empty).unwrap();
}

#[test]
fn files_that_do_not_go_together_are_named() {
    let begin = |files: &[&str]| ParquetTables::new(files.iter().map(|file| golden(file))).rewind();
    begin(&["codec_none.parquet", "codec_zstd.parquet", "no_rows.parquet"]).unwrap();
    let other = begin(&["codec_none.parquet", "int96.parquet"]).unwrap_err().to_string();
    assert!(other.contains("int96.parquet: column \"at\" is not in") && other.contains("columns([…])"), "{other}");
    let mut same = ParquetTables::new([golden("pandas.parquet"), golden("polars.parquet")]).columns(["string", "date"]);
    same.rewind().unwrap();
    let mut kinds = ParquetTables::new([golden("codec_none.parquet"), scratch("kinds.parquet")]);
    let strings = perceptra::preprocessing::Table::new().with_strings("row", ["a"]).unwrap();
    let strings = strings.with_strings("name", ["b"]).unwrap();
    perceptra_parquet::write_parquet(&strings, scratch("kinds.parquet")).unwrap();
    let error = kinds.rewind().unwrap_err().to_string();
    assert!(error.contains("kinds.parquet: column \"row\" holds strings, and integers in"), "{error}");
    std::fs::remove_file(scratch("kinds.parquet")).unwrap();
    let none = ParquetTables::new([] as [&str; 0]).rewind();
    assert!(matches!(none, Err(Error::Argument { argument: "files", .. })));
    let unbegun = ParquetTables::new([golden("codec_none.parquet")]).next_table();
    assert!(unbegun.unwrap_err().to_string().contains("rewind()"));
}

/// Runs all readers on the bytes of a file and returns whether the whole table could be read.
fn read_all(bytes: &[u8], path: &Path) -> bool {
    std::fs::write(path, bytes).unwrap();
    let whole = read_parquet(path);
    if let Err(error) = &whole {
        assert!(error.to_string().contains(&path.display().to_string()), "{error}");
    }
    let mut tables = ParquetTables::new([path]).batch_rows(3);
    let _ = tables.rewind_shuffled(1).and_then(|()| {
        while tables.next_table()?.is_some() {}
        Ok(())
    });
    let mut batches = ParquetBatches::new([path]).inputs(["row"]).batch_rows(3);
    let mut block = Block::<f32>::new(BatchSource::<f32>::shape(&batches));
    let _ = BatchSource::<f32>::rewind(&mut batches).and_then(|()| {
        while batches.next_block(&mut block)? {
            block.clear();
        }
        Ok(())
    });
    whole.is_ok()
}

#[test]
fn no_truncation_and_no_changed_byte_is_a_panic() {
    // A panic of the Parquet reader is caught; one of this crate fails the test.
    std::panic::set_hook(Box::new(|about| {
        let place = about.location().map(|place| place.file().to_owned()).unwrap_or_default();
        if !place.contains("/parquet-") && !place.contains("/arrow-") && !place.contains("/rustc/") {
            eprintln!("{about}");
            std::process::abort();
        }
    }));
    let path = scratch("changed.parquet");
    let (mut cut, mut changed, mut whole) = (0, 0, 0);
    for name in ["codec_snappy", "codec_zstd", "pages_2"] {
        let bytes = std::fs::read(golden(&format!("{name}.parquet"))).unwrap();
        for length in 0..bytes.len() {
            assert!(!read_all(&bytes[..length], &path), "{name} cut to {length} bytes");
            cut += 1;
        }
        for position in 0..bytes.len() {
            // One of the bits, or all of them.
            let flip = if position % 9 == 8 { 0xff } else { 1 << (position % 9) };
            let mut bytes = bytes.clone();
            bytes[position] ^= flip;
            whole += usize::from(read_all(&bytes, &path));
            changed += 1;
        }
    }
    drop(std::panic::take_hook());
    std::fs::remove_file(path).unwrap();
    assert!(cut > 4000 && changed > 4000 && whole > 0, "{cut} cut, {changed} changed, {whole} whole");
}
