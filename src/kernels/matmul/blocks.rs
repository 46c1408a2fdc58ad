//! The sizes of the blocks of a product of packed matrices.

/// The largest inner dimension of a block: a strip of `a` takes 12 KiB of the first-level cache, with AVX-512 24 KiB.
pub(super) const DEPTH: usize = 192;
/// Rows of a block of `a`; a multiple of the strips of every level.
pub(super) const ROWS: usize = 512;
/// Columns of a block of `b`; a multiple of the tiles of every level.
pub(super) const COLUMNS: usize = 300;
/// The inner indices that are packed for one strip before the next strip's.
pub(super) const CHUNK: usize = 8;

/// The inner dimension of the blocks of a product, the last of which may be smaller: blocks of nearly equal depth.
pub(super) fn depth(inner: usize) -> usize {
    inner.div_ceil(inner.div_ceil(DEPTH).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depths_of_blocks_are_nearly_equal() {
        assert_eq!([0, 1, 192, 193, 784].map(depth), [0, 1, 192, 97, 157]);
    }
}
