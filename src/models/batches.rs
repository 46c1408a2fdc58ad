//! Which batches an epoch goes over.

use std::ops::Range;

/// The batches of some samples, and how many of them are taken at a time.
///
/// Without a limit each epoch is a pass over all of them. With one, an epoch goes on where the one before it ended,
/// and a new pass begins after the last batch; as in Keras an epoch does not reach into the next pass.
#[derive(Debug, Clone)]
pub(super) struct Batches {
    count: usize,
    limit: Option<usize>,
    /// Those of the pass that were taken.
    seen: usize,
}

impl Batches {
    pub(super) fn new(rows: usize, batch_size: usize, limit: Option<usize>) -> Self {
        Batches { count: rows.div_ceil(batch_size.max(1)), limit, seen: 0 }
    }

    /// The batches of an epoch, where the pass does not end before.
    pub(super) fn per_epoch(&self) -> usize {
        self.limit.map_or(self.count, |limit| limit.min(self.count))
    }

    /// Whether the next epoch begins a pass.
    pub(super) fn at_start(&self) -> bool {
        self.seen == 0
    }

    /// The batches of the next epoch.
    pub(super) fn next_epoch(&mut self) -> Range<usize> {
        let begin = self.seen;
        let end = (begin + self.per_epoch()).min(self.count);
        self.seen = if end == self.count { 0 } else { end };
        begin..end
    }
}

#[cfg(test)]
mod tests {
    use super::Batches;

    #[test]
    fn an_epoch_goes_on_where_the_one_before_ended() {
        let mut batches = Batches::new(10, 2, Some(2));
        let epochs: Vec<_> = (0..5).map(|_| (batches.at_start(), batches.next_epoch())).collect();
        assert_eq!(epochs, [(true, 0..2), (false, 2..4), (false, 4..5), (true, 0..2), (false, 2..4)]);
        let mut all = Batches::new(9, 2, None);
        assert_eq!((all.next_epoch(), all.next_epoch()), (0..5, 0..5));
        assert_eq!(Batches::new(9, 2, Some(50)).per_epoch(), 5);
    }
}
