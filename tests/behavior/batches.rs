//! Fits, evaluations and predictions on sources of blocks.

use nalgebra::DMatrix;
use perceptra::batches::{BatchSource, Block, FnBatches, MatrixBatches, RowShape};
use perceptra::models::Logs;
use perceptra::prelude::*;
use perceptra::{Batch, BatchMut, Error, Result};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

const ROWS: usize = 203;

fn data() -> (DMatrix<f32>, DMatrix<f32>, Vec<f32>) {
    let x = DMatrix::from_fn(ROWS, 3, |i, j| ((i * (2 * j + 3) + j) % 17) as f32 / 17.0 - 0.5 + i as f32 / 1000.0);
    let y = DMatrix::from_fn(ROWS, 1, |i, _| f32::from(u8::from(x[(i, 0)] + x[(i, 1)] > 0.1)));
    (x, y, (0..ROWS).map(|i| (i % 5) as f32 / 2.0).collect())
}

fn model() -> Model {
    let layers = Sequential::new().add(Dense::new(5, Relu)).add(Dropout::new(0.2)).add(Dense::new(1, Sigmoid));
    let optimizer = Adam.learning_rate(CosineDecay::new(0.05, 60));
    let compiled = layers.seed(3).compile(optimizer, BinaryCrossentropy, metrics![Accuracy, AUC]);
    compiled.weighted_metrics(metrics![Recall])
}

/// The same rows from a source without a known number of rows.
fn unknown<'a>(
    x: &'a DMatrix<f32>,
    y: &'a DMatrix<f32>,
    weights: Option<&'a [f32]>,
    size: usize,
) -> impl BatchSource<f32> {
    FnBatches::new(RowShape::new(x.ncols(), y.ncols()).weighted(weights.is_some()), move |index, block| {
        let start = (index * size).min(x.nrows());
        let rows = (x.nrows() - start).min(size);
        let (x, y) = (x.rows(start, rows), y.rows(start, rows));
        block.push_matrices(&x, &y, weights.map(|weights| &weights[start..start + rows]))?;
        Ok(rows > 0)
    })
}

/// Records the arguments of every batch callback.
#[derive(Default)]
struct Seen(Vec<(usize, Vec<f64>)>);

impl Callback<f32> for Seen {
    fn on_train_batch_begin(&mut self, step: usize, _: &mut perceptra::callbacks::Context<'_, f32>) -> Result<()> {
        self.0.push((step, Vec::new()));
        Ok(())
    }

    fn on_train_batch_end(&mut self, step: usize, context: &mut perceptra::callbacks::Context<'_, f32>) -> Result<()> {
        self.0.push((step, context.logs().iter().map(|(_, value)| value).collect()));
        Ok(())
    }

    fn on_test_batch_end(&mut self, batch: usize, logs: &Logs) -> Result<()> {
        self.0.push((batch, logs.iter().map(|(_, value)| value).collect()));
        Ok(())
    }
}

fn weights_of(model: &Model) -> Vec<u32> {
    ["dense", "dense_1"]
        .iter()
        .flat_map(|layer| model.weights(layer).unwrap())
        .flat_map(|w| w.iter().map(|v| v.to_bits()).collect::<Vec<_>>())
        .collect()
}

fn assert_same(case: &str, (a, seen_a): (&Model, &Seen), (b, seen_b): (&Model, &Seen)) {
    assert_eq!(weights_of(a), weights_of(b), "{case}");
    assert!(a.history() == b.history(), "{case}: {} and {}", a.history(), b.history());
    assert!(seen_a.0 == seen_b.0, "{case}: callbacks");
}

#[test]
fn without_shuffling_a_source_trains_the_bits_of_the_matrix() -> Result<()> {
    let (x, y, weights) = data();
    let (x_val, y_val) = (x.rows(20, 50).into_owned(), y.rows(20, 50).into_owned());
    for threads in [0, 1] {
        perceptra::set_num_threads(threads);
        for (batch_size, steps, weighted) in [
            (16, None, true),
            (1, Some(60), false),
            (7, Some(3), true),
            (203, None, false),
            (500, None, true),
            (29, Some(7), false),
        ] {
            let fit = || {
                let stopping = EarlyStopping::new().patience(2).restore_best_weights(true);
                let fit =
                    Fit::new().batch_size(batch_size).epochs(7).shuffle(false).validation_batch_size(20).verbose(0);
                let fit = fit.callback(stopping).class_weight([(1, 1.5)]);
                if let Some(steps) = steps { fit.steps_per_epoch(steps) } else { fit }
            };
            let (mut whole, mut seen) = (model(), Seen::default());
            let options = fit().validation_data(&x_val, &y_val).callback(&mut seen);
            whole.fit(&x, &y, if weighted { options.sample_weight(&weights) } else { options })?;
            for block in [1, 10, 16, 202, 203, 1000] {
                let case = format!("batches of {batch_size}, blocks of {block}, {threads} threads");
                let given = weighted.then_some(weights.as_slice());
                let (mut parts, mut again) = (model(), Seen::default());
                let mut source = MatrixBatches::new(&x, &y).block_rows(block);
                if weighted {
                    source = source.weights(&weights);
                }
                let validation = MatrixBatches::new(&x_val, &y_val).block_rows(block);
                parts.fit_batches(&mut source, fit().validation_batches(validation).callback(&mut again))?;
                assert_same(&case, (&whole, &seen), (&parts, &again));

                let (mut parts, mut again) = (model(), Seen::default());
                let validation = unknown(&x_val, &y_val, None, block);
                let options = fit().validation_batches(validation).callback(&mut again);
                parts.fit_batches(&mut unknown(&x, &y, given, block), options)?;
                assert_same(&format!("{case}, unknown rows"), (&whole, &seen), (&parts, &again));

                let evaluate = || Evaluate::new().batch_size(batch_size);
                let expected = match given {
                    Some(weights) => whole.evaluate_with(&x, &y, evaluate().sample_weight(weights))?,
                    None => whole.evaluate_with(&x, &y, evaluate())?,
                };
                assert_eq!(whole.evaluate_batches_with(&mut unknown(&x, &y, given, block), evaluate())?, expected);
                assert_eq!(whole.evaluate_batches_with(&mut source, evaluate())?, expected);

                let (expected, mut start) = (whole.predict(&x)?, 0);
                whole.predict_batches(&mut source, |rows, predictions| {
                    assert_eq!(rows.x(), x.rows(start, rows.rows()));
                    assert_eq!(*predictions, expected.rows(start, rows.rows()));
                    start += rows.rows();
                    Ok(())
                })?;
                assert_eq!(start, ROWS);
            }
        }
    }
    perceptra::set_num_threads(0);
    Ok(())
}

/// Ends the fit with an error at a step of all epochs.
struct Kill(usize);

impl Callback<f32> for Kill {
    fn on_train_batch_end(&mut self, _: usize, _: &mut perceptra::callbacks::Context<'_, f32>) -> Result<()> {
        self.0 = self.0.wrapping_sub(1);
        match self.0 {
            0 => Err(Error::Callback { callback: "Kill".into(), reason: "now".into() }),
            _ => Ok(()),
        }
    }
}

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("perceptra-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn a_fit_is_resumed_within_an_epoch_with_the_same_bits() -> Result<()> {
    let (x, y, weights) = data();
    let folder = folder("resumed-batches");
    for (shuffle, hash, steps) in [(false, 0.0, None), (true, 0.0, None), (true, 0.3, None), (true, 0.2, Some(5))] {
        let fit = |path: &PathBuf| {
            let fit = Fit::new()
                .batch_size(16)
                .epochs(4)
                .shuffle(shuffle)
                .shuffle_buffer(64)
                .validation_hash(hash)
                .verbose(0);
            let fit = fit.callback(BackupAndRestore::new(path).save_freq(3).delete_checkpoint(false));
            if let Some(steps) = steps { fit.steps_per_epoch(steps) } else { fit }
        };
        let source = || unknown(&x, &y, Some(&weights), 10);
        let mut whole = model();
        let name = format!("{shuffle}-{hash}-{}", steps.is_some());
        whole.fit_batches(&mut source(), fit(&folder.join(&name)))?;
        for step in [2, 4, 7, 13, 14, 20, 27] {
            let path = folder.join(format!("{name}-{step}"));
            let mut model = model();
            let mut parts = [source(), source()];
            // Some of the fits have fewer steps.
            if model.fit_batches(&mut parts[0], fit(&path).callback(Kill(step))).is_err() {
                let mut resumed = self::model();
                resumed.fit_batches(&mut parts[1], fit(&path))?;
                assert_eq!(weights_of(&resumed), weights_of(&whole), "{shuffle} {hash} {step} {steps:?}");
                assert!(resumed.history() == whole.history(), "{}\n{}", resumed.history(), whole.history());
            }
        }
    }
    std::fs::remove_dir_all(folder).unwrap();
    Ok(())
}

/// The rows of two epochs, in the order in which a model is trained on them.
fn order(seed: u64, buffer: usize, block: usize) -> Result<Vec<f32>> {
    let x = DMatrix::from_fn(ROWS, 1, |i, _| i as f32);
    let seen = Arc::new(Mutex::new(Vec::new()));
    let note = seen.clone();
    let layer = Lambda::new(move |x: Batch<'_, f32>, mut y: BatchMut<'_, f32>| {
        note.lock().unwrap().extend_from_slice(x.column(0));
        y.column_mut(0).copy_from_slice(x.column(0));
    });
    let layers = Sequential::new().add(layer).add(Dense::new(1, Linear).kernel_initializer("zeros"));
    let mut model = layers.compile(SGD.learning_rate(0.0), "mse", ());
    let fit = Fit::new().batch_size(1).epochs(2).shuffle_buffer(buffer).seed(seed).verbose(0);
    model.fit_batches(&mut MatrixBatches::new(&x, &x).block_rows(block), fit)?;
    Ok(std::mem::take(&mut *seen.lock().unwrap()))
}

#[test]
fn shuffling_returns_every_row_once_and_repeats_with_its_seed() -> Result<()> {
    let sorted = |rows: &[f32]| {
        let mut rows = rows.to_vec();
        rows.sort_by(f32::total_cmp);
        rows
    };
    let all: Vec<f32> = (0..ROWS).map(|row| row as f32).collect();
    for (buffer, block) in [(50, 10), (203, 1000), (10_000, 30)] {
        let rows = order(1, buffer, block)?;
        let (first, second) = rows.split_at(ROWS);
        assert_eq!((sorted(first), sorted(second)), (all.clone(), all.clone()), "{buffer} {block}");
        assert!(first != all && first != second);
        assert_eq!(rows, order(1, buffer, block)?);
        assert_ne!(rows, order(2, buffer, block)?);
    }
    // Blocks come in random order, and rows go no further than their window.
    let rows = order(1, 20, 20)?;
    let first_windows: Vec<usize> = rows[..ROWS - ROWS % 20].chunks(20).map(|window| window[0] as usize / 20).collect();
    assert!(!first_windows.is_sorted());
    Ok(())
}

#[test]
fn a_hash_validates_on_the_same_rows_in_every_epoch() -> Result<()> {
    let (x, y, weights) = data();
    let mut model = Sequential::new().add(Dense::new(1, Sigmoid)).seed(1).compile(SGD.learning_rate(0.0), "bce", ());
    let fit = || Fit::new().batch_size(1).epochs(3).validation_hash(0.25).verbose(0);
    let history = model.fit_batches(&mut unknown(&x, &y, Some(&weights), 10), fit())?;
    let kept = history.steps() / 3;
    assert!((130..175).contains(&kept), "{kept} of {ROWS} rows");
    let losses = history.get("val_loss").unwrap();
    assert_eq!(losses, [losses[0]; 3]);
    // The losses of both parts add up to the loss of all rows.
    let all = model.evaluate_batches(&mut unknown(&x, &y, Some(&weights), 10))?.loss();
    let sum = history.get("loss").unwrap()[0] * kept as f64 + losses[0] * (ROWS - kept) as f64;
    approx::assert_relative_eq!(sum, all * ROWS as f64, max_relative = 1e-5);
    // The same rows in the other order and with others among them.
    let reversed = DMatrix::from_fn(ROWS, 3, |i, j| x[(ROWS - 1 - i, j)]);
    let y_reversed = DMatrix::from_fn(ROWS, 1, |i, _| y[(ROWS - 1 - i, 0)]);
    let weights_reversed: Vec<f32> = weights.iter().rev().copied().collect();
    let again = model.fit_batches(&mut unknown(&reversed, &y_reversed, Some(&weights_reversed), 7), fit())?;
    assert_eq!(again.steps(), history.steps());
    approx::assert_relative_eq!(again.get("val_loss").unwrap()[0], losses[0], max_relative = 1e-5);
    Ok(())
}

/// Fails in some way at a block.
fn failing(at: usize, how: &'static str) -> impl BatchSource<f32> {
    FnBatches::new(RowShape::new(1, 1).weighted(true), move |index, block: &mut Block<f32>| {
        let fails = index == at;
        for row in 0..10 {
            let last = fails && row == 9;
            let value = |name| if last && how == name { f32::NAN } else { 0.5 };
            let target = if last && how == "target" { 2.0 } else { 1.0 };
            block.push(&[value("x")], &[if how == "y" { value("y") } else { target }], value("weight"))?;
        }
        match how {
            "error" if fails => Err(Error::Callback { callback: "source".into(), reason: "no more".into() }),
            "panic" if fails => panic!("a source that panics"),
            "shape" if fails => {
                *block = Block::new(RowShape::new(2, 1));
                Ok(true)
            }
            _ => Ok(index < 6),
        }
    })
}

#[test]
fn invalid_sources_are_errors() {
    let mut model = Sequential::new().add(Dense::new(1, Sigmoid)).seed(1).compile("sgd", "bce", ());
    let fit = || Fit::new().batch_size(8).epochs(2).shuffle(false).verbose(0);
    for threads in [1, 0] {
        perceptra::set_num_threads(threads);
        for (how, message) in [
            ("error", "no more"),
            ("x", "x holds NaN at row 39, column 0"),
            ("y", "y holds NaN at row 39, column 0"),
            ("weight", "weights holds NaN at row 39"),
            ("target", "the target at row 39, column 0 (counted from 0) is 2"),
            ("shape", "BatchSource: next_block is a block of"),
        ] {
            let found = [
                model.fit_batches(&mut failing(3, how), fit()).map(drop),
                model.evaluate_batches(&mut failing(3, how)).map(drop),
                model.fit_batches(&mut failing(100, how), fit().validation_batches(failing(3, how))).map(drop),
            ];
            for found in found {
                let found = found.unwrap_err().to_string();
                assert!(found.contains(message), "{how}: {found}");
            }
        }
        for at in [0, 3] {
            let caught = catch_unwind(AssertUnwindSafe(|| model.fit_batches(&mut failing(at, "panic"), fit())));
            assert_eq!(caught.unwrap_err().downcast_ref::<&str>(), Some(&"a source that panics"));
        }
    }
    perceptra::set_num_threads(0);

    let empty = || FnBatches::new(RowShape::new(1, 1), |_, _: &mut Block<f32>| Ok(false));
    assert!(matches!(model.fit_batches(&mut empty(), fit()), Err(Error::Empty { .. })));
    assert!(matches!(model.evaluate_batches(&mut empty()), Err(Error::Empty { .. })));
    // Another number of rows in the second pass, and another one than it declares.
    let mut pass = 0;
    let mut changing = FnBatches::new(RowShape::new(1, 1), move |index, block: &mut Block<f32>| {
        pass += usize::from(index == 0);
        block.push(&[0.0], &[0.0], 1.0)?;
        Ok(index + pass < 20)
    });
    let error = model.fit_batches(&mut changing, fit()).unwrap_err().to_string();
    assert!(
        error.contains(
            "18 rows in one pass; expected as many rows as it has, or had in the pass before, in every pass: 19"
        ),
        "{error}"
    );

    let (x, w) = (DMatrix::from_element(9, 1, 0.5f32), vec![1.0; 9]);
    let source = || MatrixBatches::new(&x, &x);
    let mut refused = |options: Fit<'_, f32>, name: &str| {
        let error = model.fit_batches(&mut source(), options).unwrap_err().to_string();
        assert!(error.contains(name), "{error}");
    };
    refused(fit().sample_weight(&w), "CsvBatches::weight");
    refused(fit().validation_split(0.5), "validation_hash");
    refused(fit().copy_rows(false), "shuffle_buffer");
    refused(fit().validation_hash(1.0), "[0, 1)");
    refused(fit().validation_hash(0.5).validation_data(&x, &x), "one of validation_batches");
    refused(fit().shuffle_buffer(0), "shuffle_buffer");
    for options in
        [fit().shuffle_buffer(4), fit().validation_hash(0.1), fit().validation_batches(MatrixBatches::new(&x, &x))]
    {
        assert!(model.fit(&x, &x, options).unwrap_err().to_string().contains("only with fit_batches"));
    }
    let short = DMatrix::from_element(8, 1, 0.5f32);
    assert!(matches!(model.fit_batches(&mut MatrixBatches::new(&x, &short), fit()), Err(Error::Rows { .. })));
    let wide = DMatrix::from_element(9, 2, 0.5f32);
    assert!(matches!(model.fit_batches(&mut MatrixBatches::new(&wide, &x), fit()), Err(Error::Features { .. })));
    assert!(matches!(model.fit_batches(&mut MatrixBatches::new(&x, &wide), fit()), Err(Error::Outputs { .. })));
    let none = DMatrix::zeros(0, 0);
    assert!(matches!(model.fit_batches(&mut MatrixBatches::new(&x, &none), fit()), Err(Error::Empty { .. })));
    let mut scored = 0;
    let mut count = |_: &Block<f32>, predictions: &DMatrix<f32>| {
        scored += predictions.nrows();
        Ok(())
    };
    model.predict_batches(&mut MatrixBatches::new(&x, &none), &mut count).unwrap();
    assert_eq!(scored, 9);
    let stop = model.predict_batches(&mut MatrixBatches::new(&x, &x), |_, _| {
        Err(Error::Callback { callback: "writer".into(), reason: "full".into() })
    });
    assert!(stop.unwrap_err().to_string().contains("full"));
}

#[cfg(feature = "csv")]
#[test]
fn files_are_scored_in_order_and_whole_or_not_at_all() -> Result<()> {
    use perceptra::batches::CsvBatches;
    let folder = folder("scored-csv");
    let (first, second, scored) =
        (folder.join("a, \"b\".csv"), folder.join("second.csv"), folder.join("out/scored.csv"));
    let x = DMatrix::from_fn(300, 2, |i, j| ((i * (j + 3)) % 17) as f32 / 8.0);
    let lines =
        |rows: std::ops::Range<usize>| rows.map(|i| format!("{},{i},{}\n", x[(i, 1)], x[(i, 0)])).collect::<String>();
    std::fs::write(&first, format!("b,id,a\n{}", lines(0..200))).unwrap();
    std::fs::write(&second, format!("b,id,a\n{}", lines(200..300))).unwrap();
    let rows = || CsvBatches::new([&first, &second]).inputs(["a", "b"]).block_bytes(100);
    let network = Sequential::new().add(Dense::new(3, Softmax)).seed(1).build(2)?;
    let expected = network.predict(&x)?;
    assert_eq!(network.predict_csv(&mut rows(), &scored)?, 300);
    let table = Table::read_csv(&scored)?;
    assert_eq!(table.to_matrix::<f32>(["prediction_0", "prediction_1", "prediction_2"])?, expected);
    assert_eq!((table.numbers("line")?[199], table.numbers("line")?[200]), (201.0, 2.0));
    assert_eq!(table.strings("file")?.get(0), Some(first.display().to_string().as_str()));

    std::fs::write(&second, format!("b,id,a\n{}1,2,x\n{}", lines(200..220), lines(220..300))).unwrap();
    let whole = std::fs::read(&scored).unwrap();
    let error = network.predict_csv(&mut rows(), &scored).unwrap_err().to_string();
    assert!(error.contains("second.csv, line 22, column \"a\": \"x\" is not a number"), "{error}");
    assert_eq!(std::fs::read(&scored).unwrap(), whole);
    let mut skipping = rows().skip_bad_rows(true);
    assert_eq!((network.predict_csv(&mut skipping, &scored)?, skipping.skipped()), (300, 1));
    assert_eq!(Table::read_csv(&scored)?.numbers("line")?[220], 23.0);
    assert_eq!(std::fs::read_dir(scored.parent().unwrap()).unwrap().count(), 1, "nothing is left behind");

    // Errors of the rows of a file name it, in a fit too.
    let text: String = (0..50).map(|i| format!("{i},{}\n", if i == 40 { 2 } else { i % 2 })).collect();
    std::fs::write(&second, format!("a,y\n{text}")).unwrap();
    let mut train = CsvBatches::new([&second]).inputs(["a"]).target("y");
    let mut model = Sequential::new().add(Dense::new(1, Sigmoid)).compile("sgd", "bce", ());
    let error = model.fit_batches(&mut train, Fit::new().verbose(0)).unwrap_err();
    assert!(error.to_string().contains("second.csv, line 42: "), "{error}");
    assert!(matches!(error, Error::InRow { source, .. } if matches!(*source, Error::Target { row: 40, .. })));
    std::fs::remove_dir_all(folder).unwrap();
    Ok(())
}

#[cfg(feature = "csv")]
#[test]
fn files_and_their_cache_train_the_bits_of_the_matrix() -> Result<()> {
    use perceptra::batches::CsvBatches;
    let folder = folder("fitted-csv");
    let (x, y, weights) = data();
    let line = |i: usize| format!("{},{},{},{},{}\n", y[i], x[(i, 2)], weights[i], x[(i, 0)], x[(i, 1)]);
    let files = [folder.join("a.csv"), folder.join("b.csv")];
    for (file, rows) in files.iter().zip([0..150, 150..ROWS]) {
        std::fs::write(file, format!("y,x2,w,x0,x1\n{}", rows.map(line).collect::<String>())).unwrap();
    }
    let fit = || Fit::new().batch_size(16).epochs(3).verbose(0);
    let mut whole = model();
    whole.fit(&x, &y, fit().shuffle(false).sample_weight(&weights))?;
    let rows = || CsvBatches::new(&files).inputs(["x0", "x1", "x2"]).target("y").weight("w").block_bytes(500);
    let mut of_files = model();
    of_files.fit_batches(&mut rows(), fit().shuffle(false))?;
    assert_eq!(weights_of(&of_files), weights_of(&whole));
    let cache = folder.join("rows.bin");
    let cached = || rows().cache(&cache).block_bytes(300);
    for pass in 0..2 {
        let mut of_cache = model();
        of_cache.fit_batches(&mut cached(), fit().shuffle(false))?;
        assert_eq!(weights_of(&of_cache), weights_of(&whole), "{pass}");
    }
    // Shuffled, with the file there and without it.
    let shuffled = || {
        let mut model = model();
        model.fit_batches(&mut cached(), fit().shuffle_buffer(40)).map(|_| weights_of(&model))
    };
    let with = shuffled()?;
    std::fs::remove_file(&cache).unwrap();
    assert_eq!(shuffled()?, with);
    assert_ne!(with, weights_of(&whole));
    std::fs::remove_dir_all(folder).unwrap();
    Ok(())
}
