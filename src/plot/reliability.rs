//! The picture of a reliability diagram.

use super::Lines;

impl Lines {
    /// The observed frequency over the predicted probability of each bin, and the diagonal of calibrated predictions.
    ///
    /// Several models are in one picture: each has a name, the mean probability of its bins and their frequencies, as
    /// [`ReliabilityDiagram`](crate::calibration::ReliabilityDiagram) has them.
    ///
    /// ```
    /// use perceptra::plot::Lines;
    ///
    /// let (predicted, observed) = ([0.1, 0.4, 0.8], [0.2, 0.4, 0.6]);
    /// let svg = Lines::reliability("Calibration", &[("network", &predicted, &observed)]).to_svg()?;
    /// assert!(svg.contains("network") && svg.contains("calibrated"));
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.calibration.CalibrationDisplay*.
    #[must_use]
    pub fn reliability(title: impl Into<String>, models: &[(&str, &[f64], &[f64])]) -> Lines {
        let lines = Lines::new(title)
            .x_label("predicted probability")
            .y_label("observed frequency")
            .x_range(0.0, 1.0)
            .y_range(0.0, 1.0)
            .series("calibrated", &[0.0, 1.0], &[0.0, 1.0]);
        models.iter().fold(lines, |lines, (name, predicted, observed)| lines.series(*name, predicted, observed))
    }
}

#[cfg(test)]
mod tests {
    use super::super::well_formed::elements;
    use super::*;

    #[test]
    fn several_models_are_in_one_picture() {
        let (first, second) = ([0.05, 0.3, 0.62, 0.95], [0.2, 0.35, 0.5, 0.7]);
        let models: [(&str, &[f64], &[f64]); 2] = [("network", &first, &second), ("linear", &first, &first)];
        let svg = Lines::reliability("Calibration on held-out rows", &models).to_svg().unwrap();
        assert!(elements(&svg).len() > 10);
        for name in ["network", "linear", "calibrated", "observed frequency"] {
            assert!(svg.contains(name), "{name}");
        }
        assert!(Lines::reliability("nothing", &[("empty", &[], &[])]).to_svg().is_ok());
        assert!(Lines::reliability("uneven", &[("uneven", &[0.1], &[])]).to_svg().is_err());
    }
}
