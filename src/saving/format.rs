//! The formats of model files by their names and first bytes, so that one is not taken for another.

use crate::{Error, Result};
use std::path::Path;

/// The format of a model file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileFormat {
    /// The native format of this crate.
    Native,
    /// Keras 3's archive.
    Keras,
    /// Weights of Keras 3.
    KerasWeights,
    /// A whole model of Keras 2, or any other file in HDF5.
    Hdf5,
    /// ONNX.
    Onnx,
    /// A description as text.
    Json,
}

/// The endings of the names of files; the first that fits counts.
const ENDS: [(&str, FileFormat); 6] = [
    (".safetensors", FileFormat::Native),
    (".keras", FileFormat::Keras),
    (".weights.h5", FileFormat::KerasWeights),
    (".h5", FileFormat::Hdf5),
    (".hdf5", FileFormat::Hdf5),
    (".onnx", FileFormat::Onnx),
];

/// The note after the name of something that is not compiled in.
const KERAS: &str = if cfg!(feature = "keras") { "" } else { " (with the feature keras, which is not enabled)" };
const ONNX: &str = if cfg!(feature = "onnx") { "" } else { " (with the feature onnx, which is not enabled)" };

impl FileFormat {
    /// Returns an error for a name that promises another format; `item` and `argument` are for the message.
    pub(crate) fn check_name(self, path: &Path, item: &str, argument: &'static str) -> Result<()> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        let Some((_, promised)) = ENDS.iter().find(|(end, _)| name.ends_with(end)).filter(|(_, other)| *other != self)
        else {
            return Ok(());
        };
        let end = ENDS.iter().find(|(_, format)| *format == self).map_or("", |(end, _)| end);
        Err(Error::argument(
            item,
            argument,
            path.display(),
            format!("a name that ends in {end}, as {} is written; {}", self.name(), promised.written_by()),
        ))
    }

    fn name(self) -> &'static str {
        match self {
            FileFormat::Native => "the native format",
            FileFormat::Keras => "Keras's archive",
            FileFormat::KerasWeights => "a file of Keras's weights",
            FileFormat::Hdf5 => "HDF5",
            FileFormat::Onnx => "ONNX",
            FileFormat::Json => "JSON",
        }
    }

    fn written_by(self) -> String {
        match self {
            FileFormat::Native => "the native format is written by save and save_weights of the model itself".into(),
            FileFormat::Keras => format!("Keras's archive is written by saving::keras::save_model{KERAS}"),
            FileFormat::KerasWeights => format!("Keras's weights are written by saving::keras::save_weights{KERAS}"),
            FileFormat::Hdf5 => format!(
                "whole models in Keras 2's HDF5 are only read; saving::keras::save_model writes .keras, and \
                 saving::keras::save_weights .weights.h5{KERAS}"
            ),
            FileFormat::Onnx => format!("ONNX is written by saving::onnx::export{ONNX}"),
            FileFormat::Json => "JSON is what to_json returns".into(),
        }
    }

    /// The format that bytes are in, as far as their beginning shows.
    pub(crate) fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [b'P', b'K', 3, 4, ..] => Some(FileFormat::Keras),
            [0x89, b'H', b'D', b'F', b'\r', b'\n', ..] => Some(FileFormat::Hdf5),
            // A header's length, of which files that fit into memory leave the upper bytes zero.
            [_, _, _, _, _, _, 0, 0, b'{', ..] => Some(FileFormat::Native),
            // A version up to 127, then the producer, the graph or the operators.
            [0x08, 1..=0x7f, 0x12 | 0x3a | 0x42, ..] => Some(FileFormat::Onnx),
            _ if bytes.trim_ascii_start().first() == Some(&b'{') => Some(FileFormat::Json),
            _ => None,
        }
    }

    /// States the format of a file and the functions that open it.
    pub(crate) fn opened_by(self) -> String {
        match self {
            FileFormat::Native => {
                "it is in the native format; open it with Model::load or Network::load, or, if it holds \
                            only weights, with load_weights of the model itself"
                    .into()
            }
            FileFormat::Keras | FileFormat::KerasWeights | FileFormat::Hdf5 => format!(
                "it is one of Keras's files; open it with saving::keras::load_model, or, if it holds only weights, with \
                 saving::keras::load_weights{KERAS}"
            ),
            FileFormat::Onnx => "it is an ONNX file, which is written here but not read; keep the model in the native \
                             format too, by Model::save"
                .into(),
            FileFormat::Json => format!(
                "it is JSON, without weights; Sequential::from_json reads the layers, and those of Keras \
                 saving::keras::model_from_json{KERAS}"
            ),
        }
    }
}

/// The error for a folder, which the native format never is.
pub(crate) fn refuse_folder(path: &Path) -> Result<()> {
    if !path.is_dir() {
        return Ok(());
    }
    let reason = match path.join("model.weights.h5").is_file() {
        true => FileFormat::Keras.opened_by(),
        false => "it is a folder; pass the file in it".into(),
    };
    Err(Error::ModelFile { path: path.to_path_buf(), reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_promises_another_format_is_refused_with_its_cure() {
        let check = |format: FileFormat, name: &str| format.check_name(Path::new(name), "save", "path");
        for name in ["m", "m.safetensors", "m.bin", "keras", "a.keras/m", "model-{epoch}.{loss}", ""] {
            assert!(check(FileFormat::Native, name).is_ok(), "{name}");
        }
        for (format, name, cure) in [
            (FileFormat::Native, "m.keras", "save: path is m.keras; expected a name that ends in .safetensors"),
            (FileFormat::Native, "m.KERAS", "saving::keras::save_model"),
            (FileFormat::Native, "m.weights.h5", "saving::keras::save_weights"),
            (FileFormat::Native, "f/model-{epoch:02d}.h5", "saving::keras::save_model"),
            (FileFormat::Native, "m.onnx", "saving::onnx::export"),
            (FileFormat::Keras, "m.h5", "a name that ends in .keras"),
            (FileFormat::Keras, "m.safetensors", "save and save_weights of the model itself"),
            (FileFormat::KerasWeights, "m.h5", "a name that ends in .weights.h5"),
            (FileFormat::Onnx, "m.keras", "a name that ends in .onnx"),
        ] {
            let text = check(format, name).unwrap_err().to_string();
            assert!(text.contains(cure), "{text}");
        }
        assert!(check(FileFormat::KerasWeights, "m.weights.h5").is_ok());
        assert!(check(FileFormat::Onnx, "m.onnx").is_ok());
    }

    #[test]
    fn bytes_tell_their_format() {
        let native = [&8u64.to_le_bytes()[..], b"{\"a\":1}  "].concat();
        let onnx = [&[8, 8, 0x12, 9], &b"perceptra"[..]].concat();
        let json = b"\n {\"class_name\": \"Sequential\"}";
        for (bytes, format) in [
            (native.as_slice(), Some(FileFormat::Native)),
            (b"PK\x03\x04....", Some(FileFormat::Keras)),
            (b"\x89HDF\r\n\x1a\n", Some(FileFormat::Hdf5)),
            (&onnx, Some(FileFormat::Onnx)),
            (json, Some(FileFormat::Json)),
            (b"", None),
            (b"term,rate\n36,5\n", None),
        ] {
            assert_eq!(FileFormat::of(bytes), format);
        }
    }
}
