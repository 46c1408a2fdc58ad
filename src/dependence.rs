//! Monotone dependence of one value on another, as far as signs prove it.

/// The dependence of an output on an input while everything else stays the same.
///
/// A feature of a raw column, a unit of a layer and a prediction have one each; [`Pipeline::monotone`](crate::pipeline::Pipeline::monotone)
/// joins them into a proof.
///
/// ```
/// use perceptra::Dependence::{Decreasing, Increasing, Independent, Unknown};
///
/// assert_eq!(Increasing.then(Decreasing), Decreasing);
/// assert_eq!(Decreasing.then(Decreasing), Increasing);
/// assert_eq!(Increasing.and(Independent), Increasing);
/// assert_eq!(Increasing.and(Decreasing), Unknown);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dependence {
    /// The output is the same for every value of the input.
    Independent,
    /// The output never falls as the input rises.
    Increasing,
    /// The output never rises as the input rises.
    Decreasing,
    /// Nothing is known.
    Unknown,
}

impl Dependence {
    /// The dependence, on the same input, of a function that depends on this output in the given way.
    #[must_use]
    pub fn then(self, next: Dependence) -> Dependence {
        use Dependence::{Decreasing, Increasing, Independent, Unknown};
        match (self, next) {
            (Independent, _) | (_, Independent) => Independent,
            (Unknown, _) | (_, Unknown) => Unknown,
            (one, other) if one == other => Increasing,
            _ => Decreasing,
        }
    }

    /// The dependence of the sum of two outputs that depend on the same input.
    #[must_use]
    pub fn and(self, other: Dependence) -> Dependence {
        match (self, other) {
            (Dependence::Independent, other) => other,
            (one, Dependence::Independent) => one,
            (one, other) if one == other => one,
            _ => Dependence::Unknown,
        }
    }

    /// The dependence of a product on its other factor, for a factor of this sign.
    pub(crate) fn of_factor(factor: f64) -> Dependence {
        match factor {
            factor if factor > 0.0 => Dependence::Increasing,
            factor if factor < 0.0 => Dependence::Decreasing,
            0.0 => Dependence::Independent,
            _ => Dependence::Unknown,
        }
    }

    /// 1, −1 and 0 for what rises, falls and stays; none if nothing is known.
    pub(crate) fn sign(self) -> Option<i64> {
        match self {
            Dependence::Independent => Some(0),
            Dependence::Increasing => Some(1),
            Dependence::Decreasing => Some(-1),
            Dependence::Unknown => None,
        }
    }

    /// The dependence of an arbitrary function of these inputs: independent if all of them are, else
    /// unknown.
    pub(crate) fn mixed(inputs: &[Dependence]) -> Dependence {
        match inputs.iter().all(|input| *input == Dependence::Independent) {
            true => Dependence::Independent,
            false => Dependence::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Dependence::{self, Decreasing, Increasing, Independent, Unknown};

    #[test]
    fn joined_dependences_are_those_of_signs() {
        for (one, other, chained, summed) in [
            (Independent, Unknown, Independent, Unknown),
            (Independent, Decreasing, Independent, Decreasing),
            (Increasing, Increasing, Increasing, Increasing),
            (Increasing, Decreasing, Decreasing, Unknown),
            (Decreasing, Decreasing, Increasing, Decreasing),
            (Increasing, Unknown, Unknown, Unknown),
        ] {
            assert_eq!((one.then(other), other.then(one)), (chained, chained));
            assert_eq!((one.and(other), other.and(one)), (summed, summed));
        }
        let factors = [0.5, -2.0, 0.0, -0.0, f64::NAN].map(Dependence::of_factor);
        assert_eq!(factors, [Increasing, Decreasing, Independent, Independent, Unknown]);
        assert_eq!(Dependence::mixed(&[Independent, Increasing]), Unknown);
    }
}
