//! candle: a loop over batches, gathered with `index_select`; metrics are counted from the logits of each batch.

use candle_core::{D, DType, Device, Result, Tensor};
use candle_nn::{AdamW, Init, Linear, Module, Optimizer, ParamsAdamW, VarBuilder, VarMap, loss, ops};
use peer::{Counts, Data, Order, Peer, Task};

struct Candle {
    layers: Vec<Linear>,
    optimizer: AdamW,
    order: Order,
    batch: usize,
    metrics: bool,
    softmax: bool,
    block: usize,
    x: Tensor,
    y: Tensor,
    one: Tensor,
}

impl Candle {
    fn build(task: &Task, data: &Data) -> Result<Self> {
        let device = Device::Cpu;
        let variables = VarMap::new();
        let builder = VarBuilder::from_varmap(&variables, DType::F32, &device);
        let mut layers = Vec::new();
        for (i, pair) in task.widths.windows(2).enumerate() {
            let limit = (6.0 / (pair[0] + pair[1]) as f64).sqrt();
            let names = builder.pp(format!("layer{i}"));
            let glorot = Init::Uniform { lo: -limit, up: limit };
            let weight = names.get_with_hints((pair[1], pair[0]), "weight", glorot)?;
            layers.push(Linear::new(weight, Some(names.get_with_hints(pair[1], "bias", Init::Const(0.0))?)));
        }
        let adam = ParamsAdamW { lr: 1e-3, eps: 1e-7, weight_decay: 0.0, ..Default::default() };
        let softmax = task.widths.last() != Some(&1);
        let x = Tensor::from_slice(&data.x, (data.rows, data.features), &device)?;
        let y = Tensor::from_slice(&data.y, (data.rows, 1), &device)?;
        Ok(Candle {
            layers,
            optimizer: AdamW::new(variables.all_vars(), adam)?,
            order: Order::new(data.rows),
            batch: task.batch,
            metrics: task.metrics,
            softmax,
            block: 8192,
            one: x.narrow(0, 0, 1)?,
            x,
            y: if softmax { y.squeeze(1)?.to_dtype(DType::U32)? } else { y },
        })
    }

    fn logits(&self, x: &Tensor) -> Result<Tensor> {
        let (last, hidden) = self.layers.split_last().expect("a layer");
        let mut x = x.clone();
        for layer in hidden {
            x = layer.forward(&x)?.relu()?;
        }
        last.forward(&x)
    }

    fn epoch(&mut self) -> Result<[f64; 3]> {
        let mut counts = Counts::default();
        let order = self.order.shuffled().to_vec();
        for rows in order.chunks(self.batch) {
            let rows = Tensor::from_slice(rows, rows.len(), &Device::Cpu)?;
            let (x, y) = (self.x.index_select(&rows, 0)?, self.y.index_select(&rows, 0)?);
            let logits = self.logits(&x)?;
            let loss = if self.softmax {
                loss::cross_entropy(&logits, &y)?
            } else {
                loss::binary_cross_entropy_with_logit(&logits, &y)?
            };
            self.optimizer.backward_step(&loss)?;
            if self.metrics {
                counts.add(&logits.flatten_all()?.to_vec1()?, &y.flatten_all()?.to_vec1()?);
            }
        }
        Ok(counts.figures())
    }

    fn probabilities(&self, x: &Tensor) -> Result<Tensor> {
        let logits = self.logits(x)?.detach();
        if self.softmax { ops::softmax(&logits, D::Minus1) } else { ops::sigmoid(&logits) }
    }
}

impl Peer for Candle {
    type Output = Tensor;

    fn new(task: &Task, data: &Data) -> Self {
        Candle::build(task, data).expect("a model")
    }

    fn fit(&mut self, epochs: usize) {
        for _ in 0..epochs {
            std::hint::black_box(self.epoch().expect("an epoch"));
        }
    }

    fn set_block(&mut self, rows: usize) {
        self.block = rows;
    }

    fn predict(&self) -> Tensor {
        let rows = self.x.dims()[0];
        let block = |start| self.probabilities(&self.x.narrow(0, start, self.block.min(rows - start))?);
        let blocks: Result<Vec<_>> = (0..rows).step_by(self.block).map(block).collect();
        blocks.and_then(|blocks| Tensor::cat(&blocks, 0)).expect("predictions")
    }

    fn predict_one(&self) -> Tensor {
        self.probabilities(&self.one).expect("a prediction")
    }

    fn values(output: Tensor) -> Vec<f32> {
        output.flatten_all().and_then(|values| values.to_vec1()).expect("numbers")
    }
}

fn main() {
    peer::run::<Candle>();
}
