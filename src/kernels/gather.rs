//! Taking the members of a batch out of row-major data.

use super::prefetch::prefetch;
use super::{Element, Kernel, LANES, Simd, run};
use std::ops::Range;

/// So many positions of the order ahead of the batch are asked for from memory.
///
/// Rows in random order are nowhere near each other, so each is a miss of the caches; asked for this early they
/// arrive while other rows are worked on.
const AHEAD: usize = 64;

/// Row-major data and the order in which its rows are taken.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ordered<'a, T> {
    pub(crate) rows: &'a [T],
    pub(crate) width: usize,
    pub(crate) order: &'a [u32],
}

/// Copies the rows at `positions` of the order into the lanes of the columns of `to` (`stride` apart).
///
/// Lanes behind the last row become zero.
pub(crate) fn rows<T: Element>(from: Ordered<'_, T>, positions: Range<usize>, to: &mut [T], stride: usize) {
    let Ordered { rows, width, order } = from;
    let ahead = order.get(positions.start + AHEAD..(positions.end + AHEAD).min(order.len())).unwrap_or(&[]);
    for &row in ahead {
        prefetch(rows, row as usize * width, width);
    }
    let order = &order[positions];
    assert!(to.len() >= width * stride && stride.is_multiple_of(LANES) && stride >= order.len());
    let last = order.iter().max().map_or(0, |&row| row as usize + 1);
    assert!(rows.len() >= last * width);
    if width < 4 {
        few_columns(rows, width, order, to, stride);
    } else {
        run(Rows { rows, width, order, to, stride });
    }
}

/// Element by element.
fn few_columns<T: Element>(rows: &[T], width: usize, order: &[u32], to: &mut [T], stride: usize) {
    for column in 0..width {
        let (to, room) = to[column * stride..][..stride].split_at_mut(order.len());
        for (to, &row) in to.iter_mut().zip(order) {
            *to = rows[row as usize * width + column];
        }
        room.fill(T::literal(0.0));
    }
}

/// Checked by [`rows`]; at least four columns.
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
        let nothing = [T::literal(0.0); 4];
        for lane in (0..stride).step_by(S::LANES) {
            let members = order.get(lane..).unwrap_or(&[]);
            let present = members.len().min(S::LANES);
            let mut places = [nothing.as_ptr(); LANES];
            for (place, &row) in places[..present].iter_mut().zip(members) {
                *place = rows.as_ptr().wrapping_add(row as usize * width);
            }
            let mut column = 0;
            while column < width {
                // The last four columns may overlap those before; they are copied again then.
                let first = column.min(width - 4);
                let mut from = places;
                for place in &mut from[..present] {
                    *place = place.wrapping_add(first);
                }
                // SAFETY: `rows` saw that each row of the order lies in the data, and `first + 4 <= width`; places
                // without a row are the four zeros. `lane + LANES <= stride`, both being multiples of LANES, and
                // `to` holds `width · stride` elements.
                unsafe {
                    let columns = s.load_four(&from);
                    for c in 0..4 {
                        s.store_raw(to.as_mut_ptr().add((first + c) * stride + lane), columns[c]);
                    }
                }
                column = first + 4;
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
        fn check<T: Element + PartialEq + std::fmt::Debug>() {
            for (width, batch) in [(1, 1), (3, 5), (4, 9), (12, 32), (13, 32), (16, 16), (17, 33), (40, 7)] {
                let data: Vec<T> = (0..width * 50).map(|i| T::literal(i as f64)).collect();
                let order: Vec<u32> = (0..200).map(|i| (i * 7 + 3) % 50).collect();
                let stride = super::super::padded(batch);
                for start in [0, 20, 200 - batch] {
                    let members = &order[start..start + batch];
                    let holds = |to: &[T], level: &str| {
                        for (column, lanes) in to.chunks(stride).enumerate() {
                            for (lane, value) in lanes.iter().enumerate() {
                                let wanted = members
                                    .get(lane)
                                    .map_or(T::literal(0.0), |&row| data[row as usize * width + column]);
                                assert_eq!(*value, wanted, "{level} {width}×{batch} from {start}");
                            }
                        }
                    };
                    let mut to = vec![T::literal(-1.0); width * stride];
                    rows(Ordered { rows: &data, width, order: &order }, start..start + batch, &mut to, stride);
                    holds(&to, "all");
                    for level in Level::all().filter(|_| width >= 4) {
                        to.fill(T::literal(-1.0));
                        T::dispatch(Rows { rows: &data, width, order: members, to: &mut to, stride }, level);
                        holds(&to, &format!("{level:?}"));
                    }
                }
            }
        }
        check::<f32>();
        check::<f64>();
    }

    #[test]
    #[should_panic(expected = "rows.len()")]
    fn a_row_beyond_the_data_is_not_read() {
        let mut to = [0.0f32; 64];
        rows(Ordered { rows: &[0.0; 20], width: 4, order: &[5] }, 0..1, &mut to, 16);
    }
}
