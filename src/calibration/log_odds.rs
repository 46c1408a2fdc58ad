//! Probabilities as log-odds and back.

/// Probabilities are clipped to `[CLIP, 1 − CLIP]`, so that their log-odds are finite.
pub(crate) const CLIP: f64 = f64::EPSILON;

/// `ln(p/(1 − p))` of a probability, which is clipped first.
pub(super) fn log_odds(p: f64) -> f64 {
    let p = p.clamp(CLIP, 1.0 - CLIP);
    (p / (1.0 - p)).ln()
}

/// `1/(1 + exp(−z))` without overflow.
pub(super) fn sigmoid(z: f64) -> f64 {
    if z >= 0.0 {
        1.0 / (1.0 + (-z).exp())
    } else {
        let e = z.exp();
        e / (1.0 + e)
    }
}
