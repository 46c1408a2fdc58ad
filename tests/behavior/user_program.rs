//! Programs that users can write, compiled outside of the crate.

use nalgebra::{DMatrix, DVector, SMatrix};
use perceptra::models::{from_rows, row_major};
use perceptra::prelude::*;

fn data() -> (DMatrix<f32>, DVector<f32>) {
    let x = DMatrix::from_fn(100, 3, |i, j| ((i * (j + 3) + j) % 11) as f32 / 11.0);
    let y = DVector::from_fn(100, |i, _| f32::from(u8::from(x[(i, 0)] + x[(i, 1)] > 1.0)));
    (x, y)
}

#[test]
fn the_bare_line_compiles() {
    let _ = Sequential::new().add(Dense::new(12, Relu));
}

#[test]
fn the_program_of_the_readme() -> perceptra::Result<()> {
    let (x_train, y_train) = data();
    let x_test = x_train.rows(0, 20);

    let mut ann = Sequential::new()
        .add(Dense::new(12, Relu))
        .add(Dense::new(12, Relu))
        .add(Dense::new(1, Sigmoid))
        .compile(Adam::default(), BinaryCrossentropy::default(), metrics![Accuracy, Recall, Precision]);

    let history = ann.fit(&x_train, &y_train, Fit::new().batch_size(32).epochs(10))?;
    let probability = ann.predict(&x_test)?;

    assert_eq!(history.names().collect::<Vec<_>>(), ["loss", "accuracy", "recall", "precision"]);
    assert_eq!(history.get("loss").unwrap().len(), 10);
    assert_eq!(probability.shape(), (20, 1));
    assert!(probability.iter().all(|p| (0.0..=1.0).contains(p)));
    Ok(())
}

/// The README shows exactly the program that the test above compiles and runs.
#[test]
fn the_readme_shows_this_program() {
    let squeezed = |text: &str| text.split_whitespace().collect::<String>();
    let readme = include_str!("../../README.md");
    let block =
        readme.split("```rust,ignore").nth(1).and_then(|rest| rest.split("```").next()).expect("a block of Rust");
    let source = squeezed(include_str!("user_program.rs"));
    for statement in block.split(';').map(squeezed).filter(|statement| !statement.is_empty()) {
        assert!(source.contains(&statement), "not in this file: {statement}");
    }
}

#[test]
fn names_instead_of_values() -> perceptra::Result<()> {
    let (x, y) = data();
    let mut ann = Sequential::new()
        .add(Dense::new(4, "relu").kernel_initializer("he_normal"))
        .add(Dense::new(1, "sigmoid"))
        .compile("adam", "binary_crossentropy", ["acc", "recall"]);
    let history = ann.fit(&x, &y, Fit::new().epochs(2).verbose(0))?;
    assert_eq!(history.names().collect::<Vec<_>>(), ["loss", "acc", "recall"]);
    Ok(())
}

#[test]
fn arguments_by_methods_and_f64() -> perceptra::Result<()> {
    let (x, y) = data();
    let (x, y) = (x.cast::<f64>(), y.cast::<f64>());
    let mut stopping = EarlyStopping::new().patience(2);
    let mut ann = Sequential::<f64>::default()
        .add(Dense::new(12, Relu.max_value(6.0)))
        .add(Dropout::new(0.1))
        .add(Dense::new(1, Sigmoid))
        .compile(
            Adam.learning_rate(0.01),
            BinaryCrossentropy.label_smoothing(0.05),
            metrics![Accuracy, "recall", Recall.thresholds([0.3])],
        );
    let fit = Fit::new().epochs(20).validation_data(&x, &y).callback(&mut stopping).verbose(0);
    let history = ann.fit(&x, &y, fit)?;
    assert!(history.get("val_recall_1").is_some());
    assert!(stopping.best().is_some());
    Ok(())
}

#[test]
fn any_layout_gives_the_same_predictions() -> perceptra::Result<()> {
    let (x, y) = data();
    let mut ann = Sequential::new().add(Dense::new(5, Tanh)).add(Dense::new(1, Sigmoid)).seed(3).compile(
        "sgd",
        "bce",
        metrics![],
    );
    ann.fit(&x, &y, Fit::new().verbose(0))?;
    let whole = ann.predict(&x)?;

    let part = ann.predict(&x.rows(2, 3))?;
    assert_eq!(part, whole.rows(2, 3));
    let every_second = ann.predict(&x.rows_with_step(0, 50, 1))?;
    assert_eq!(every_second[(7, 0)], whole[(14, 0)]);
    let one = ann.predict(&x.row(9))?;
    assert_eq!(one[(0, 0)], whole[(9, 0)]);
    assert_eq!(ann.predict(&SMatrix::<f32, 2, 3>::zeros())?.nrows(), 2);

    let flat: Vec<f32> = x.row_iter().flat_map(|row| row.iter().copied().collect::<Vec<_>>()).collect();
    assert_eq!(ann.predict(&row_major(&flat, 3)?)?, whole);
    let nested: Vec<Vec<f32>> = flat.chunks(3).map(<[f32]>::to_vec).collect();
    assert_eq!(ann.predict(&from_rows(&nested)?)?, whole);
    assert_eq!(ann.predict(&DMatrix::<f32>::zeros(0, 3))?.shape(), (0, 1));
    Ok(())
}

#[test]
fn several_threads_predict_with_one_model() -> perceptra::Result<()> {
    let (x, _) = data();
    let network = Sequential::new().add(Input::new(3)).add(Dense::new(2, Softmax)).build_declared()?;
    let expected = network.predict(&x)?;
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| network.predict(&x))).collect();
        threads.into_iter().all(|thread| thread.join().is_ok_and(|p| p.is_ok_and(|p| p == expected)))
    })
    .then_some(())
    .ok_or(perceptra::Error::NotBuilt)
}

#[test]
fn models_are_send_sync_and_clone() {
    fn check<M: Send + Sync + Clone>() {}
    check::<Model<f32>>();
    check::<Network<f64>>();
    check::<Sequential<f32>>();
}
