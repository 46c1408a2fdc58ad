//! The description of a pipeline as text.

use super::{ClassWeight, Pipeline, default_model};
use crate::Scalar;
use std::fmt;

/// One line for each part: the given value or the default.
///
/// ```
/// use perceptra::prelude::*;
///
/// let text = Pipeline::new(Target::binary("loan_status")).exclude(["id"]).seed(1).to_string();
/// assert!(text.starts_with("binary classification of loan_status\n"));
/// assert!(text.contains("members     5\n  validation  0.1 of the rows, others for each member"));
/// assert!( text.contains("excluded    id"));
/// ```
impl<T: Scalar> fmt::Display for Pipeline<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.target.task(), self.target.columns().join(", "))?;
        match &self.columns {
            Some(_) => write!(f, "\n  columns     as given")?,
            None => write!(
                f,
                "\n  columns     by type: numbers by rank and by quantile bins, missing ones the\
                 \n              median with an indicator; categories one-hot, missing one of them"
            )?,
        }
        match &self.model {
            Some(model) => {
                let layers = model.architecture().layers();
                let names: Vec<String> = layers.iter().map(|layer| layer.class_name()).collect();
                write!(f, "\n  network     {}", names.join(", "))?;
            }
            None => {
                let [first, second] = default_model::UNITS;
                let (scaling, activations) = match self.monotone.is_empty() {
                    true => ("Scaling, then ", "relu, selu or mish"),
                    false => ("", "relu or selu"),
                };
                write!(
                    f,
                    "\n  network     {scaling}{first} and {second} units, dropout {}, AdamW;\
                     \n              {activations}, the best for the first member; {}",
                    default_model::DROPOUT,
                    if self.options.is_none() { "early stopping" } else { "epochs as given" }
                )?;
            }
        }
        let is_default = self.model.is_none();
        write!(f, "\n  members     {}", self.members.unwrap_or(if is_default { default_model::MEMBERS } else { 1 }))?;
        let fraction = self.validation.or(is_default.then_some(default_model::VALIDATION));
        match fraction {
            Some(fraction) if fraction > 0.0 && is_default && self.columns.is_none() => {
                write!(f, "\n  validation  {fraction} of the rows, others for each member")?
            }
            Some(fraction) => write!(f, "\n  validation  {fraction} of the rows")?,
            None => write!(f, "\n  validation  by the options of the fit")?,
        }
        if let Some(weights) = &self.weights {
            write!(f, "\n  weights     {weights}")?;
        }
        match &self.class_weight {
            Some(ClassWeight::Balanced) => write!(f, "\n  classes     balanced by weights")?,
            Some(ClassWeight::ByLabel(weights)) => {
                let weights: Vec<String> = weights.iter().map(|(label, weight)| format!("{label} {weight}")).collect();
                write!(f, "\n  classes     weighted {}", weights.join(", "))?;
            }
            None => {}
        }
        if !self.excluded.is_empty() {
            write!(f, "\n  excluded    {}", self.excluded.join(", "))?;
        }
        if !self.known_after.is_empty() {
            write!(f, "\n  known after {}", self.known_after.join(", "))?;
        }
        for (column, direction) in &self.monotone {
            write!(f, "\n  monotone    {column} {direction}")?;
        }
        if !self.target.task().is_regression() {
            write!(f, "\n  threshold   {}", self.threshold)?;
        }
        match self.seed {
            Some(seed) => write!(f, "\n  seed        {seed}"),
            None => write!(f, "\n  seed        drawn at each fit"),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::pipeline::Monotonicity;
    use crate::prelude::*;

    #[test]
    fn given_values_and_defaults_are_described() {
        let default = Pipeline::new(Target::regression("price")).to_string();
        assert!(default.lines().all(|line| line.chars().count() <= 80), "{default}");
        assert!(
            default.contains("Scaling, then 64 and 64 units") && default.contains("drawn at each fit"),
            "{default}"
        );
        assert!(!default.contains("threshold"), "{default}");
        let ann = Sequential::new().add(Dense::new(3, Relu)).add(Dense::new(1, Sigmoid)).compile("adam", "bce", ());
        let given = Pipeline::new(Target::binary("late")).known_after(["paid", "fees"]).to_string();
        assert!(given.contains("\n  known after paid, fees\n") && given.contains("selu or mish"), "{given}");
        let given = Pipeline::new(Target::binary("late")).monotone("age", Monotonicity::Decreasing).to_string();
        assert!(given.contains("\n  monotone    age decreasing\n"), "{given}");
        assert!(!given.contains("mish") && !given.contains("Scaling"), "{given}");
        let given = Pipeline::new(Target::binary("late")).model(ann).weights("weight").threshold(0.3).to_string();
        for part in ["network     Dense, Dense", "members     1", "weights     weight", "threshold   0.3"] {
            assert!(given.contains(part), "{given}");
        }
    }
}
