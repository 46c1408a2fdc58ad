//! Predictions of CSV files, written to another one.

use super::Model;
use crate::atomic::Replacement;
use crate::batches::CsvBatches;
use crate::engine::Network;
use crate::error::Place;
use crate::{DType, Result, Scalar};
use std::io::Write;
use std::path::Path;

impl<T: Scalar> Network<T> {
    /// Predicts the rows of CSV files and writes the predictions to the CSV file `path`, in order; returns the number of rows.
    ///
    /// A line has the file and the line that the row comes from, and its predictions, with as many digits as they have:
    /// `file,line,prediction`, or `file,line,prediction_0,prediction_1` and so on where there are several. Rows are read, predicted on
    /// all cores and written as a stream, in the memory of a few blocks. The output is renamed to `path` when it is complete: after an error, or if
    /// the program ends before, the previous file remains.
    ///
    /// A bad row ends it with an error, or is left out and counted, as [`CsvBatches::skip_bad_rows`] states.
    ///
    /// ```
    /// use perceptra::batches::CsvBatches;
    /// use perceptra::prelude::*;
    ///
    /// # let folder = std::env::temp_dir().join(format!("perceptra-predict-csv-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder).unwrap();
    /// # let (new, scored) = (folder.join("new.csv"), folder.join("scored.csv"));
    /// # std::fs::write(&new, "id,age,income\n1,31,5.5\n2,?,6\n3,52,7.25\n").unwrap();
    /// let network = Sequential::new().add(Dense::new(1, Sigmoid)).build(2)?;
    /// let mut rows = CsvBatches::new([&new]).inputs(["age", "income"]).skip_bad_rows(true);
    /// assert_eq!((network.predict_csv(&mut rows, &scored)?, rows.skipped()), (2, 1));
    /// let predictions = Table::read_csv(&scored)?;
    /// assert_eq!(predictions.names(), ["file", "line", "prediction"]);
    /// assert_eq!(predictions.numbers("line")?, [2.0, 4.0]);
    /// # std::fs::remove_dir_all(folder).unwrap();
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of [`predict_batches`](Network::predict_batches); [`Error::Io`](crate::Error::Io) for a file that cannot be written.
    pub fn predict_csv(&self, rows: &mut CsvBatches, path: impl AsRef<Path>) -> Result<usize> {
        let mut output = Replacement::begin(path.as_ref())?;
        output.append(header(self.outputs()).as_bytes())?;
        let (mut count, mut text, mut numbers) = (0, Vec::new(), Vec::new());
        self.predict_batches(rows, |block, predictions| {
            for row in 0..block.rows() {
                numbers.clear();
                numbers.extend(predictions.row(row).iter().map(|value| value.to_f64()));
                write_line(&mut text, block.place(row), &numbers, T::DTYPE);
            }
            count += block.rows();
            output.append(&text)?;
            text.clear();
            Ok(())
        })?;
        output.commit()?;
        Ok(count)
    }
}

impl<T: Scalar> Model<T> {
    /// Predicts the rows of CSV files and writes the predictions to a CSV file; see [`Network::predict_csv`].
    ///
    /// # Errors
    ///
    /// [`Error::NotBuilt`](crate::Error::NotBuilt) before the first fit; else as [`Network::predict_csv`].
    pub fn predict_csv(&self, rows: &mut CsvBatches, path: impl AsRef<Path>) -> Result<usize> {
        self.network()?.predict_csv(rows, path)
    }
}

fn header(outputs: usize) -> String {
    let mut header = "file,line".to_string();
    for output in 0..outputs {
        header += &if outputs == 1 { ",prediction".into() } else { format!(",prediction_{output}") };
    }
    header + "\n"
}

/// Adds the line of a row.
fn write_line(text: &mut Vec<u8>, place: Option<Place>, predictions: &[f64], dtype: DType) {
    if let Some(Place::Line { file, line }) = place {
        match file.contains(['"', ',', '\n', '\r']) {
            true => text.extend_from_slice(format!("\"{}\",{line}", file.replace('"', "\"\"")).as_bytes()),
            false => text.extend_from_slice(format!("{file},{line}").as_bytes()),
        }
    }
    for prediction in predictions {
        // Writing to a vector cannot fail.
        let _ = match dtype {
            DType::Float32 => write!(text, ",{}", *prediction as f32),
            DType::Float64 => write!(text, ",{prediction}"),
        };
    }
    text.push(b'\n');
}
