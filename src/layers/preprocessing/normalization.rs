use super::Numbers;
use crate::as_matrix::AsMatrix;
use crate::items::argument::Argument;
use crate::items::{ArgumentValue, Spec, invalid, item};
use crate::items::{Read, Unreadable};
use crate::kernels::lanewise::{self, Lanewise};
use crate::kernels::{Element, Simd};
use crate::layers::layer::options;
use crate::layers::{BuiltLayer, InferPass, Layer, LayerOptions, TrainPass};
use crate::statistics::Moments;
use crate::{Batch, BatchMut, Error, Result, Scalar};
use serde_json::{Value, json};

/// The least divisor.
const SMALLEST_DEVIATION: f64 = 1e-7;

/// The values that a mean and a variance are taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Axis {
    /// A mean and a variance for every column; Keras's `axis=-1`.
    Columns,
    /// One mean and one variance for all values; Keras's `axis=None`.
    Whole,
}

impl Argument for Axis {
    fn write(&self) -> ArgumentValue {
        Ok(if *self == Axis::Columns { json!(-1) } else { Value::Null })
    }

    fn read(value: Value) -> Read<Self> {
        match value.to_string().as_str() {
            "-1" | "1" | "[-1]" | "[1]" => Ok(Axis::Columns),
            "null" | "[]" => Ok(Axis::Whole),
            other => {
                let reason = format!("{other} is not an axis of samples × features: -1, or null for all values");
                Err(Unreadable::Value(reason))
            }
        }
    }
}

item! {
    /// Shifts and scales columns to mean 0 and variance 1: `y = (x − mean)/max(√variance, 1e-7)`.
    ///
    /// (batch, columns) to (batch, columns). Mean and variance are given, or learned from training rows by
    /// [`adapt`](Normalization::adapt); training does not move them. They become part of the description, so a model
    /// that is stored carries them.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::layers::Normalization;
    ///
    /// let rows = dmatrix![1.0, 10.0; 3.0, 26.0];
    /// let network = Sequential::new().add(Normalization::new().adapt(&rows)?).build(2)?;
    /// assert_eq!(network.predict(&dmatrix![3.0, 18.0])?, dmatrix![1.0, 0.0]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.layers.Normalization`. Unlike there, a layer that was neither given nor has learned its statistics
    /// is an error.
    pub struct Normalization: "Normalization" () with options: LayerOptions {
        /// Whether each column has a mean and a variance, or all have the same.
        axis: Axis = Axis::Columns,
        /// The means, one number or one for each column; with `variance`, in place of `adapt`.
        mean: Option<Numbers> [finite] = None,
        /// The variances, one number or one for each column; with `mean`, in place of `adapt`.
        variance: Option<Numbers> [at least 0] = None,
        /// Whether to invert the normalization, from normalized to raw values.
        invert: bool = false,
    }
}

impl Normalization {
    /// A layer without statistics; [`adapt`](Normalization::adapt) learns them.
    #[allow(clippy::new_without_default)] // a layer is made by `new`
    pub fn new() -> Self {
        Self::with()
    }

    /// Learns mean and variance (divided by the count) from samples.
    ///
    /// A column without variation (its minimum is its maximum) gets variance 1, so that a later value `x` becomes
    /// `x − mean`, as in scikit-learn's `StandardScaler` and unlike Keras, which replaces a variance of 0 by 1e-14. Since the
    /// variance is stored as 1, Keras and ONNX Runtime compute the same from a file.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let year = Normalization::new().adapt(&dvector![2024.0, 2024.0])?;
    /// let predicted = Sequential::new().add(year).build(1)?.predict(&dmatrix![2024.0; 2026.0])?;
    /// assert_eq!(predicted, dmatrix![0.0; 2.0]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] without a value, [`Error::NotFinite`] for a NaN or infinity, [`Error::Layer`] for a variance that
    /// exceeds `f64`.
    pub fn adapt<T: Scalar>(mut self, x: &impl AsMatrix<T>) -> Result<Self> {
        let x = super::forms::built_index::source("x", x)?;
        let column = |j: usize| (0..x.rows).map(move |i| x.at(i, j).to_f64());
        let (means, variances) = match self.axis {
            Axis::Columns => {
                let learned = (0..x.columns).map(|j| learn(Moments::of_each(column(j)), || format!("column {j}")));
                let (means, variances): (Vec<f64>, Vec<f64>) = learned.collect::<Result<Vec<_>>>()?.into_iter().unzip();
                (Numbers::Each(means), Numbers::Each(variances))
            }
            Axis::Whole => {
                let moments = Moments::of_each((0..x.columns).flat_map(column));
                let (mean, variance) = learn(moments, || "all columns together".into())?;
                (Numbers::One(mean), Numbers::One(variance))
            }
        };
        (self.mean, self.variance) = (Some(means), Some(variances));
        Ok(self)
    }
}

/// Mean and variance as they are stored.
fn learn(moments: Moments, what: impl Fn() -> String) -> Result<(f64, f64)> {
    let variance = if moments.is_constant() { 1.0 } else { moments.variance() };
    if variance.is_finite() {
        return Ok((moments.mean(), variance));
    }
    let reason = format!(
        "the variance of {} exceeds the largest f64; divide the values by a power of ten before, or scale them with a \
         StandardScaler",
        what()
    );
    Err(Error::Layer { layer: "Normalization".into(), reason })
}

impl Normalization {
    /// The mean and the variance, if they are given or learned.
    #[cfg(feature = "keras")]
    pub(crate) fn get_moments(&self) -> [Option<&Numbers>; 2] {
        [self.mean.as_ref(), self.variance.as_ref()]
    }

    /// Whether it maps normalized to raw values.
    #[cfg(feature = "onnx")]
    pub(crate) fn is_inverse(&self) -> bool {
        self.invert
    }

    /// Mean and deviation of each column, in a model of numbers of type `T`.
    pub(crate) fn moments<T: Scalar>(&self, columns: usize) -> Result<Vec<(f64, f64)>> {
        let (Some(mean), Some(variance)) = (&self.mean, &self.variance) else {
            let reason = "it has no mean and variance; call adapt(&x) with the training rows, or give both";
            return Err(Error::Layer { layer: self.class_name(), reason: reason.into() });
        };
        self.check()?;
        let mean: Vec<f64> = mean.broadcast(self, "mean", columns)?;
        if let Some(mean) = mean.iter().find(|mean| !T::of(**mean).to_f64().is_finite()) {
            return Err(invalid(self, "mean", mean, "a number within the range of the model's type"));
        }
        let variance: Vec<f64> = variance.broadcast(self, "variance", columns)?;
        let deviation = |variance: f64| variance.sqrt().max(SMALLEST_DEVIATION);
        Ok(mean.into_iter().zip(variance.into_iter().map(deviation)).collect())
    }
}

impl<T: Scalar> Layer<T> for Normalization {
    fn build(&self, inputs: usize) -> Result<Box<dyn BuiltLayer<T>>> {
        let columns = self.moments::<T>(inputs)?;
        Ok(match self.invert {
            true => Box::new(BuiltInvert { columns }),
            false => Box::new(BuiltStandardize { columns: columns.into_iter().map(Standardize::new).collect() }),
        })
    }

    fn options(&self) -> LayerOptions {
        self.options.clone()
    }
}

/// `(x − mean)/deviation` of one column.
///
/// Folded to `x·scale + offset`, digits cancel if the mean is large compared with the deviation. The mean is the sum of two
/// numbers of the model's type, which makes the difference as exact as in `f64`: no `x` of that type is nearer to the mean
/// than the first of them. The difference is taken of halves, which are exact and never overflow.
struct Standardize<T> {
    half_mean: T,
    half_rest: T,
    twice_inverse: T,
}

impl<T: Scalar> Standardize<T> {
    fn new((mean, deviation): (f64, f64)) -> Self {
        let rest = mean - T::of(mean).to_f64();
        Standardize {
            half_mean: T::of(T::of(mean).to_f64() / 2.0),
            half_rest: T::of(rest / 2.0),
            twice_inverse: T::of(2.0 / deviation),
        }
    }
}

impl<T: Element> Lanewise<T, 1, 1> for Standardize<T> {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [x]: [S::V; 1]) -> [S::V; 1] {
        let distance = s.sub(s.mul(x, s.literal(0.5)), s.splat(self.half_mean));
        [s.mul(s.sub(distance, s.splat(self.half_rest)), s.splat(self.twice_inverse))]
    }
}

/// `dy·factor`.
struct ScaleGradient<T> {
    factor: T,
}

impl<T: Element> Lanewise<T, 1, 1> for ScaleGradient<T> {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [dy]: [S::V; 1]) -> [S::V; 1] {
        [s.mul(dy, s.splat(self.factor))]
    }
}

fn scale_gradients<T: Scalar>(factors: impl Iterator<Item = T>, dy: Batch<'_, T>, dx: Option<BatchMut<'_, T>>) {
    let Some(mut dx) = dx else { return };
    for (j, factor) in factors.enumerate() {
        lanewise::apply(&ScaleGradient { factor }, [dy.column(j)], [dx.column_mut(j)]);
    }
}

struct BuiltStandardize<T> {
    columns: Vec<Standardize<T>>,
}

impl<T: Scalar> BuiltLayer<T> for BuiltStandardize<T> {
    fn outputs(&self) -> usize {
        self.columns.len()
    }

    fn infer(&self, _: InferPass<'_, T>, x: Batch<'_, T>, mut y: BatchMut<'_, T>) {
        for (j, column) in self.columns.iter().enumerate() {
            lanewise::apply(column, [x.column(j)], [y.column_mut(j)]);
        }
    }

    fn backward(
        &self,
        _: TrainPass<'_, T>,
        _: Batch<'_, T>,
        _: Batch<'_, T>,
        dy: Batch<'_, T>,
        dx: Option<BatchMut<'_, T>>,
    ) {
        scale_gradients(self.columns.iter().map(|column| column.twice_inverse / T::of(2.0)), dy, dx);
    }
}

/// `x·deviation + mean` with mean and deviation of each column; in `f64`, since the sum may cancel.
struct BuiltInvert {
    columns: Vec<(f64, f64)>,
}

impl<T: Scalar> BuiltLayer<T> for BuiltInvert {
    fn outputs(&self) -> usize {
        self.columns.len()
    }

    fn infer(&self, _: InferPass<'_, T>, x: Batch<'_, T>, mut y: BatchMut<'_, T>) {
        for (j, (mean, deviation)) in self.columns.iter().enumerate() {
            for (x, y) in x.column(j).iter().zip(y.column_mut(j)) {
                *y = T::of(x.to_f64() * deviation + mean);
            }
        }
    }

    fn backward(
        &self,
        _: TrainPass<'_, T>,
        _: Batch<'_, T>,
        _: Batch<'_, T>,
        dy: Batch<'_, T>,
        dx: Option<BatchMut<'_, T>>,
    ) {
        scale_gradients(self.columns.iter().map(|(_, deviation)| T::of(*deviation)), dy, dx);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prelude::*;
    use crate::{dmatrix, dvector};
    use nalgebra::{DMatrix, DVector};

    fn assert_within(found: f32, exact: f64) {
        assert!((f64::from(found) - exact).abs() <= 1e-6 * exact.abs().max(1.0), "{found} instead of {exact}");
    }

    /// Columns with a mean that is large compared to their deviation, and some that are not exact in `f32`.
    fn columns() -> Vec<DVector<f32>> {
        vec![
            DVector::from_fn(12, |i, _| 202_401.0 + i as f32),
            DVector::from_fn(64, |i, _| 16_000_000.0 + 2.0 * (i % 4) as f32),
            DVector::from_fn(77, |i, _| 16_777_216.0 + 2.0 * (i * i % 7) as f32),
            DVector::from_fn(101, |i, _| 1e6 + (i % 3) as f32 * 0.0625),
            DVector::from_fn(33, |i, _| -1e-30 + 1e-37 * i as f32),
            DVector::from_fn(33, |i, _| 1e30 + 1e24 * i as f32),
            dvector![f32::MAX, f32::MIN, 1e38],
            dvector![2024.0, 2024.0, 2025.0],
        ]
    }

    #[test]
    fn the_mean_is_subtracted_before_the_division() -> Result<()> {
        for x in columns() {
            let layer = Normalization::new().adapt(&x)?;
            let moments = Moments::of_each(x.iter().map(|x| f64::from(*x)));
            let (mean, deviation) = (moments.mean(), moments.variance().sqrt().max(1e-7));
            let z = Sequential::new().add(layer.clone()).build(1)?.predict(&x)?;
            for (x, z) in x.iter().zip(&z) {
                assert_within(*z, (f64::from(*x) - mean) / deviation);
            }
            let back = Sequential::new().add(layer.invert(true)).build(1)?.predict(&z)?;
            for (z, back) in z.iter().zip(&back) {
                assert_within(*back, f64::from(*z) * deviation + mean);
            }
        }
        Ok(())
    }

    #[test]
    fn a_mean_between_two_numbers_of_the_type_keeps_its_remainder() -> Result<()> {
        // The nearest f32 to the mean is 0.4 away from it.
        let x = dmatrix![16_777_218.0f32; 16_777_220.0; 16_777_216.0; 0.0];
        let layer = Normalization::new().mean(16_777_218.4).variance(0.25);
        let z = Sequential::new().add(layer).build(1)?.predict(&x)?;
        for (x, z) in x.iter().zip(&z) {
            assert_within(*z, (f64::from(*x) - 16_777_218.4) / 0.5);
        }
        // The sum, 0.4, is less than half a unit in the last place of its terms.
        let layer = Normalization::new().mean(16_777_218.4).variance(1.0).invert(true);
        assert_eq!(Sequential::new().add(layer).build(1)?.predict(&dmatrix![-16_777_218.0])?[0], 0.4);
        Ok(())
    }

    #[test]
    fn a_constant_column_is_centred_and_has_variance_one() -> Result<()> {
        for constant in [0.0, 5.0, 36.0, 14.62, 2024.0, 1e6, 1e30, 1e-30] {
            let layer = Normalization::new().adapt(&DVector::from_element(50, constant))?;
            assert_eq!(layer.variance, Some(Numbers::Each(vec![1.0])));
            let network = Sequential::new().add(layer).build(1)?;
            assert_eq!(network.predict(&DMatrix::from_element(50, 1, constant))?, DMatrix::zeros(50, 1));
            let later = network.predict(&dmatrix![constant + 1.0])?[0];
            assert_within(later, f64::from(constant + 1.0) - f64::from(constant));
        }
        let layer = Normalization::new().axis(Axis::Whole).adapt(&dmatrix![0.3f32, 0.3; 0.3, 0.3])?;
        assert_eq!(layer.variance, Some(Numbers::One(1.0)));
        // A variance of 0 that is given counts as 1e-14, as in Keras.
        let layer = Normalization::new().mean(5.0).variance(0.0);
        let later = Sequential::<f64>::default().add(layer).build(1)?.predict(&dmatrix![6.0])?[0];
        approx::assert_relative_eq!(later, 1e7, max_relative = 1e-12);
        Ok(())
    }

    #[test]
    fn numbers_out_of_the_type_s_range_are_rejected() {
        let error = Normalization::new().adapt(&dvector![-1e308, 1e308]).unwrap_err().to_string();
        assert!(error.contains("variance of column 0") && error.contains("power of ten"), "{error}");
        let layer = || Normalization::new().mean(1e39).variance(1.0);
        let error = Sequential::new().add(layer()).build(1).unwrap_err().to_string();
        assert!(error.contains("mean is 1"), "{error}");
        assert!(Sequential::<f64>::default().add(layer()).build(1).is_ok());
    }
}
