//! Memory whose size an argument, a file or the data decides: too little of it is an error here, where an ordinary vector
//! would end the program.

use crate::Error;
use crate::kernels::huge_pages;

/// Memory that the system does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OutOfMemory {
    bytes: u128,
}

impl OutOfMemory {
    /// The error: who wanted the memory for what, and how to need less.
    pub(crate) fn error(self, item: impl Into<String>, purpose: impl Into<String>, advice: impl Into<String>) -> Error {
        Error::OutOfMemory {
            item: item.into(),
            purpose: purpose.into(),
            bytes: u64::try_from(self.bytes).unwrap_or(u64::MAX),
            advice: advice.into(),
        }
    }
}

/// The product of counts of elements, unless this many have no address.
#[inline]
pub(crate) fn product<A>(counts: &[usize]) -> Result<usize, OutOfMemory> {
    let product = counts.iter().try_fold(1_usize, |product, count| product.checked_mul(*count));
    match product
        .filter(|product| product.checked_mul(size_of::<A>()).is_some_and(|bytes| isize::try_from(bytes).is_ok()))
    {
        Some(product) => Ok(product),
        None => wide_product::<A>(counts),
    }
}

/// [`product`] where the factors before a zero have no address, or nothing has.
#[cold]
fn wide_product<A>(counts: &[usize]) -> Result<usize, OutOfMemory> {
    if counts.contains(&0) {
        return Ok(0);
    }
    let bytes = counts.iter().fold(size_of::<A>() as u128, |bytes, count| bytes.saturating_mul(*count as u128));
    Err(OutOfMemory { bytes })
}

/// An empty vector with capacity for as many elements as the product of the counts.
pub(crate) fn with_capacity<A>(counts: &[usize]) -> Result<Vec<A>, OutOfMemory> {
    with_capacity_of(product::<A>(counts)?)
}

#[inline]
fn with_capacity_of<A>(count: usize) -> Result<Vec<A>, OutOfMemory> {
    let mut vector = Vec::new();
    match vector.try_reserve_exact(count) {
        Ok(()) => Ok(vector),
        Err(_) => Err(OutOfMemory { bytes: count as u128 * size_of::<A>() as u128 }),
    }
}

/// A vector of one value, as often as the product of the counts.
pub(crate) fn filled<A: Clone>(value: A, counts: &[usize]) -> Result<Vec<A>, OutOfMemory> {
    let count = product::<A>(counts)?;
    let mut vector = with_capacity_of(count)?;
    vector.resize(count, value);
    Ok(vector)
}

/// Vectors of at least this many bytes get a separate memory mapping.
const LARGE: usize = 1 << 20;

/// Above the largest size from which on glibc may keep what is freed for later (32 MiB).
const MAPPED: usize = 33 << 20;

/// Like [`filled`], but the memory comes from the system directly and returns to it when the vector is dropped; the C library would
/// otherwise keep the memory in pieces that no later vector of that size fits into.
///
/// The capacity is larger than needed for that; what is never written takes addresses and no memory. The system is asked for large
/// pages, since rows are taken in random order.
pub(crate) fn filled_mapped<A: Clone>(value: A, counts: &[usize]) -> Result<Vec<A>, OutOfMemory> {
    let count = product::<A>(counts)?;
    let keeps_freed = cfg!(all(target_os = "linux", target_env = "gnu", target_pointer_width = "64"));
    let mut vector = Vec::new();
    let is_mapped = keeps_freed
        && (LARGE..MAPPED).contains(&count.saturating_mul(size_of::<A>()))
        && vector.try_reserve_exact(MAPPED / size_of::<A>()).is_ok();
    if !is_mapped {
        vector = with_capacity(counts)?;
    }
    if let Some(filled) = vector.spare_capacity_mut().get_mut(..count) {
        huge_pages::advise(filled);
    }
    vector.resize(count, value);
    Ok(vector)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_beyond_all_memory_are_errors_that_state_the_bytes() {
        assert_eq!(filled(1u16, &[2, 3]), Ok(vec![1; 6]));
        assert_eq!(filled(1u16, &[usize::MAX, usize::MAX, 0]), Ok(Vec::new()));
        for count in [0, 6, LARGE, MAPPED] {
            assert_eq!(
                filled_mapped(1u8, &[count]).map(|vector| (vector.len(), vector.last() == Some(&1))),
                Ok((count, count > 0))
            );
        }
        assert_eq!(filled_mapped(0f64, &[usize::MAX; 4]), Err(OutOfMemory { bytes: u128::MAX }));
        assert_eq!(filled(0f32, &[1 << 50, 1 << 8]), Err(OutOfMemory { bytes: 1 << 60 }));
        assert_eq!(filled(0f32, &[1 << 40, 1 << 40]), Err(OutOfMemory { bytes: 1 << 82 }));
        assert_eq!(filled(0f64, &[usize::MAX; 4]), Err(OutOfMemory { bytes: u128::MAX }));
        let message = OutOfMemory { bytes: 1 << 60 }.error("Dense", "its weights", "use fewer units").to_string();
        assert_eq!(message, "Dense: there is no memory for its weights, 1152921504606846976 bytes; use fewer units");
    }
}
