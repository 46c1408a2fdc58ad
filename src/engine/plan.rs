//! The memory layout of the values of a pass, for any number of samples.
//!
//! The inputs of the network come first, then the output of each node.

use crate::kernels::LANES;
use crate::layers::WorkspacePlace;

/// The slot of each value in the memory of a pass.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(super) places: Vec<WorkspacePlace>,
    /// The number of units of all slots.
    units: usize,
    /// The number of columns of a unit if slots are reused; otherwise a unit is one column.
    widest: Option<usize>,
}

impl Plan {
    /// Plans a slot for each value, so that a backward pass can read all of them.
    pub(super) fn keeping(columns: &[usize]) -> Self {
        let mut units = 0;
        let places = columns.iter().map(|&columns| {
            units += columns;
            WorkspacePlace { at: units - columns, columns }
        });
        Plan { places: places.collect(), units, widest: None }
    }

    /// Plans as few slots as possible: one is reused as soon as the last node that reads its value has run. A chain uses
    /// two in turn.
    ///
    /// `inputs` are the values that each node reads, `outputs` those that must not be overwritten.
    pub(super) fn rolling<'a>(
        columns: &[usize],
        inputs: impl ExactSizeIterator<Item = &'a [usize]> + Clone,
        outputs: &[usize],
    ) -> Self {
        let mut last_use = vec![0; columns.len()];
        for (node, values) in inputs.clone().enumerate() {
            values.iter().for_each(|&value| last_use[value] = node);
        }
        outputs.iter().for_each(|&output| last_use[output] = usize::MAX);
        let mut units = columns.len() - inputs.len();
        let mut places: Vec<WorkspacePlace> =
            (0..units).map(|at| WorkspacePlace { at, columns: columns[at] }).collect();
        let mut free: Vec<usize> = Vec::new();
        for (node, values) in inputs.enumerate() {
            let at = free.pop().unwrap_or_else(|| {
                units += 1;
                units - 1
            });
            places.push(WorkspacePlace { at, columns: columns[places.len()] });
            for (i, &value) in values.iter().enumerate() {
                if last_use[value] == node && !values[..i].contains(&value) {
                    free.push(places[value].at);
                }
            }
        }
        Plan { places, units, widest: columns.iter().copied().max() }
    }

    /// The number of elements of a unit for columns that are `stride` apart; every slot begins at a cache line.
    pub(super) fn unit(&self, stride: usize) -> usize {
        match self.widest {
            Some(widest) => widest.saturating_mul(stride).checked_next_multiple_of(LANES).unwrap_or(usize::MAX),
            None => stride,
        }
    }

    /// The number of elements of all slots, saturating.
    pub(super) fn length(&self, stride: usize) -> usize {
        self.units.saturating_mul(self.unit(stride))
    }
}

#[cfg(test)]
mod tests {
    use super::Plan;

    fn at(plan: &Plan) -> Vec<usize> {
        plan.places.iter().map(|place| place.at).collect()
    }

    #[test]
    fn a_chain_takes_two_places_in_turn() {
        let inputs: [&[usize]; 4] = [&[0], &[1], &[2], &[3]];
        let plan = Plan::rolling(&[3, 4, 5, 2, 1], inputs.into_iter(), &[4]);
        assert_eq!(at(&plan), [0, 1, 0, 1, 0]);
        assert_eq!((plan.length(32), plan.length(1)), (2 * 5 * 32, 2 * 16));
        let kept = Plan::keeping(&[3, 4, 5, 2, 1]);
        assert_eq!((at(&kept), kept.length(32)), (vec![0, 3, 7, 12, 14], 15 * 32));
    }

    #[test]
    fn a_value_keeps_its_place_until_its_last_use() {
        // Node 0 reads the input, node 1 what node 0 wrote, node 2 both, node 3 the sum and the input, node 4 that twice.
        let inputs: [&[usize]; 5] = [&[0], &[1], &[1, 2], &[3, 0], &[4, 4]];
        let plan = Plan::rolling(&[2; 6], inputs.into_iter(), &[5]);
        for (node, values) in inputs.iter().enumerate() {
            // A node must not overwrite a value that it or a later node reads.
            let later = inputs[node..].iter().flat_map(|values| values.iter()).filter(|&&value| value <= node);
            let written = plan.places[node + 1].at;
            assert!(later.chain(values.iter()).all(|&value| plan.places[value].at != written), "node {node}");
        }
        assert_eq!(at(&plan).into_iter().max(), Some(3));
    }

    #[test]
    fn what_comes_out_keeps_its_place() {
        // Two inputs; the values of nodes 0 and 3 are outputs, and node 1 reads the former.
        let inputs: [&[usize]; 4] = [&[0], &[2], &[1], &[3, 4]];
        let plan = Plan::rolling(&[2; 6], inputs.into_iter(), &[2, 5]);
        let places = at(&plan);
        assert_eq!(places[..2], [0, 1]);
        assert!(places[3..].iter().all(|&place| place != places[2]), "{places:?}");
    }
}
