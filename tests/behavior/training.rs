//! Tests of fits through the public API.

use nalgebra::{DMatrix, DVector};
use perceptra::models::{Evaluate, row_major};
use perceptra::prelude::*;
use perceptra::{Error, Result};

fn data(rows: usize) -> (DMatrix<f32>, DVector<f32>) {
    let x = DMatrix::from_fn(rows, 3, |i, j| ((i * (2 * j + 3) + j) % 17) as f32 / 17.0 - 0.5);
    let y = DVector::from_fn(rows, |i, _| f32::from(u8::from(x[(i, 0)] + x[(i, 1)] > 0.1)));
    (x, y)
}

fn model(seed: u64) -> Model {
    Sequential::new().add(Dense::new(6, Relu)).add(Dropout::new(0.1)).add(Dense::new(1, Sigmoid)).seed(seed).compile(
        Adam.learning_rate(0.01),
        BinaryCrossentropy,
        metrics![Accuracy, Recall],
    )
}

fn weights(model: &Model) -> Vec<f32> {
    model.network().unwrap().flat_weights().to_vec()
}

#[test]
fn a_fit_without_a_copy_of_the_rows_gives_the_same_bits() -> Result<()> {
    // More rows than a window of 2 MiB holds, which are 8,192 here.
    let x = DMatrix::from_fn(10_000, 60, |i, j| ((i * (2 * j + 3) + j) % 17) as f32 / 17.0 - 0.5);
    let y = DVector::from_fn(x.nrows(), |i, _| f32::from(u8::from(x[(i, 0)] + x[(i, 1)] > 0.1)));
    let sample_weight: Vec<f32> = (0..x.nrows()).map(|i| 0.5 + (i % 3) as f32).collect();
    let transposed = x.transpose();
    let run = |copy: bool, vary: &dyn Fn(Fit<'static, f32>) -> Fit<'static, f32>| -> Result<_> {
        let fit = vary(Fit::new().batch_size(300).epochs(2).copy_rows(copy).verbose(0));
        let layers = Sequential::new().add(Dense::new(1, Sigmoid)).seed(3);
        let mut model = layers.compile(Adam, BinaryCrossentropy, metrics![Accuracy]);
        let history = model.fit(&x, &y, Fit::from(&fit.options()?).sample_weight(&sample_weight))?;
        Ok((weights(&model), history.get("loss").map(<[f64]>::to_vec)))
    };
    let cases: [&dyn Fn(Fit<'static, f32>) -> Fit<'static, f32>; 4] =
        [&|fit| fit, &|fit| fit.shuffle(false), &|fit| fit.validation_split(0.1).class_weight([(1, 2.0)]), &|fit| {
            fit.steps_per_epoch(20).epochs(3)
        }];
    for (case, vary) in cases.into_iter().enumerate() {
        assert_eq!(run(false, vary)?, run(true, vary)?, "case {case}");
    }
    // Rows that are in one place each.
    let mut fits = [true, false].into_iter().map(|copy| {
        let layers = Sequential::new().add(Dense::new(1, Sigmoid)).seed(3);
        let mut model: Model = layers.compile(Adam, BinaryCrossentropy, ());
        let x = row_major(transposed.as_slice(), x.ncols())?;
        model.fit(&x, &y, Fit::new().batch_size(300).copy_rows(copy).verbose(0))?;
        Ok::<_, Error>(weights(&model))
    });
    assert_eq!(fits.next().transpose()?, fits.next().transpose()?);
    Ok(())
}

#[test]
fn one_seed_gives_the_same_bits_and_another_does_not() -> Result<()> {
    let (x, y) = data(150);
    let run = |seed, fit: Fit<'_, f32>| -> Result<Vec<f32>> {
        let mut model = model(seed);
        model.fit(&x, &y, fit.epochs(3).verbose(0))?;
        Ok(weights(&model))
    };
    let first = run(1, Fit::new())?;
    assert_eq!(first, run(1, Fit::new())?);
    assert_ne!(first, run(2, Fit::new())?);
    assert_ne!(first, run(1, Fit::new().seed(9))?, "the order of the samples has a seed of its own");
    Ok(())
}

#[test]
fn a_second_fit_continues_where_the_first_ended() -> Result<()> {
    let (x, y) = data(100);
    let mut whole = model(4);
    whole.fit(&x, &y, Fit::new().epochs(6).verbose(0))?;
    let mut parts = model(4);
    parts.fit(&x, &y, Fit::new().epochs(2).verbose(0))?;
    assert_eq!(parts.iterations(), 8);
    let history = parts.fit(&x, &y, Fit::new().initial_epoch(2).epochs(6).verbose(0))?;
    assert_eq!(history.epochs(), [2, 3, 4, 5]);
    assert_eq!(weights(&parts), weights(&whole), "dropout, order, moments and step count go on");
    Ok(())
}

#[test]
fn a_clone_trains_on_its_own() -> Result<()> {
    let (x, y) = data(64);
    let mut original = model(4);
    original.fit(&x, &y, Fit::new().verbose(0))?;
    let mut copy = original.clone();
    copy.fit(&x, &y, Fit::new().verbose(0))?;
    assert_ne!(weights(&copy), weights(&original));
    original.fit(&x, &y, Fit::new().verbose(0))?;
    assert_eq!(weights(&copy), weights(&original));
    Ok(())
}

#[test]
fn a_frozen_layer_stays_and_the_others_move() -> Result<()> {
    let (x, y) = data(64);
    let mut model = model(4);
    model.build(3)?;
    model.set_trainable("dense", false)?;
    assert_eq!(model.summary()?.trainable_parameters(), 7);
    let (first, last) = (model.weights("dense")?, model.weights("dense_1")?);
    model.fit(&x, &y, Fit::new().epochs(2).verbose(0))?;
    assert_eq!(model.weights("dense")?, first);
    assert_ne!(model.weights("dense_1")?, last);
    model.set_trainable("dense", true)?;
    model.fit(&x, &y, Fit::new().verbose(0))?;
    assert_ne!(model.weights("dense")?, first);
    Ok(())
}

#[test]
fn a_frozen_layer_in_the_middle_still_passes_gradients_down() -> Result<()> {
    let (x, y) = data(64);
    let mut model = Sequential::new()
        .add(Dense::new(4, Tanh))
        .add(Dense::new(4, Tanh).trainable(false).name("frozen"))
        .add(Dense::new(1, Sigmoid))
        .seed(1)
        .compile(Adam, BinaryCrossentropy, ());
    model.build(3)?;
    let before = [model.weights("dense")?, model.weights("frozen")?];
    model.fit(&x, &y, Fit::new().verbose(0))?;
    assert_ne!(model.weights("dense")?, before[0]);
    assert_eq!(model.weights("frozen")?, before[1]);
    Ok(())
}

#[test]
fn recompiling_keeps_the_weights_and_resets_the_optimizer() -> Result<()> {
    let (x, y) = data(64);
    let mut model = model(4);
    model.fit(&x, &y, Fit::new().verbose(0))?;
    let before = weights(&model);
    let mut model = model.compile(SGD, "mse", ["mae"]);
    assert_eq!((weights(&model), model.iterations()), (before, 0));
    let history = model.fit(&x, &y, Fit::new().verbose(0))?;
    assert_eq!(history.names().collect::<Vec<_>>(), ["loss", "mae"]);
    Ok(())
}

#[test]
fn a_network_that_was_never_compiled_predicts() -> Result<()> {
    let mut network = Sequential::new().add(Input::new(2)).add(Dense::new(2, Relu)).build_declared()?;
    network.set_weights("dense", &[dmatrix![1.0, -1.0; 2.0, 1.0], dmatrix![0.5, 0.0]])?;
    assert_eq!(network.predict(&dmatrix![1.0, 1.0; -1.0, 0.0])?, dmatrix![3.5, 0.0; 0.0, 1.0]);
    assert_eq!(network.weights("dense")?[1], dmatrix![0.5, 0.0]);
    Ok(())
}

#[test]
fn the_last_rows_validate_and_are_not_trained_on() -> Result<()> {
    let (x, y) = data(100);
    let mut split = model(4);
    let history = split.fit(&x, &y, Fit::new().epochs(2).validation_split(0.3).verbose(0))?;
    let (x_train, y_train) = (x.rows(0, 70), y.rows(0, 70));
    let (x_rest, y_rest) = (x.rows(70, 30), y.rows(70, 30));
    let mut given = model(4);
    let same = given.fit(&x_train, &y_train, Fit::new().epochs(2).validation_data(&x_rest, &y_rest).verbose(0))?;
    assert_eq!(weights(&split), weights(&given));
    assert_eq!(history.get("val_loss"), same.get("val_loss"));
    let evaluated = split.evaluate(&x_rest, &y_rest)?;
    assert_eq!(history.last("val_loss"), evaluated.get("loss"));
    assert_eq!(history.last("val_recall"), evaluated.get("recall"));
    Ok(())
}

#[test]
fn class_weights_are_sample_weights() -> Result<()> {
    let (x, y) = data(100);
    let mut by_class = model(4);
    by_class.fit(&x, &y, Fit::new().class_weight([(1, 3.0)]).verbose(0))?;
    let each: Vec<f32> = y.iter().map(|label| if *label == 1.0 { 3.0 } else { 1.0 }).collect();
    let mut by_sample = model(4);
    by_sample.fit(&x, &y, Fit::new().sample_weight(&each).verbose(0))?;
    assert_eq!(weights(&by_class), weights(&by_sample));
    let mut plain = model(4);
    plain.fit(&x, &y, Fit::new().verbose(0))?;
    assert_ne!(weights(&by_class), weights(&plain));

    // A weight of 0 takes a sample out; the mean still divides by the count.
    let none: Vec<f32> = (0..100).map(|i| if i < 50 { 2.0 } else { 0.0 }).collect();
    let weighted = plain.evaluate_with(&x, &y, Evaluate::new().sample_weight(&none))?;
    let half = plain.evaluate(&x.rows(0, 50), &y.rows(0, 50))?;
    approx::assert_relative_eq!(weighted.loss(), half.loss(), max_relative = 1e-5);
    Ok(())
}

#[test]
fn the_class_of_a_weight_is_the_rounded_target() -> Result<()> {
    // One step of a bias from 0: −rate · mean(weight · 2(0 − y)) = 0.2 · weight · y.
    let step = |target: f32, weights: [(usize, f64); 2]| -> Result<f32> {
        let mut model = Sequential::new().add(Dense::new(1, Linear).kernel_initializer("zeros")).compile(
            SGD.learning_rate(0.1),
            "mse",
            (),
        );
        let (x, y) = (DMatrix::from_element(4, 1, 1.0), DVector::from_element(4, target));
        model.fit(&x, &y, Fit::new().class_weight(weights).verbose(0))?;
        Ok(model.weights("dense")?[1][0])
    };
    for (target, weight) in [(0.9, 3.0), (0.4, 2.0), (0.5, 2.0), (1.5, 1.0), (-1.0, 1.0), (-0.2, 2.0)] {
        let bias = step(target, [(0, 2.0), (1, 3.0)])?;
        approx::assert_relative_eq!(bias, 0.2 * weight * target, max_relative = 1e-6);
    }
    Ok(())
}

#[test]
fn weighted_metrics_count_weights_and_plain_ones_do_not() -> Result<()> {
    let (x, y) = data(100);
    let mut model = model(4).weighted_metrics(metrics![Accuracy]);
    model.fit(&x, &y, Fit::new().epochs(3).verbose(0))?;
    let first: Vec<f32> = (0..100).map(|i| f32::from(u8::from(i < 20))).collect();
    let logs = model.evaluate_with(&x, &y, Evaluate::new().sample_weight(&first))?;
    let part = model.evaluate(&x.rows(0, 20), &y.rows(0, 20))?;
    assert_eq!(logs.get("accuracy_1"), part.get("accuracy"));
    assert_eq!(logs.get("accuracy"), model.evaluate(&x, &y)?.get("accuracy"));
    Ok(())
}

#[test]
fn a_fit_that_diverges_keeps_the_last_good_epoch() -> Result<()> {
    let x = DMatrix::from_fn(64, 2, |i, j| (i + j) as f32);
    let y = DVector::from_fn(64, |i, _| i as f32);
    let mut model = Sequential::new().add(Dense::new(1, Linear)).seed(1).compile(SGD.learning_rate(0.1), "mse", ());
    let error = model.fit(&x, &y, Fit::new().epochs(30).verbose(0)).unwrap_err();
    assert!(matches!(error, Error::Diverged { .. }), "{error}");
    assert!(error.to_string().contains("lower the learning rate"), "{error}");
    assert!(weights(&model).iter().all(|weight| weight.is_finite()));
    assert!(model.predict(&x).is_ok());
    Ok(())
}

#[test]
fn early_stopping_stops_and_returns_to_the_best_epoch() -> Result<()> {
    let (x, y) = data(60);
    let far = y.map(|label| 1.0 - label);
    let mut stopping = EarlyStopping::new().patience(2).restore_best_weights(true);
    let mut model = model(4);
    let fit = Fit::new().epochs(50).validation_data(&x, &far).callback(&mut stopping).verbose(0);
    let history = model.fit(&x, &y, fit)?;
    // The better the fit, the worse on opposite labels: the first epochs are the best.
    let stopped = stopping.stopped_epoch().expect("stopped");
    assert_eq!(history.epochs().len(), stopped + 1);
    assert_eq!(stopped, stopping.best_epoch() + 2);
    let losses = history.get("val_loss").unwrap();
    assert_eq!(stopping.best(), losses.iter().copied().reduce(f64::min));
    assert_eq!(model.evaluate(&x, &far)?.get("loss"), stopping.best());
    Ok(())
}

#[test]
fn validation_every_other_epoch_leaves_gaps() -> Result<()> {
    let (x, y) = data(60);
    let fit = Fit::new().epochs(4).validation_split(0.2).validation_freq(2).verbose(0);
    let history = model(4).fit(&x, &y, fit)?;
    let gaps: Vec<bool> = history.get("val_loss").unwrap().iter().map(|loss| loss.is_nan()).collect();
    assert_eq!(gaps, [true, false, true, false]);
    Ok(())
}

#[test]
fn one_row_ragged_batches_and_large_batches_work() -> Result<()> {
    for rows in [1, 2, 31, 33] {
        let (x, y) = data(rows);
        for batch in [1, 7, 32, 1000] {
            let history = model(4).fit(&x, &y, Fit::new().batch_size(batch).epochs(2).verbose(0))?;
            assert!(history.last("loss").unwrap().is_finite());
        }
    }
    Ok(())
}

/// Rows that pad a batch to whole vectors must have no effect: a batch of 20 has 12 padding rows.
#[test]
fn padding_rows_do_not_count() -> Result<()> {
    let (x, y) = data(20);
    let train = |copies: usize| -> Result<Vec<f32>> {
        let (x, y) =
            (DMatrix::from_fn(20 * copies, 3, |i, j| x[(i % 20, j)]), DVector::from_fn(20 * copies, |i, _| y[i % 20]));
        let mut model =
            Sequential::new().add(Dense::new(5, Sigmoid)).add(Dense::new(1, Sigmoid)).seed(1).compile("sgd", "bce", ());
        model.fit(&x, &y, Fit::new().batch_size(20 * copies).epochs(5).shuffle(false).verbose(0))?;
        Ok(weights(&model))
    };
    // The mean gradient of 20 rows (12 of padding) is that of 80 rows (none).
    for (a, b) in train(1)?.iter().zip(train(4)?) {
        approx::assert_relative_eq!(*a, b, max_relative = 1e-5, epsilon = 1e-6);
    }
    Ok(())
}

/// The progress display is written to standard error, which may be closed: `program 2>&1 | head`.
#[test]
fn nobody_has_to_read_what_a_fit_shows() {
    const CHILD: &str = "PERCEPTRA_TEST_CLOSED_PIPE";
    if std::env::var_os(CHILD).is_some() {
        let (x, y) = (DMatrix::from_fn(8, 2, |i, j| (i + j) as f32), DMatrix::from_fn(8, 1, |i, _| (i % 2) as f32));
        let mut model = Sequential::new().add(Dense::new(1, Sigmoid)).compile("adam", "bce", ["accuracy"]);
        let stopping = EarlyStopping::new().monitor("loss").patience(0).min_delta(1e9).verbose(1);
        for verbosity in [1, 2] {
            model.fit(&x, &y, Fit::new().epochs(9).callback(stopping.clone()).verbose(verbosity)).unwrap();
            model.evaluate_with(&x, &y, Evaluate::new().verbose(verbosity)).unwrap();
        }
        return;
    }
    let mut child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "training::nobody_has_to_read_what_a_fit_shows", "--nocapture"])
        .env(CHILD, "1")
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stderr.take());
    assert!(child.wait().unwrap().success());
}
