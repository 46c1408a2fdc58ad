use super::Schedule;
use crate::Result;
use crate::items::{invalid, item};

item! {
    /// A learning rate that is constant between given steps.
    ///
    /// ```text
    /// α(t) = values[i],     i = the number of boundaries below t
    /// ```
    ///
    /// A boundary is the last step of the value before it.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::optimizers::schedules::{PiecewiseConstantDecay, Schedule};
    ///
    /// let schedule = PiecewiseConstantDecay::new([1000, 2000], [0.1, 0.01, 0.001]);
    /// assert_eq!((schedule.at(1000), schedule.at(1001)), (0.1, 0.01));
    /// let sgd = SGD.learning_rate(schedule);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.optimizers.schedules.PiecewiseConstantDecay`.
    #[derive(PartialEq)]
    pub struct PiecewiseConstantDecay: "PiecewiseConstantDecay" (boundaries: Vec<f64>, values: Vec<f64> [finite])
        checked by check_lists {}
}

impl PiecewiseConstantDecay {
    /// Boundaries in rising order, and one value more than there are boundaries.
    pub fn new(boundaries: impl IntoIterator<Item = usize>, values: impl Into<Vec<f64>>) -> Self {
        let boundaries = boundaries.into_iter().map(|step| step as f64).collect();
        Self::with(boundaries, values.into())
    }

    fn check_lists(&self) -> Result<()> {
        if self.values.len() != self.boundaries.len() + 1 {
            let expected = format!("one value more than boundaries, of which there are {}", self.boundaries.len());
            return Err(invalid(self, "values", format!("a list of {}", self.values.len()), expected));
        }
        if !self.boundaries.is_sorted_by(|a, b| a < b) {
            return Err(invalid(self, "boundaries", format!("{:?}", self.boundaries), "steps in rising order"));
        }
        Ok(())
    }
}

impl Schedule for PiecewiseConstantDecay {
    fn at(&self, step: u64) -> f64 {
        // Keras compares whole steps: a boundary of 2.5 is one of 2.
        let passed = self.boundaries.iter().filter(|boundary| step as f64 > boundary.trunc()).count();
        self.values.get(passed).or(self.values.last()).copied().unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::items::Spec;

    #[test]
    fn lists_that_do_not_fit_are_refused() {
        for (boundaries, values) in [(vec![5], vec![0.1]), (vec![5, 5], vec![0.1, 0.2, 0.3]), (vec![], vec![f64::NAN])]
        {
            assert!(PiecewiseConstantDecay::new(boundaries, values).check().is_err());
        }
        assert!(PiecewiseConstantDecay::new([], [0.5]).check().is_ok());
    }
}
