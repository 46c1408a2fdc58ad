//! No built-in loss allocates: a steady training step must not.

use super::allocations_so_far;
use nalgebra::DMatrix;
use perceptra::prelude::*;
use perceptra::{BatchBuffer, losses::Loss};

fn allocations(loss: &dyn Loss<f32>, targets: &DMatrix<f32>) -> usize {
    let p = BatchBuffer::from_matrix(&DMatrix::from_fn(37, 3, |i, j| 0.1 + 0.2 * ((i + j) % 4) as f32));
    let y = BatchBuffer::from_matrix(targets);
    let (mut losses, scale, mut dp) = (vec![0.0; 37], vec![0.5; 37], BatchBuffer::zeros(37, 3));
    let before = allocations_so_far();
    loss.forward(y.batch(), p.batch(), &mut losses);
    loss.backward(y.batch(), p.batch(), &scale, dp.batch_mut());
    allocations_so_far() - before
}

#[test]
fn forward_and_backward_allocate_nothing() {
    let one_hot = DMatrix::from_fn(37, 3, |i, j| if i % 3 == j { 1.0 } else { 0.0 });
    let classes = DMatrix::from_fn(37, 1, |i, _| (i % 3) as f32);
    let on_one_hot: Vec<Box<dyn Loss<f32>>> = vec![
        Box::new(BinaryCrossentropy),
        Box::new(BinaryCrossentropy.from_logits(true)),
        Box::new(BinaryFocalCrossentropy),
        Box::new(BinaryFocalCrossentropy.from_logits(true)),
        Box::new(CategoricalCrossentropy),
        Box::new(CategoricalCrossentropy.from_logits(true)),
        Box::new(CategoricalFocalCrossentropy),
        Box::new(CategoricalFocalCrossentropy.from_logits(true)),
        Box::new(CategoricalHinge),
        Box::new(CosineSimilarity),
        Box::new(Dice),
        Box::new(Dice.axis(1)),
        Box::new(Hinge),
        Box::new(Huber),
        Box::new(KLDivergence),
        Box::new(LogCosh),
        Box::new(MeanAbsoluteError),
        Box::new(MeanAbsolutePercentageError),
        Box::new(MeanSquaredError),
        Box::new(MeanSquaredLogarithmicError),
        Box::new(Poisson),
        Box::new(SquaredHinge),
        Box::new(Tversky),
        Box::new(Tversky.axis(1)),
    ];
    // The first kernel of a program detects the instruction set of the processor.
    allocations(&MeanSquaredError, &one_hot);
    for loss in &on_one_hot {
        assert_eq!(allocations(&**loss, &one_hot), 0, "{loss:?}");
    }
    let on_classes: Vec<Box<dyn Loss<f32>>> = vec![
        Box::new(CategoricalGeneralizedCrossEntropy),
        Box::new(SparseCategoricalCrossentropy),
        Box::new(SparseCategoricalCrossentropy.from_logits(true)),
        Box::new(SparseCategoricalCrossentropy.ignore_class(1)),
    ];
    for loss in &on_classes {
        assert_eq!(allocations(&**loss, &classes), 0, "{loss:?}");
    }
}
