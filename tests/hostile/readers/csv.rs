//! Tables as CSV, plain or compressed.

use perceptra::preprocessing::CsvOptions;

/// What a compressed input may unfold to.
const UNFOLDED: u64 = 1 << 20;

/// Reads the bytes with and without a header; every column has as many rows as the table.
pub fn read(bytes: &[u8]) {
    let options = CsvOptions::new().max_unfolded(UNFOLDED);
    if let Ok(table) = options.read_from(bytes, "input.csv") {
        assert!(table.iter().all(|(_, column)| column.len() == table.nrows()));
        let mut names = table.names().to_vec();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), table.ncols(), "a name comes twice");
        let _ = table.to_string();
    }
    let named = options.delimiter(';').column_names(["a", "b"]).text(["a"]).numbers(["b"]);
    let _ = named.read_from(bytes, "input.csv");
}

/// The most memory that reading so many bytes may take.
pub fn most(bytes: usize) -> usize {
    let text = if bytes > 1 { bytes.max(UNFOLDED as usize) } else { bytes };
    100 * text + (1 << 20)
}
