//! Buffers that start at a cache line, so that no vector crosses the boundary between two lines.

use crate::kernels::simd::Float;
use crate::memory::{self, OutOfMemory};
use std::ops::{Deref, DerefMut};

/// One cache line.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
struct CacheLine([u8; 64]);

/// A vector of numbers aligned to 64 bytes.
#[derive(Debug, Clone)]
pub(crate) struct Aligned<T> {
    lines: Vec<CacheLine>,
    length: usize,
    element: std::marker::PhantomData<T>,
}

impl<T> Default for Aligned<T> {
    fn default() -> Self {
        Self::empty()
    }
}

impl<T> Aligned<T> {
    /// A buffer without elements.
    pub(crate) const fn empty() -> Self {
        Aligned { lines: Vec::new(), length: 0, element: std::marker::PhantomData }
    }
}

impl<T: Float> Aligned<T> {
    /// `length` zeros.
    pub(crate) fn zeros(length: usize) -> Self {
        let lines = vec![CacheLine([0; 64]); (length * size_of::<T>()).div_ceil(64)];
        Aligned { lines, length, element: std::marker::PhantomData }
    }

    /// Zeros, as many as the product of the counts; an error if memory is exhausted.
    pub(crate) fn try_zeros(counts: &[usize]) -> Result<Self, OutOfMemory> {
        let length = memory::product::<T>(counts)?;
        // An error may round the size up to whole cache lines.
        let lines = memory::filled(CacheLine([0; 64]), &[(length * size_of::<T>()).div_ceil(64)])?;
        Ok(Aligned { lines, length, element: std::marker::PhantomData })
    }

    /// Like [`try_zeros`](Self::try_zeros), for rows of data: the memory is returned to the system when the buffer is dropped.
    pub(crate) fn try_zeros_mapped(counts: &[usize]) -> Result<Self, OutOfMemory> {
        let length = memory::product::<T>(counts)?;
        let lines = memory::filled_mapped(CacheLine([0; 64]), &[(length * size_of::<T>()).div_ceil(64)])?;
        Ok(Aligned { lines, length, element: std::marker::PhantomData })
    }

    /// A copy of `values`.
    pub(crate) fn from_slice(values: &[T]) -> Self {
        let mut copy = Self::zeros(values.len());
        copy.copy_from_slice(values);
        copy
    }
}

impl<T: Float> Deref for Aligned<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        // SAFETY: the lines hold at least `length` elements; `Float` is f32 or f64, for which every bit
        // pattern is a value and the alignment of a line is enough.
        unsafe { std::slice::from_raw_parts(self.lines.as_ptr().cast(), self.length) }
    }
}

impl<T: Float> DerefMut for Aligned<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        // SAFETY: as for `deref`; the borrow is unique.
        unsafe { std::slice::from_raw_parts_mut(self.lines.as_mut_ptr().cast(), self.length) }
    }
}
