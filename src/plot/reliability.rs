use super::Lines;

/// The picture of a reliability diagram: the observed frequency over the predicted probability of each bin, beside the diagonal of
/// calibrated predictions.
///
/// Several models are in one picture: each has a name, the mean probability of its bins and their frequencies, as
/// [`ReliabilityDiagram`](crate::calibration::ReliabilityDiagram) has them.
///
/// ```
/// use perceptra::plot::reliability;
///
/// let (predicted, observed) = ([0.1, 0.4, 0.8], [0.2, 0.4, 0.6]);
/// let svg = reliability("Calibration", &[("network", &predicted, &observed)]).to_svg()?;
/// assert!(svg.contains("network") && svg.contains("calibrated"));
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # References
///
/// scikit-learn, *sklearn.calibration.CalibrationDisplay*.
pub fn reliability(title: impl Into<String>, models: &[(&str, &[f64], &[f64])]) -> Lines {
    let lines = Lines::new(title)
        .x_label("predicted probability")
        .y_label("observed frequency")
        .x_range(0.0, 1.0)
        .y_range(0.0, 1.0)
        .series("calibrated", &[0.0, 1.0], &[0.0, 1.0]);
    models.iter().fold(lines, |lines, (name, predicted, observed)| lines.series(*name, predicted, observed))
}
