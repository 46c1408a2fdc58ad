//! Iterates over the batches of an epoch.

use std::ops::Range;

/// The number of batches while a block source has not been read to its end.
const UNKNOWN: usize = usize::MAX;

/// The batches of a dataset, divided into epochs.
///
/// Without a limit each epoch is a pass over all batches. With a limit, an epoch continues where the previous one ended, and a
/// new pass begins after the last batch; as in Keras, an epoch does not extend into the next pass.
#[derive(Debug, Clone)]
pub(crate) struct EpochIterator {
    /// The number of batches of a pass; [`UNKNOWN`] until the first pass over a block source has ended.
    count: usize,
    limit: Option<usize>,
    /// The first batch of the epoch that was begun last.
    begin: usize,
    /// The number of batches of this pass that were used, which is the index of the next epoch's first batch.
    seen: usize,
}

impl EpochIterator {
    pub(super) fn new(rows: usize, batch_size: usize, limit: Option<usize>) -> Self {
        EpochIterator { count: rows.div_ceil(batch_size.max(1)), limit, begin: 0, seen: 0 }
    }

    /// Iterates over a block source, whose number of rows may be unknown.
    pub(super) fn of_source(rows: Option<usize>, batch_size: usize, limit: Option<usize>) -> Self {
        let count = rows.map_or(UNKNOWN, |rows| rows.div_ceil(batch_size.max(1)));
        EpochIterator { count, limit, begin: 0, seen: 0 }
    }

    /// Whether the number of batches is unknown.
    pub(super) fn is_open(&self) -> bool {
        self.count == UNKNOWN
    }

    /// Sets the number of batches of a pass when its end is found.
    pub(super) fn end_pass(&mut self, count: usize) {
        (self.count, self.seen) = (count, 0);
    }

    /// The number of batches of a pass, if it is known.
    pub(super) fn of_pass(&self) -> Option<usize> {
        (self.count != UNKNOWN).then_some(self.count)
    }

    /// Sets the number of batches of a pass to that of the rank with the most batches; `None` if it is unknown.
    pub(super) fn set_of_pass(&mut self, count: Option<usize>) {
        self.count = count.unwrap_or(UNKNOWN);
    }

    /// The number of steps of an epoch for the display; 0 while it is unknown.
    pub(super) fn shown(&self) -> usize {
        if self.per_epoch() == UNKNOWN { 0 } else { self.per_epoch() }
    }

    /// The number of batches of an epoch, unless the pass ends earlier.
    pub(super) fn per_epoch(&self) -> usize {
        self.limit.map_or(self.count, |limit| limit.min(self.count))
    }

    /// The first batch of the epoch that was begun last.
    pub(crate) fn begin(&self) -> usize {
        self.begin
    }

    /// The first batch of the next epoch.
    pub(crate) fn next(&self) -> usize {
        self.seen
    }

    /// Sets the batch with which the next epoch begins, or 0 if the pass has fewer batches.
    pub(super) fn go_to(&mut self, batch: usize) {
        self.seen = if batch < self.count { batch } else { 0 };
    }

    /// The number of batches of the next epoch, at most up to the end of the pass.
    pub(super) fn in_next_epoch(&self) -> usize {
        self.per_epoch().min(self.count - self.seen)
    }

    /// Whether the next epoch begins a pass.
    pub(super) fn at_start(&self) -> bool {
        self.seen == 0
    }

    /// The batches of the next epoch.
    pub(super) fn next_epoch(&mut self) -> Range<usize> {
        self.begin = self.seen;
        let end = self.begin + self.in_next_epoch();
        self.seen = if end == self.count { 0 } else { end };
        self.begin..end
    }
}

#[cfg(test)]
mod tests {
    use super::EpochIterator;

    #[test]
    fn an_epoch_goes_on_where_the_one_before_ended() {
        let mut batches = EpochIterator::new(10, 2, Some(2));
        let epochs: Vec<_> = (0..5).map(|_| (batches.at_start(), batches.next_epoch())).collect();
        assert_eq!(epochs, [(true, 0..2), (false, 2..4), (false, 4..5), (true, 0..2), (false, 2..4)]);
        let mut all = EpochIterator::new(9, 2, None);
        assert_eq!((all.next_epoch(), all.next_epoch()), (0..5, 0..5));
        assert_eq!(EpochIterator::new(9, 2, Some(50)).per_epoch(), 5);
        batches.go_to(4);
        assert_eq!((batches.in_next_epoch(), batches.next_epoch(), batches.begin(), batches.next()), (1, 4..5, 4, 0));
        batches.go_to(5);
        assert_eq!(batches.next_epoch(), 0..2);
        let mut open = EpochIterator::of_source(None, 2, Some(2));
        assert_eq!((open.next_epoch(), open.next_epoch(), open.is_open(), open.shown()), (0..2, 2..4, true, 2));
        open.end_pass(4);
        assert_eq!((open.at_start(), open.next_epoch(), open.next_epoch(), open.at_start()), (true, 0..2, 2..4, true));
        assert_eq!(EpochIterator::of_source(None, 2, None).shown(), 0);
    }
}
