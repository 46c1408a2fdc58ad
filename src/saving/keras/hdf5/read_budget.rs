//! A limit on the number of bytes that are read, proportional to the size of the file.

use super::fields::Fault;

/// The bytes that may still be read or copied.
///
/// A file can point to the same bytes from many places. What Keras writes is read once or twice; a file that asks for
/// more than four times its size is refused, so that neither time nor memory can grow with the square of its size.
#[derive(Debug)]
pub(super) struct ReadBudget {
    left: usize,
}

impl ReadBudget {
    pub(super) fn for_file(file: &[u8]) -> Self {
        ReadBudget { left: file.len().saturating_mul(4) }
    }

    pub(super) fn take(&mut self, bytes: usize) -> Fault<()> {
        self.left = self.left.checked_sub(bytes.max(1)).ok_or("its parts overlap")?;
        Ok(())
    }
}
