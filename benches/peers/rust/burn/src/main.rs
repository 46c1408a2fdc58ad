//! burn on its ndarray or its flex backend (the task's variant): a loop over batches, gathered with `select`; metrics
//! are counted from the logits of each batch.

use burn::module::Initializer;
use burn::nn::loss::{BinaryCrossEntropyLoss, BinaryCrossEntropyLossConfig, CrossEntropyLoss, CrossEntropyLossConfig};
use burn::nn::{Linear, LinearConfig};
use burn::optim::{AdamConfig, GradientsParams, ModuleOptimizer};
use burn::prelude::*;
use burn::tensor::activation::{relu, sigmoid, softmax};
use peer::{Counts, Data, Order, Peer, Task};

#[derive(Module, Debug)]
struct Network {
    layers: Vec<Linear>,
}

impl Network {
    fn logits(&self, mut x: Tensor<2>) -> Tensor<2> {
        let (last, hidden) = self.layers.split_last().expect("a layer");
        for layer in hidden {
            x = relu(layer.forward(x));
        }
        last.forward(x)
    }
}

struct Burn {
    network: Network,
    optimizer: ModuleOptimizer,
    binary: BinaryCrossEntropyLoss,
    categorical: CrossEntropyLoss,
    order: Order,
    batch: usize,
    metrics: bool,
    device: Device,
    x: Tensor<2>,
    y: Tensor<1, Int>,
    one: Tensor<2>,
    block: usize,
    softmax: bool,
}

impl Burn {
    fn epoch(&mut self) -> [f64; 3] {
        let mut counts = Counts::default();
        let order: Vec<i64> = self.order.shuffled().iter().map(|&row| row.into()).collect();
        for rows in order.chunks(self.batch) {
            let rows = Tensor::<1, Int>::from_data(rows, &self.device);
            let (x, y) = (self.x.clone().select(0, rows.clone()), self.y.clone().select(0, rows));
            let logits = self.network.logits(x);
            let loss = if self.softmax {
                self.categorical.forward(logits.clone(), y.clone())
            } else {
                self.binary.forward(logits.clone().flatten(0, 1), y.clone())
            };
            let gradients = GradientsParams::from_grads(loss.backward(), &self.network);
            self.network = self.optimizer.step(1e-3, self.network.clone(), gradients);
            if self.metrics {
                let targets = y.float().into_data().try_to_vec().expect("numbers");
                counts.add(&logits.into_data().try_to_vec().expect("numbers"), &targets);
            }
        }
        counts.figures()
    }

    fn probabilities(&self, x: &Tensor<2>) -> Tensor<2> {
        let logits = self.network.valid().logits(x.clone().inner());
        if self.softmax { softmax(logits, 1) } else { sigmoid(logits) }
    }
}

impl Peer for Burn {
    type Output = Tensor<2>;

    #[expect(deprecated, reason = "the ndarray backend is measured as long as there is one")]
    fn new(task: &Task, data: &Data) -> Self {
        let device = if task.variant == "flex" { Device::flex() } else { Device::ndarray() }.autodiff();
        let layer = |pair: &[usize]| {
            LinearConfig::new(pair[0], pair[1]).with_initializer(Initializer::XavierUniform { gain: 1.0 }).init(&device)
        };
        let x = Tensor::<1>::from_data(data.x.as_slice(), &device).reshape([data.rows, data.features]);
        let targets: Vec<i64> = data.y.iter().map(|&target| target as i64).collect();
        Burn {
            network: Network { layers: task.widths.windows(2).map(layer).collect() },
            optimizer: AdamConfig::new().with_epsilon(1e-7).init(),
            binary: BinaryCrossEntropyLossConfig::new().with_logits(true).init(&device),
            categorical: CrossEntropyLossConfig::new().init(&device),
            order: Order::new(data.rows),
            batch: task.batch,
            metrics: task.metrics,
            one: x.clone().slice([0..1]),
            x,
            y: Tensor::from_data(targets.as_slice(), &device),
            block: 8192,
            softmax: task.widths.last() != Some(&1),
            device,
        }
    }

    fn fit(&mut self, epochs: usize) {
        for _ in 0..epochs {
            std::hint::black_box(self.epoch());
        }
    }

    fn set_block(&mut self, rows: usize) {
        self.block = rows;
    }

    fn predict(&self) -> Tensor<2> {
        Tensor::cat(self.x.clone().split(self.block, 0).iter().map(|x| self.probabilities(x)).collect(), 0)
    }

    fn predict_one(&self) -> Tensor<2> {
        self.probabilities(&self.one)
    }

    fn values(output: Tensor<2>) -> Vec<f32> {
        output.into_data().try_to_vec().expect("numbers")
    }
}

fn main() {
    peer::run::<Burn>();
}
