//! Every truncation of the files that Keras wrote, and a changed bit in each of their bytes: an error or a model, never a
//! panic.

use super::hdf5;
use super::open::of_source;
use super::source::Source;
use crate::models::Registry;
use crate::models::files::Opened;
use std::path::Path;

const ARCHIVE: &[u8] = include_bytes!("../../../tests/interop/fixtures/model.keras");
const WEIGHTS: &[u8] = include_bytes!("../../../tests/interop/fixtures/model_folder/model.weights.h5");
const WHOLE: &[u8] = include_bytes!("../../../tests/interop/fixtures/model.h5");
const CONFIG: &str = include_str!("../../../tests/interop/fixtures/model_folder/config.json");

fn read(source: &Source) -> crate::Result<Opened<f32>> {
    of_source(source, Path::new("hostile"), &Registry::new(), true)
}

fn archive(file: &[u8]) -> bool {
    Source::archive(file).is_ok_and(|source| read(&source).is_ok())
}

fn folder(weights: &[u8]) -> bool {
    let (config, size) = (Some(CONFIG.to_string()), CONFIG.len() + weights.len());
    read(&Source { config, weights: weights.to_vec(), size, ..Source::default() }).is_ok()
}

fn whole(file: &[u8]) -> bool {
    read(&Source { weights: file.to_vec(), size: file.len(), ..Source::default() }).is_ok()
}

/// A reader, and a file that is whole.
type Form = (fn(&[u8]) -> bool, &'static [u8]);

const FORMS: [Form; 3] = [(archive, ARCHIVE), (folder, WEIGHTS), (whole, WHOLE)];

#[test]
fn what_is_whole_is_read() {
    assert!(FORMS.iter().all(|(read, file)| read(file)));
}

#[test]
fn no_truncated_archive_is_read() {
    assert!((0..ARCHIVE.len()).all(|length| !archive(&ARCHIVE[..length])));
}

#[test]
fn no_truncation_of_weights_panics() {
    // What is cut off at the end of an HDF5 file may be room that nothing lies in.
    let last = |file: &[u8], read: fn(&[u8]) -> bool| (0..file.len()).filter(|length| read(&file[..*length])).count();
    assert!(last(WEIGHTS, folder) < 4096);
    assert!(last(WHOLE, whole) < 4096);
}

#[test]
fn no_changed_bit_panics() {
    for (form, (read, file)) in FORMS.iter().enumerate() {
        let mut changed = file.to_vec();
        let mut refused = 0;
        for place in 0..file.len() {
            changed[place] ^= 1 << (place % 8);
            // Where HDF5 can still be taken apart, a model is made of it for some of the places.
            let whole = form == 0 || place % 16 == 0 && hdf5::parse(&changed).is_ok();
            refused += usize::from(!(if whole { read(&changed) } else { hdf5::parse(&changed).is_ok() }));
            changed[place] = file[place];
        }
        // An archive has check sums; in HDF5 most bytes are values, or room.
        assert!(refused > if form == 0 { file.len() * 9 / 10 } else { 500 }, "{form}: {refused} of {}", file.len());
    }
}

#[test]
fn bytes_of_all_ones_where_sizes_and_places_stand_do_no_harm() {
    for (read, file) in FORMS {
        let mut changed = file.to_vec();
        for place in (0..file.len().saturating_sub(8)).step_by(24) {
            changed[place..place + 8].fill(0xff);
            read(&changed);
            changed[place..place + 8].copy_from_slice(&file[place..place + 8]);
        }
    }
}
