//! Agreement of the ranks: rejected fits, errors, and the decisions of callbacks on rank 0.

use nalgebra::DMatrix;
use perceptra::callbacks::Context;
use perceptra::distributed::{Communicator, Distributed, InProcess};
use perceptra::losses::Dice;
use perceptra::prelude::*;
use perceptra::{Error, Result, Scalar};
use std::path::Path;

fn data(rows: usize) -> (DMatrix<f32>, DMatrix<f32>) {
    let x = DMatrix::from_fn(rows, 2, |i, j| ((i * (3 + 2 * j)) % 11) as f32 / 11.0);
    let y = x.column(0).map(|x| f32::from(u8::from(x > 0.5)));
    (x, DMatrix::from_columns(&[y]))
}

fn model(units: usize) -> Model {
    let layers = Sequential::new().add(Dense::new(units, Tanh)).add(Dense::new(1, Sigmoid)).seed(3);
    layers.compile(SGD.learning_rate(0.5), BinaryCrossentropy, ["accuracy"])
}

fn messages<R>(results: Vec<Result<R>>) -> Vec<String> {
    results.into_iter().map(|result| result.err().map(|error| error.to_string()).unwrap_or_default()).collect()
}

#[test]
fn a_rank_that_differs_is_refused_by_its_number() {
    let fit = |world: &InProcess, model: &mut Model, rows: usize, fit: Fit<'_, f32>| {
        let (x, y) = data(rows);
        model.fit(&x, &y, fit.distributed(world).verbose(0))
    };
    let odd = |world: &InProcess| usize::from(world.rank() == 2);
    let cases = [
        InProcess::run_each(3, |world| fit(world, &mut model(4 + odd(world)), 20, Fit::new())),
        InProcess::run_each(3, |world| fit(world, &mut model(4), 20 - 20 * odd(world), Fit::new())),
        InProcess::run_each(3, |world| fit(world, &mut model(4), 20, Fit::new().epochs(2 + odd(world)))),
        InProcess::run_each(3, |world| fit(world, &mut model(4), 20, Fit::new().batch_size(1 - odd(world)))),
        InProcess::run_each(3, |world| {
            fit(world, &mut model(4), 20, Fit::new().validation_split(0.5 * odd(world) as f64))
        }),
    ];
    let causes = ["other than on rank 0 in a layer", "x is empty", "epochs", "batch_size is 0", "validation data"];
    for (results, cause) in cases.into_iter().zip(causes) {
        let found = messages(results);
        assert!(found.iter().all(|message| message.contains(cause)), "{found:?}");
        for other in &found[..2] {
            assert_eq!(*other, format!("rank 2: {}", found[2]));
        }
    }
}

#[test]
fn fits_that_cannot_be_summed_are_rejected() {
    let fit = |over: &(dyn Fn(&InProcess, Fit<'_, f32>) -> Result<()> + Sync)| {
        messages(InProcess::run_each(2, |world| over(world, Fit::new().verbose(0))))
    };
    let found = fit(&|world, options| {
        let (x, y) = data(20);
        let layers = Sequential::new().add(Dense::new(1, Sigmoid));
        layers.compile("sgd", Dice, ()).fit(&x, &y, options.distributed(world)).map(drop)
    });
    assert!(found.iter().all(|message| message.contains("Dice, which is one loss of a whole batch")), "{found:?}");
    let found = fit(&|world, options| {
        let (x, y) = data(20);
        model(2).fit(&x, &y, options.distributed(Distributed::over(world).average_every(0))).map(drop)
    });
    assert!(found.iter().all(|message| message.contains("average_every is 0")), "{found:?}");
}

/// Adds a value, changes the learning rate and a weight, stops, and fails, each in a different epoch.
struct Decides {
    fails: bool,
}

impl<T: Scalar> Callback<T> for Decides {
    fn on_epoch_end(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        match context.epoch() {
            0 => context.set_learning_rate(0.125),
            1 => {
                let bias = [DMatrix::from_element(3, 1, T::of(0.25)), DMatrix::from_element(1, 1, T::of(0.5))];
                context.network_mut().set_weights("dense_1", &bias)?;
            }
            2 if self.fails => return Err(Error::Callback { callback: "Decides".into(), reason: "it fails".into() }),
            3 => context.stop(),
            _ => {}
        }
        let rate = context.learning_rate();
        context.logs_mut().set("rate", rate);
        Ok(())
    }

    fn added_logs(&self) -> Vec<String> {
        vec!["rate".into()]
    }
}

#[test]
fn callbacks_of_rank_0_decide_for_all() -> Result<()> {
    for period in [None, Some(2)] {
        let train = |world: &InProcess, fails: bool, called: bool| {
            let (x, y) = data(30 + 7 * world.rank());
            let mut model = model(3);
            let over = period.map_or(Distributed::over(world), |steps| Distributed::over(world).average_every(steps));
            let fit = Fit::new().epochs(9).batch_size(8).distributed(over).verbose(0);
            let fit = if called || world.rank() == 0 { fit.callback(Decides { fails }) } else { fit };
            let result = model.fit(&x, &y, fit);
            Ok((result, model.network()?.flat_weights().to_vec(), model.learning_rate()?))
        };
        for called in [false, true] {
            let mut ranks = InProcess::run(3, |world| train(world, false, called))?;
            let (first, weights, rate) = ranks.remove(0);
            let first = first?;
            assert_eq!((first.epochs().len(), rate), (4, 0.125));
            assert_eq!(first.get("rate"), Some(&[0.125; 4][..]));
            for (history, others, rate) in ranks {
                assert_eq!((history?, others, rate), (first.clone(), weights.clone(), 0.125));
            }
        }
        let ranks = InProcess::run(3, |world| train(world, true, false))?;
        let found: Vec<String> = ranks.iter().map(|(result, ..)| result.as_ref().unwrap_err().to_string()).collect();
        assert_eq!(found[0], "callback Decides: it fails");
        assert!(found[1..].iter().all(|message| *message == "rank 0: callback Decides: it fails"), "{found:?}");
    }
    Ok(())
}

#[test]
fn best_weights_are_restored_on_all_ranks() -> Result<()> {
    let train = |world: &InProcess| {
        let (x, y) = data(40);
        let mut model = model(3);
        let stopping = EarlyStopping::new().patience(1).monitor("accuracy").restore_best_weights(true);
        let fit = Fit::new().epochs(40).batch_size(8).callback(stopping).distributed(world).verbose(0);
        let history = model.fit(&x, &y, fit)?;
        Ok((history, model.network()?.flat_weights().to_vec()))
    };
    let ranks = InProcess::run(2, train)?;
    assert!(ranks[0].0.epochs().len() < 40);
    assert_eq!(ranks[0], ranks[1]);
    Ok(())
}

#[test]
fn a_divergence_ends_all_ranks() {
    for period in [None, Some(3)] {
        let results = InProcess::run_each(2, |world| {
            let (x, y) = data(40);
            // The targets of one rank are so large that its loss is not finite.
            let y = y * if world.rank() == 1 { 1e30 } else { 1.0 };
            let layers = Sequential::new().add(Dense::new(1, Linear));
            let mut model = layers.compile(SGD.learning_rate(1e20), "mse", ());
            let over = period.map_or(Distributed::over(world), |steps| Distributed::over(world).average_every(steps));
            model.fit(&x, &y, Fit::new().epochs(3).batch_size(8).distributed(over).verbose(0))
        });
        for result in results {
            assert!(matches!(result, Err(Error::Diverged { .. })), "{result:?}");
        }
    }
}

/// Copies the files of a folder.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for file in from.read_dir().unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
}

#[test]
fn a_backup_is_resumed_also_by_another_number_of_ranks() -> Result<()> {
    let folder = std::env::temp_dir().join(format!("perceptra-ranks-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let train = |size: usize, epochs: usize, stops: Option<usize>, name: &str| {
        let path = folder.join(name);
        InProcess::run(size, |world| {
            let (x, y) = data(48);
            // The ranks' blocks of rows follow one another, so that all sizes make the same steps.
            let batch = 12 / world.size();
            let mine: Vec<usize> = (0..48).filter(|row| row / batch % world.size() == world.rank()).collect();
            let (x, y) = (x.select_rows(&mine), y.select_rows(&mine));
            let mut model = model(3);
            let mut fit = Fit::new().epochs(epochs).batch_size(batch).shuffle(false).distributed(world).verbose(0);
            if world.rank() == 0 {
                fit = fit.callback(BackupAndRestore::new(&path).delete_checkpoint(false));
                if let Some(last) = stops {
                    let fails = move |context: &mut Context<'_, f32>| match context.epoch() == last {
                        true => Err(Error::Callback { callback: "Power".into(), reason: "it fails".into() }),
                        false => Ok(()),
                    };
                    fit = fit.callback(LambdaCallback::new().on_epoch_begin(fails));
                }
            }
            let result = model.fit(&x, &y, fit);
            assert_eq!(result.is_err(), stops.is_some());
            let weights: Vec<f64> = model.network()?.flat_weights().iter().map(|weight| f64::from(*weight)).collect();
            Ok((model.history().clone(), weights))
        })
    };
    let whole = train(2, 6, None, "whole")?;
    train(2, 6, Some(4), "interrupted")?;
    copy(&folder.join("interrupted"), &folder.join("copy"));
    let again = train(2, 6, None, "interrupted")?;
    assert_eq!(again, whole);
    for size in [1, 3, 4] {
        copy(&folder.join("copy"), &folder.join("other"));
        let other = train(size, 6, None, "other")?;
        for (history, weights) in other {
            assert_eq!(history.epochs(), whole[0].0.epochs());
            approx::assert_relative_eq!(weights[..], whole[0].1[..], max_relative = 1e-4, epsilon = 1e-5);
        }
    }
    std::fs::remove_dir_all(&folder).unwrap();
    Ok(())
}
