//! Common parts of the peers in Rust: the task, the data file, the clock, and the line that each prints.
//!
//! `PEER TASK` with the task as JSON, as `compare.py` makes it; the counterpart for Python is `protocol.py`.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;
use serde_json::{Value, json};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// The work to measure.
pub struct Task {
    pub kind: String,
    /// The widths of the network, the features first.
    pub widths: Vec<usize>,
    pub batch: usize,
    /// Accuracy, recall and precision of every epoch.
    pub metrics: bool,
    /// The name under which one program measures more than one thing.
    pub variant: String,
}

/// Samples row by row, and their targets.
pub struct Data {
    pub rows: usize,
    pub features: usize,
    pub x: Vec<f32>,
    pub y: Vec<f32>,
}

impl Data {
    /// Rows of `features` numbers and a target, little-endian.
    fn read(path: &str, features: usize) -> Self {
        let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let width = features + 1;
        let rows = bytes.len() / 4 / width;
        let mut data = Data { rows, features, x: Vec::with_capacity(rows * features), y: Vec::with_capacity(rows) };
        for (i, value) in bytes.as_chunks().0.iter().map(|&value| f32::from_le_bytes(value)).enumerate() {
            if i % width == features { data.y.push(value) } else { data.x.push(value) }
        }
        data
    }
}

/// The same work in one library.
pub trait Peer: Sized {
    type Output;

    /// The data in the library's own form, and a network with fresh weights.
    fn new(task: &Task, data: &Data) -> Self;
    fn fit(&mut self, epochs: usize);
    /// The number of rows that are predicted together, if the library leaves that to the caller.
    fn set_block(&mut self, _rows: usize) {}
    /// The predictions for all samples.
    fn predict(&self) -> Self::Output;
    /// The prediction for the first sample.
    fn predict_one(&self) -> Self::Output;
    /// Probabilities row by row.
    fn values(output: Self::Output) -> Vec<f32>;
}

/// Measures and prints.
pub fn run<P: Peer>() {
    let text = std::env::args().nth(1).expect("a task as JSON");
    let read: Value = serde_json::from_str(&text).expect("a task as JSON");
    let number = |value: &Value| value.as_u64().expect("a number") as usize;
    let string = |name: &str| read[name].as_str().expect("a string").to_owned();
    let task = Task {
        kind: string("kind"),
        widths: read["widths"].as_array().expect("widths").iter().map(number).collect(),
        batch: number(&read["batch"]),
        metrics: read["metrics"].as_bool().expect("true or false"),
        variant: string("variant"),
    };
    let data = Data::read(&string("file"), task.widths[0]);
    let mut peer = P::new(&task, &data);
    let mut loss = Value::Null;
    let value = match task.kind.as_str() {
        "train" => {
            let (seconds, found) = training(&mut peer, &data);
            loss = json!(found);
            seconds / data.rows.div_ceil(task.batch) as f64
        }
        "predict" => {
            choose_block(&mut peer, data.rows);
            repeated(|| peer.predict())
        }
        "one-row" => repeated(|| peer.predict_one()),
        "memory" => {
            forget_peak();
            let before = resident("VmRSS:");
            peer.fit(1);
            resident("VmHWM:") - before
        }
        other => panic!("no work of the kind {other}"),
    };
    println!("{}", json!({ "value": value, "loss": loss }));
}

/// The seconds of one epoch, and the loss after the first: of epochs that fill two seconds, or of one that takes long.
fn training<P: Peer>(peer: &mut P, data: &Data) -> (f64, f64) {
    let first = time(|| peer.fit(1));
    let loss = cross_entropy(&P::values(peer.predict()), &data.y);
    if first > 1.0 {
        return (first, loss);
    }
    let epochs = (2.0 / first).ceil() as usize;
    (time(|| peer.fit(epochs)) / epochs as f64, loss)
}

/// Every library predicts in the block size that suits it best.
fn choose_block<P: Peer>(peer: &mut P, rows: usize) {
    let mut taken = |block| {
        peer.set_block(block);
        let times = [(); 4].map(|()| time(|| black_box(peer.predict())));
        times[1..].iter().copied().fold(f64::INFINITY, f64::min)
    };
    let blocks = [8192, 65_536, rows].map(|block| (taken(block), block));
    let best = blocks.into_iter().min_by(|a, b| a.0.total_cmp(&b.0)).expect("a block");
    peer.set_block(best.1);
}

/// The mean seconds of a call. The number of calls is doubled until they take at least half a second, so that cold caches in
/// the first calls do not count.
fn repeated<T>(mut call: impl FnMut() -> T) -> f64 {
    let mut calls = 1;
    loop {
        let seconds = time(|| (0..calls).for_each(|_| drop(black_box(call()))));
        if calls > 2 && seconds > 0.5 {
            return seconds / f64::from(calls);
        }
        calls *= 2;
    }
}

fn time<T>(call: impl FnOnce() -> T) -> f64 {
    let start = Instant::now();
    call();
    start.elapsed().max(Duration::from_nanos(1)).as_secs_f64()
}

fn cross_entropy(probabilities: &[f32], targets: &[f32]) -> f64 {
    let classes = probabilities.len() / targets.len();
    let rows = probabilities.chunks_exact(classes).zip(targets);
    let of_target = rows.map(|(row, &target)| match row {
        &[p] if target == 1.0 => f64::from(p),
        &[p] => 1.0 - f64::from(p),
        _ => f64::from(row[target as usize]),
    });
    -of_target.map(|p| p.clamp(1e-7, 1.0).ln()).sum::<f64>() / targets.len() as f64
}

/// A value of this process's memory statistics, in bytes.
fn resident(name: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("a line for it");
    line.trim().trim_end_matches(" kB").parse::<f64>().expect("kilobytes") * 1024.0
}

/// Resets the peak of the resident set to its present size.
fn forget_peak() {
    std::fs::write("/proc/self/clear_refs", "5").expect("Linux");
}

/// The rows in a new order for every epoch.
pub struct Order {
    rows: Vec<u32>,
    random: Xoshiro256PlusPlus,
}

impl Order {
    pub fn new(rows: usize) -> Self {
        Order { rows: (0..rows as u32).collect(), random: Xoshiro256PlusPlus::seed_from_u64(1) }
    }

    pub fn shuffled(&mut self) -> &[u32] {
        self.rows.shuffle(&mut self.random);
        &self.rows
    }
}

/// Accuracy, recall and precision of an epoch, for libraries without metrics.
#[derive(Default)]
pub struct Counts {
    right: usize,
    true_positives: usize,
    predicted: usize,
    positives: usize,
    all: usize,
}

impl Counts {
    pub fn add(&mut self, logits: &[f32], targets: &[f32]) {
        for (&logit, &target) in logits.iter().zip(targets) {
            let (predicted, positive) = (logit > 0.0, target == 1.0);
            self.right += usize::from(predicted == positive);
            self.true_positives += usize::from(predicted && positive);
            self.predicted += usize::from(predicted);
            self.positives += usize::from(positive);
        }
        self.all += logits.len();
    }

    pub fn figures(&self) -> [f64; 3] {
        let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
        [
            share(self.right, self.all),
            share(self.true_positives, self.positives),
            share(self.true_positives, self.predicted),
        ]
    }
}
