//! Collecting the rows of a batch into a buffer whose columns are contiguous over the batch.

use super::transpose::square;
use super::{Element, Kernel, LANES, Simd, run};

/// Copies `rows[order[i]]` (row-major, `width` wide) into lane `i` of the columns of `to` (`stride` apart).
///
/// Lanes between `order.len()` and `stride` become zero.
pub(crate) fn rows<T: Element>(rows: &[T], width: usize, order: &[u32], to: &mut [T], stride: usize) {
    run(Rows { rows, width, order, to, stride });
}

struct Rows<'a, T> {
    rows: &'a [T],
    width: usize,
    order: &'a [u32],
    to: &'a mut [T],
    stride: usize,
}

impl<T: Element> Kernel<T> for Rows<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<T>>(mut self, s: S) {
        assert!(self.to.len() >= self.width * self.stride);
        assert!(self.stride.is_multiple_of(LANES) && self.stride >= self.order.len());
        let mut lane = 0;
        while lane < self.stride {
            let mut first = 0;
            while first < self.width {
                match S::LANES {
                    16 => self.block::<S, 16>(s, lane, first),
                    8 => self.block::<S, 8>(s, lane, first),
                    4 => self.block::<S, 4>(s, lane, first),
                    _ => self.block::<S, 2>(s, lane, first),
                }
                first += S::LANES;
            }
            lane += S::LANES;
        }
    }
}

impl<T: Element> Rows<'_, T> {
    /// `N` members of the batch, `N` being the lanes, in up to `N` columns.
    #[inline(always)]
    fn block<S: Simd<T>, const N: usize>(&mut self, s: S, lane: usize, first: usize) {
        let mut block = [s.zero(); N];
        for i in 0..N {
            if lane + i < self.order.len() {
                let from = self.order[lane + i] as usize * self.width + first;
                // A whole vector may be read where the data goes on; the surplus columns are dropped below.
                block[i] = match self.rows.get(from..from + N) {
                    Some(whole) => s.load(whole),
                    None => s.load(&self.rows[from..from + (self.width - first).min(N)]),
                };
            }
        }
        let block = square(s, block);
        for (i, vector) in block.into_iter().enumerate() {
            if first + i < self.width {
                let at = (first + i) * self.stride + lane;
                // SAFETY: `lane + N <= stride`, both being multiples of N, and `run` saw that `to` holds
                // `width · stride` elements.
                unsafe { s.store_raw(self.to.as_mut_ptr().add(at), vector) };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::level::Level;
    use super::*;

    #[test]
    fn equals_a_plain_loop_at_every_level() {
        for level in Level::all() {
            for (width, batch) in [(1, 1), (3, 5), (12, 32), (16, 16), (17, 33), (40, 7)] {
                let data: Vec<f32> = (0..width * 50).map(|i| i as f32).collect();
                let order: Vec<u32> = (0..batch as u32).map(|i| (i * 7 + 3) % 50).collect();
                let stride = super::super::padded(batch);
                let mut to = vec![-1.0; width * stride];
                f32::dispatch(Rows { rows: &data, width, order: &order, to: &mut to, stride }, level);
                for column in 0..width {
                    for lane in 0..stride {
                        let expected = order.get(lane).map_or(0.0, |&row| data[row as usize * width + column]);
                        assert_eq!(to[column * stride + lane], expected, "{level:?} {width}×{batch}");
                    }
                }
            }
        }
    }
}
