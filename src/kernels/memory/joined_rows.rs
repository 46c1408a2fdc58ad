//! Samples as records in memory, which batches read in any order.

use super::aligned::Aligned;
use super::prefetch::{LINE, prefetch, prefetch_line};
use super::strided_view::StridedView;
use crate::kernels::{Element, Kernel, LANES, Simd, run};
use crate::memory::{self, OutOfMemory};
use crate::{Random, Scalar, random, threads};
use std::ops::Range;

/// The number of positions of the order by which records are prefetched before they are copied.
///
/// In random order each record is a cache miss. Prefetched this early, records arrive while others are copied.
const AHEAD: usize = 64;

/// The rows of several matrices, joined to records.
#[derive(Clone)]
pub(crate) struct JoinedRows<T> {
    /// The elements of all records; 0 if not written yet.
    values: Aligned<T>,
    /// The number of elements from the start of one record to the start of the next.
    stride: usize,
    count: usize,
}

/// An order in which records are taken.
pub(crate) struct RowOrder {
    /// A permutation of the indices below the number of records; the raw reads rely on this.
    rows: Vec<u32>,
}

impl RowOrder {
    /// The ascending order of this many records.
    pub(crate) fn ascending(count: u32) -> Result<Self, OutOfMemory> {
        let mut rows = memory::with_capacity(&[count as usize])?;
        rows.extend(0..count);
        Ok(RowOrder { rows })
    }

    /// The number of records.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Resets to the ascending order of this many records; reuses the memory if it suffices.
    pub(crate) fn reset(&mut self, count: u32) {
        self.rows.clear();
        self.rows.extend(0..count);
    }

    /// Writes the position of each record in the order.
    pub(crate) fn write_positions(&self, positions: &mut [u32]) {
        for (position, &row) in self.rows.iter().enumerate() {
            positions[row as usize] = position as u32;
        }
    }

    /// Draws a new order.
    pub(crate) fn shuffle(&mut self, stream: &mut Random) {
        for (i, place) in self.rows.iter_mut().enumerate() {
            *place = i as u32;
        }
        random::shuffle(&mut self.rows, stream);
    }
}

/// The stride of records of `width` elements: chosen so that each record is on as few cache lines as possible, unless this takes
/// more than 1.5 times the memory.
fn stride<T>(width: usize) -> usize {
    let line = LINE / size_of::<T>();
    let aligned = if width < line { width.next_power_of_two() } else { width.next_multiple_of(line) };
    if 2 * aligned <= 3 * width { aligned } else { width }
}

impl<T: Scalar> JoinedRows<T> {
    /// Records of `width` zeros.
    pub(crate) fn zeros(count: u32, width: usize) -> Result<Self, OutOfMemory> {
        let (count, stride) = (count as usize, stride::<T>(width));
        Ok(JoinedRows { values: Aligned::try_zeros_mapped(&[count, stride])?, stride, count })
    }

    /// Writes the rows of a matrix to the records from `row` on, beginning at element `first` of each record.
    pub(crate) fn write(&mut self, row: usize, first: usize, rows: &StridedView<'_, T>) {
        let stride = self.stride;
        assert!(first + rows.columns <= stride && (row + rows.rows) * stride <= self.values.len());
        let to = &mut self.values[row * stride..(row + rows.rows) * stride];
        let parts = threads::parts(rows.rows * rows.columns, GRAIN).min(rows.rows.max(1));
        threads::divide((*rows, to), parts, &|job, left, parts| split_rows(job, stride, left, parts), &|(rows, to)| {
            rows.write_rows(to, first, stride);
        });
    }

    /// Writes rows of a matrix to records, beginning at element `first` of each record; a pair is a row and a record.
    pub(crate) fn write_picked(&mut self, picked: &[(u32, u32)], first: usize, rows: &StridedView<'_, T>) {
        rows.write_picked(picked, &mut self.values, first, self.stride);
    }

    /// The size in bytes of a record of `width` elements.
    pub(crate) fn bytes(width: usize) -> usize {
        stride::<T>(width) * size_of::<T>()
    }

    /// Sets the number of records, at most the allocated number.
    pub(crate) fn set_len(&mut self, count: u32) {
        assert!(count as usize * self.stride <= self.values.len());
        self.count = count as usize;
    }

    /// Some columns of the records as a matrix.
    pub(crate) fn columns(&self, columns: Range<usize>) -> StridedView<'_, T> {
        StridedView::of_records(&self.values, self.count, self.stride, columns)
    }

    /// The number of records.
    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// Copies the records at `positions` of the order, each range of their columns to a buffer with columns that are `lanes` apart.
    ///
    /// Lanes after the last record are set to zero. The records that this thread copies next, those from position `next` on, are
    /// prefetched.
    pub(crate) fn take(
        &self,
        order: &RowOrder,
        (positions, next): (Range<usize>, usize),
        parts: &mut [ColumnDestination<'_, T>],
        lanes: usize,
    ) {
        assert!(order.len() == self.count);
        let begin = positions.start + AHEAD;
        let (within, after) = if next == positions.end {
            (begin..next + AHEAD, next..next)
        } else {
            let end = positions.end;
            (begin.min(end)..end, next + begin.saturating_sub(end)..next + AHEAD)
        };
        let rows = |range: Range<usize>| order.rows.get(range.start..range.end.min(self.count)).unwrap_or(&[]);
        let ahead = [rows(within), rows(after)];
        let members = &order.rows[positions];
        assert!(lanes.is_multiple_of(LANES) && lanes >= members.len());
        for ColumnDestination { columns, to } in &*parts {
            assert!(columns.end <= self.stride && to.len() >= columns.len() * lanes);
        }
        let [first, others @ ..] = parts else { return };
        let count = threads::parts(members.len() * first.columns.len(), GRAIN).min(first.columns.len() / LANES);
        if count <= 1 {
            return run(Take { records: self, members, ahead, prefetched: 0..self.stride, parts, lanes });
        }
        run(Take { records: self, members, ahead: [&[]; 2], prefetched: 0..0, parts: others, lanes });
        let columns = ColumnDestination { columns: first.columns.clone(), to: &mut *first.to };
        threads::divide((columns, lanes), count, &split, &|(columns, lanes)| {
            let prefetched = columns.columns.clone();
            run(Take { records: self, members, ahead, prefetched, parts: &mut [columns], lanes });
        });
    }
}

/// The number of elements per thread below which another thread does not pay.
const GRAIN: usize = 1 << 15;

/// The first `left` of `parts` parts of the columns, with the distance between two of them in the buffer, and the others.
fn split<T>(
    (whole, lanes): (ColumnDestination<'_, T>, usize),
    left: usize,
    parts: usize,
) -> ((ColumnDestination<'_, T>, usize), (ColumnDestination<'_, T>, usize)) {
    let Range { start, end } = whole.columns;
    // Whole cache lines of the records.
    let at = threads::boundary(end - start, left, parts).next_multiple_of(LANES).min(end - start);
    let (first, second) = whole.to.split_at_mut(at * lanes);
    let part = |columns, to| (ColumnDestination { columns, to }, lanes);
    (part(start..start + at, first), part(start + at..end, second))
}

/// Rows of a matrix and the records they are written to.
type RowsTo<'v, 't, T> = (StridedView<'v, T>, &'t mut [T]);

/// The first `left` of `parts` parts of the rows of a matrix, with the records they are written to, and the others.
fn split_rows<'v, 't, T: Scalar>(
    (rows, to): RowsTo<'v, 't, T>,
    stride: usize,
    left: usize,
    parts: usize,
) -> (RowsTo<'v, 't, T>, RowsTo<'v, 't, T>) {
    let at = threads::boundary(rows.rows, left, parts);
    let (first, second) = to.split_at_mut(at * stride);
    ((rows.skip_rows(0, at), first), (rows.skip_rows(at, rows.rows - at), second))
}

/// A range of columns of the records, and the buffer to which they are copied.
pub(crate) struct ColumnDestination<'a, T> {
    pub(crate) columns: Range<usize>,
    pub(crate) to: &'a mut [T],
}

/// The operands of [`JoinedRows::take`], which has checked them.
struct Take<'r, 'a, T> {
    records: &'r JoinedRows<T>,
    members: &'r [u32],
    /// The records to prefetch, one slice after the other.
    ahead: [&'r [u32]; 2],
    /// The elements of them that are prefetched.
    prefetched: Range<usize>,
    parts: &'r mut [ColumnDestination<'a, T>],
    lanes: usize,
}

impl<T: Element> Kernel<T> for Take<'_, '_, T> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<T>>(self, s: S) {
        let Take { records: JoinedRows { values, stride, .. }, members, ahead, prefetched, parts, lanes } = self;
        let whole_lines = |elements: usize| (elements * size_of::<T>()).is_multiple_of(LINE);
        let on_lines = whole_lines(*stride) && whole_lines(prefetched.start) && whole_lines(prefetched.len());
        for lane in (0..lanes).step_by(S::LANES) {
            // A few at a time, since many prefetches in succession make the processor wait.
            let ahead = block(ahead, lane, S::LANES);
            if on_lines {
                for line in prefetched.clone().step_by(LINE / size_of::<T>()) {
                    for &record in ahead {
                        prefetch_line(values, record as usize * stride + line);
                    }
                }
            } else {
                for &record in ahead {
                    prefetch(values, record as usize * stride + prefetched.start, prefetched.len());
                }
            }
            let members = members.get(lane..).unwrap_or(&[]);
            let members = &members[..members.len().min(S::LANES)];
            for ColumnDestination { columns, to } in parts.iter_mut().filter(|part| !part.columns.is_empty()) {
                // SAFETY: the members are records, and `take` checked that the columns are in them. `lane + LANES <= lanes`,
                // both being multiples of LANES, and `to` holds `lanes` elements for each column.
                unsafe {
                    let from = values.as_ptr().add(columns.start);
                    let to = to.as_mut_ptr().add(lane);
                    if columns.len() < 4 {
                        for column in 0..columns.len() {
                            s.store_ptr(to.add(column * lanes), s.zero());
                            for (i, &record) in members.iter().enumerate() {
                                *to.add(column * lanes + i) = *from.add(record as usize * stride + column);
                            }
                        }
                    } else {
                        gather_columns(s, (from, *stride, columns.len()), members, (to, lanes));
                    }
                }
            }
        }
    }
}

/// The records that are prefetched with the lanes from `lane` on, a multiple of `count`: those of the first slice, then those of the
/// second, whose blocks begin with the first lane after the first.
#[inline(always)]
fn block([within, after]: [&[u32]; 2], lane: usize, count: usize) -> &[u32] {
    let rest = if lane < within.len() {
        &within[lane..]
    } else {
        after.get(lane - within.len().next_multiple_of(count)..).unwrap_or(&[])
    };
    &rest[..rest.len().min(count)]
}

/// Copies at least four columns of records that are `stride` apart to columns that are `lanes` apart.
///
/// # Safety
///
/// The columns of the members are valid for reads, and a vector at each column of `to` is for writes.
#[inline(always)]
unsafe fn gather_columns<T: Element, S: Simd<T>>(
    s: S,
    (from, stride, columns): (*const T, usize, usize),
    members: &[u32],
    (to, lanes): (*mut T, usize),
) {
    let zeros = [T::literal(0.0); 4];
    let mut addresses = [zeros.as_ptr(); LANES];
    for (address, &member) in addresses.iter_mut().zip(members) {
        *address = from.wrapping_add(member as usize * stride);
    }
    let mut column = 0;
    while column < columns {
        // The last four columns may overlap the previous ones, which are then copied again.
        let first = column.min(columns - 4);
        // Lanes without a record are the four zeros for any column.
        for address in addresses.iter_mut().take(S::LANES).skip(members.len()) {
            *address = zeros.as_ptr().wrapping_sub(first);
        }
        // SAFETY: `first + 4` is at most the number of columns; addresses without a record are those of the four zeros.
        unsafe {
            let four = s.gather_4(&addresses, first);
            let to = to.add(first * lanes);
            for c in 0..4 {
                s.store_ptr(to.add(c * lanes), four[c]);
            }
        }
        column = first + 4;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::Level;
    use nalgebra::DMatrix;

    #[test]
    fn equals_a_plain_loop_at_every_level() {
        fn check<T: Scalar>() {
            let cases = [(0..1, 1, 1), (1..4, 5, 5), (0..4, 4, 9), (0..12, 13, 32), (12..13, 13, 32), (2..15, 15, 32)];
            for (columns, width, batch) in cases.into_iter().chain([(0..16, 16, 16), (3..20, 21, 33), (0..40, 47, 7)]) {
                let value = |record: u32, column: usize| T::of(f64::from(record) + column as f64 / 64.0);
                let matrix = DMatrix::from_fn(200, width, |row, column| value(row as u32, column));
                let mut records = JoinedRows::zeros(200, width).unwrap();
                records.write(0, 0, &StridedView::new(matrix.as_view()));
                let mut order = RowOrder::ascending(200).unwrap();
                order.shuffle(&mut random::stream(1, random::Purpose::Shuffle, 0));
                let lanes = crate::kernels::padded(batch);
                for start in [0, 20, 200 - batch] {
                    let members = &order.rows[start..start + batch];
                    let holds = |to: &[T], level: &str| {
                        for (column, values) in columns.clone().zip(to.chunks(lanes)) {
                            for (lane, found) in values.iter().enumerate() {
                                let wanted = members.get(lane).map_or(T::zero(), |&record| value(record, column));
                                assert_eq!(*found, wanted, "{level} {columns:?} of {width}, {batch} from {start}");
                            }
                        }
                    };
                    let mut to = vec![-T::one(); columns.len() * lanes];
                    let part = [ColumnDestination { columns: columns.clone(), to: &mut to }];
                    records.take(&order, (start..start + batch, start + batch), &mut { part }, lanes);
                    holds(&to, "all");
                    for level in Level::all() {
                        to.fill(-T::one());
                        let parts = &mut [ColumnDestination { columns: columns.clone(), to: &mut to }];
                        let prefetched = columns.clone();
                        let take = Take { records: &records, members, ahead: [members; 2], prefetched, parts, lanes };
                        T::dispatch(take, level);
                        holds(&to, &format!("{level:?}"));
                    }
                }
            }
        }
        check::<f32>();
        check::<f64>();
    }

    #[test]
    fn a_thread_prefetches_what_it_copies_next() {
        let (within, after): (Vec<u32>, Vec<u32>) = ((0..40).collect(), (100..164).collect());
        for length in [0, 5, 16, 40] {
            for lanes in [8, 16] {
                let blocks = (0..128).step_by(lanes).flat_map(|lane| block([&within[..length], &after], lane, lanes));
                assert!(blocks.eq(within[..length].iter().chain(&after)), "{length} in blocks of {lanes}");
            }
        }
    }

    #[test]
    fn records_share_no_more_lines_than_they_must() {
        // Width, and stride in f32 and f64: 13 f32 are padded to a line of 16; for 9 that would take too much memory.
        let cases =
            [(1, 1, 1), (3, 4, 4), (5, 5, 5), (6, 8, 8), (9, 9, 9), (13, 16, 16), (20, 20, 24), (794, 800, 800)];
        for (width, single, double) in cases {
            assert_eq!((stride::<f32>(width), stride::<f64>(width)), (single, double), "{width}");
        }
    }

    #[test]
    fn a_large_batch_is_taken_by_several_threads() {
        let matrix = DMatrix::from_fn(1100, 70, |row, column| (100 * row + column) as f64);
        let mut records = JoinedRows::zeros(1100, 71).unwrap();
        records.write(0, 1, &StridedView::new(matrix.as_view()));
        let mut order = RowOrder::ascending(1100).unwrap();
        order.shuffle(&mut random::stream(1, random::Purpose::Shuffle, 0));
        let lanes = 1104;
        let (mut to, mut firsts) = (vec![7.0; 70 * lanes], vec![7.0; lanes]);
        let parts = [(1..71, &mut to), (0..1, &mut firsts)];
        records.take(&order, (0..1100, 1100), &mut parts.map(|(columns, to)| ColumnDestination { columns, to }), lanes);
        for (column, values) in to.chunks(lanes).enumerate() {
            let wanted = order.rows.iter().map(|&row| (100 * row) as f64 + column as f64);
            assert!(wanted.eq(values[..1100].iter().copied()) && values[1100..] == [0.0; 4]);
        }
        assert_eq!(firsts, vec![0.0; lanes]);
    }

    #[test]
    fn a_part_without_columns_is_left_alone() {
        let records = JoinedRows::<f32>::zeros(20, 4).unwrap();
        let order = RowOrder::ascending(20).unwrap();
        records.take(&order, (0..20, 20), &mut [ColumnDestination { columns: 4..4, to: &mut [] }], 32);
    }

    #[test]
    fn blocks_of_rows_are_read_back_as_the_matrix() {
        let matrix = DMatrix::from_fn(7, 3, |row, column| (10 * row + column) as f32);
        let mut records = JoinedRows::zeros(7, 4).unwrap();
        for (row, count) in [(0, 5), (5, 2)] {
            records.write(row, 1, &StridedView::new(matrix.as_view()).skip_rows(row, count));
        }
        let read = records.columns(1..4);
        assert_eq!((read.rows, read.columns), (7, 3));
        assert!((0..7).all(|row| (0..3).all(|column| read.at(row, column) == matrix[(row, column)])));
        assert_eq!(records.columns(4..4).columns, 0);
    }

    #[test]
    #[should_panic(expected = "self.values.len()")]
    fn there_are_no_more_records_than_at_first() {
        let mut records = JoinedRows::<f32>::zeros(3, 4).unwrap();
        records.set_len(1);
        records.write(1, 0, &StridedView::of_column(&[1.0, 2.0]));
        records.set_len(3);
        assert_eq!(records.columns(0..1).at(2, 0), 2.0);
        records.set_len(4);
    }

    #[test]
    #[should_panic(expected = "order.len()")]
    fn an_order_of_more_records_is_not_followed() {
        let order = RowOrder::ascending(2).unwrap();
        JoinedRows::<f32>::zeros(1, 4).unwrap().take(&order, (0..1, 1), &mut [], 16);
    }

    #[test]
    #[should_panic(expected = "columns.end")]
    fn a_column_beyond_the_record_is_not_read() {
        JoinedRows::zeros(1, 4).unwrap().take(
            &RowOrder::ascending(1).unwrap(),
            (0..1, 1),
            &mut [ColumnDestination { columns: 4..5, to: &mut [0.0f32; 16] }],
            16,
        );
    }
}
