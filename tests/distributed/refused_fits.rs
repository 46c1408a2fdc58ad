//! A fit in which one rank differs, over any communicator: all ranks return an error that names it, and can go on.

use nalgebra::DMatrix;
use perceptra::distributed::Communicator;
use perceptra::prelude::*;
use perceptra::{Error, Result};

/// A rank that was built with another version of the crate: it compares what it receives with another number.
pub(crate) struct OtherVersion<'a, C> {
    pub(crate) world: &'a C,
    pub(crate) is_other: bool,
}

impl<C: Communicator> Communicator for OtherVersion<'_, C> {
    fn rank(&self) -> usize {
        self.world.rank()
    }

    fn size(&self) -> usize {
        self.world.size()
    }

    fn sum_f32(&self, values: &mut [f32]) -> Result<()> {
        self.world.sum_f32(values)
    }

    fn sum_f64(&self, values: &mut [f64]) -> Result<()> {
        self.world.sum_f64(values)
    }

    fn broadcast(&self, root: usize, bytes: &mut [u8]) -> Result<()> {
        self.world.broadcast(root, bytes)?;
        let name = b"\"the crate's version\",\"";
        let found = bytes.windows(name.len()).position(|part| part == name);
        if let (true, Some(at)) = (self.is_other, found) {
            bytes[at + name.len()] = b'9';
        }
        Ok(())
    }
}

/// What the last rank has that the others do not have.
#[derive(Clone, Copy, PartialEq)]
enum Fault {
    None,
    Version,
    Units,
    Optimizer,
    Rows,
}

fn fit(world: &impl Communicator, fault: Fault) -> Result<()> {
    let has = |of: Fault| of == fault && world.rank() + 1 == world.size();
    let rows = if has(Fault::Rows) { 0 } else { 20 };
    let x = DMatrix::from_fn(rows, 2, |i, j| ((i * (3 + 2 * j)) % 11) as f32 / 11.0);
    let y = DMatrix::from_fn(rows, 1, |i, _| f32::from(u8::from(x[(i, 0)] > 0.5)));
    let layers = Sequential::new().add(Dense::new(if has(Fault::Units) { 5 } else { 4 }, Tanh));
    let optimizer = SGD.learning_rate(if has(Fault::Optimizer) { 0.2 } else { 0.1 });
    let mut model = layers.add(Dense::new(1, Sigmoid)).seed(3).compile(optimizer, "bce", ());
    let world = OtherVersion { world, is_other: has(Fault::Version) };
    model.fit(&x, &y, Fit::new().epochs(1).distributed(&world).verbose(0)).map(drop)
}

/// The last of several ranks is refused by its number; afterwards a fit without a fault succeeds.
pub(crate) fn check(world: &impl Communicator) -> Result<()> {
    let last = world.size() - 1;
    for (fault, cause) in [
        (Fault::Version, "in the crate's version"),
        (Fault::Units, "other than on rank 0 in a layer"),
        (Fault::Optimizer, "other than on rank 0 in the optimizer"),
        (Fault::Rows, "x is empty"),
    ] {
        // A single rank equals itself.
        if last > 0 {
            let error = fit(world, fault).err();
            let message = error.as_ref().map(ToString::to_string).unwrap_or_default();
            assert!(message.contains(cause), "rank {}: {message}", world.rank());
            if world.rank() < last {
                assert!(matches!(error, Some(Error::Rank { rank, .. }) if rank == last), "{message}");
                assert!(message.starts_with(&format!("rank {last}: ")), "{message}");
            }
        }
        fit(world, Fault::None)?;
    }
    Ok(())
}
