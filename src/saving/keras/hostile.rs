//! Tests the reader with truncations of files written by Keras, and with one flipped bit in their bytes: the result is an error or a
//! model, never a panic. The tests take some of the bytes; one that has to be asked for takes all of them.

use super::archive::Archive;
use super::hdf5;
use super::keras_file::KerasFile;
use super::open::of_source;
use crate::items::registry::Registry;
use crate::saving::native::Opened;
use std::path::Path;

const ARCHIVE: &[u8] = include_bytes!("../../../tests/interop/fixtures/model.keras");
const WEIGHTS: &[u8] = include_bytes!("../../../tests/interop/fixtures/model_folder/model.weights.h5");
const WHOLE: &[u8] = include_bytes!("../../../tests/interop/fixtures/model.h5");
const KERAS_2: &[u8] = include_bytes!("../../../tests/hostile/corpus/keras_hdf5/keras_2");
const TF_KERAS: &[u8] = include_bytes!("../../../tests/hostile/corpus/keras_archive/windows");
const CONFIG: &str = include_str!("../../../tests/interop/fixtures/model_folder/config.json");

fn read(source: &KerasFile) -> crate::Result<Opened<f32>> {
    of_source(source, Path::new("hostile"), &Registry::new(), true)
}

fn archive(file: &[u8]) -> bool {
    KerasFile::archive(file).is_ok_and(|source| read(&source).is_ok())
}

fn folder(weights: &[u8]) -> bool {
    let (config, size) = (Some(CONFIG.to_string()), CONFIG.len() + weights.len());
    read(&KerasFile { config, weights: weights.to_vec(), size, ..KerasFile::default() }).is_ok()
}

fn whole(file: &[u8]) -> bool {
    read(&KerasFile { weights: file.to_vec(), size: file.len(), ..KerasFile::default() }).is_ok()
}

/// A reader, which returns whether a file can be read; an intact file; and the smallest number of its bytes in which a flipped bit is
/// detected.
type Form = (fn(&[u8]) -> bool, &'static [u8], usize);

/// In an archive everything except names and dates has checksums; in HDF5 most bytes are values or padding, which have none.
const FORMS: [Form; 5] = [
    (archive, ARCHIVE, ARCHIVE.len() * 9 / 10),
    (folder, WEIGHTS, 500),
    (whole, WHOLE, 500),
    (whole, KERAS_2, 500),
    (archive, TF_KERAS, TF_KERAS.len() * 85 / 100),
];

#[test]
fn intact_files_are_read() {
    assert!(FORMS.iter().all(|(read, file, _)| read(file)));
}

/// The bytes between two that the tests of every build take, so that every bit of a byte has its turn.
const STEP: usize = 7;

#[test]
fn no_truncated_archive_is_read() {
    truncate_archives(STEP);
}

#[test]
fn no_truncation_of_weights_panics() {
    truncate_weights(STEP);
}

#[test]
fn no_changed_bit_panics() {
    change_bits(STEP);
}

#[test]
fn bytes_of_all_ones_in_place_of_sizes_and_addresses_do_no_harm() {
    fill_with_ones(STEP);
}

#[test]
#[ignore = "takes minutes"]
fn every_byte_is_a_place_to_cut_or_change() {
    truncate_archives(1);
    truncate_weights(1);
    change_bits(1);
    fill_with_ones(1);
}

fn truncate_archives(step: usize) {
    for file in [ARCHIVE, TF_KERAS] {
        assert!((0..file.len()).step_by(step).all(|length| !archive(&file[..length])));
    }
}

fn truncate_weights(step: usize) {
    // The end of an HDF5 file may be unused padding, so some truncated files can be read.
    let last = |file: &[u8], read: fn(&[u8]) -> bool| {
        (0..file.len()).step_by(step).filter(|length| read(&file[..*length])).count() * step
    };
    assert!(last(WEIGHTS, folder) < 4096);
    assert!(last(WHOLE, whole) < 4096);
    assert!(last(KERAS_2, whole) < 4096);
}

fn change_bits(step: usize) {
    for (form, (read, file, least)) in FORMS.iter().enumerate() {
        let mut changed = file.to_vec();
        let is_archive = Archive::is(file);
        let mut refused = 0;
        for (i, place) in (0..file.len()).step_by(step).enumerate() {
            changed[place] ^= 1 << (place % 8);
            // Building a model takes long, so it is done for some of the HDF5 files that can still be parsed.
            let whole = is_archive || i % 16 == 0 && hdf5::parse(&changed).is_ok();
            refused += usize::from(!(if whole { read(&changed) } else { hdf5::parse(&changed).is_ok() }));
            changed[place] = file[place];
        }
        assert!(refused * step > *least, "{form}: {refused} of every {step}th of {}", file.len());
    }
}

fn fill_with_ones(step: usize) {
    for (read, file, _) in FORMS {
        let mut changed = file.to_vec();
        for place in (0..file.len().saturating_sub(8)).step_by(24 * step) {
            changed[place..place + 8].fill(0xff);
            read(&changed);
            changed[place..place + 8].copy_from_slice(&file[place..place + 8]);
        }
    }
}
