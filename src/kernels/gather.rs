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
    fn run<S: Simd<T>>(self, s: S) {
        let Rows { rows, width, order, to, stride } = self;
        assert!(to.len() >= width * stride && stride.is_multiple_of(LANES) && stride >= order.len());
        for lane in (0..stride).step_by(S::LANES) {
            let members = &order[lane.min(order.len())..(lane + S::LANES).min(order.len())];
            for first in (0..width).step_by(S::LANES) {
                let count = (width - first).min(S::LANES);
                let mut block = [s.zero(); LANES];
                for (vector, &row) in block.iter_mut().zip(members) {
                    let from = row as usize * width + first;
                    // A whole vector may be read where the data goes on; the surplus columns are dropped below.
                    *vector = match rows.get(from..from + S::LANES) {
                        Some(whole) => s.load(whole),
                        None => s.load(&rows[from..from + count]),
                    };
                }
                square(s, &mut block);
                for (column, vector) in (first..first + count).zip(block) {
                    let at = column * stride + lane;
                    // SAFETY: `column < width` and `lane + LANES <= stride`, and `to` holds `width · stride`.
                    unsafe { s.store_raw(to.as_mut_ptr().add(at), vector) };
                }
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
