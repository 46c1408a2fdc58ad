//! The padding of columns, so that vector instructions work on whole vectors of samples.

/// Rows of a batch buffer are padded to a multiple of this many samples, the widest vector of any level.
pub(crate) const LANES: usize = 16;

/// `rows` rounded up to whole vectors.
pub(crate) fn padded(rows: usize) -> usize {
    rows.next_multiple_of(LANES)
}
