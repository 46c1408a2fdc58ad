//! The dependence between the variables of a loan: a Gaussian copula.

use perceptra::Random;
use rand::RngExt;
use rand_distr::StandardNormal;

/// Number of latent variables.
const VARIABLES: usize = 8;

/// The latent variables of one borrower, standard normal, before the marginals are applied.
#[derive(Debug, Clone, Copy)]
pub(super) struct Latent {
    pub amount: f64,
    pub rate: f64,
    pub income: f64,
    pub interest: f64,
    pub balance: f64,
    /// Large for the long term.
    pub term: f64,
    /// Large for a house under mortgage.
    pub mortgage: f64,
    /// Decides between owning (large) and renting if there is no mortgage.
    pub own: f64,
}

/// Correlations of the latent variables in the order of the fields of [`Latent`], lower triangle.
///
/// After marginals and thresholds are applied, the Spearman correlations equal those of the closed loans to within 0.0014.
#[rustfmt::skip]
const CORRELATION: [[f64; VARIABLES]; VARIABLES] = [
    [1.0000, 0.0,     0.0,    0.0,    0.0,    0.0,    0.0,    0.0], // amount funded
    [0.1593, 1.0,     0.0,    0.0,    0.0,    0.0,    0.0,    0.0], // interest rate
    [0.4948, -0.0691, 1.0,    0.0,    0.0,    0.0,    0.0,    0.0], // annual income
    [0.7263, 0.3823,  0.2944, 1.0,    0.0,    0.0,    0.0,    0.0], // interest received
    [0.3519, -0.0757, 0.5313, 0.2008, 1.0,    0.0,    0.0,    0.0], // current balance
    [0.5275, 0.5550,  0.1807, 0.6171, 0.2098, 1.0,    0.0,    0.0], // term
    [0.2299, -0.0637, 0.3164, 0.1412, 0.7289, 0.1768, 1.0,    0.0], // mortgage
    [0.0784, -0.0434, 0.0432, 0.0063, 0.2306, 0.0386, 0.0,    1.0], // owning rather than renting
];

/// Draws latent variables with the correlations of the table above.
#[derive(Debug)]
pub(super) struct Dependence {
    /// Lower triangular `L` with `L Lᵀ` equal to the correlations.
    factor: [[f64; VARIABLES]; VARIABLES],
}

impl Dependence {
    pub(super) fn new() -> Self {
        Self { factor: cholesky(&CORRELATION) }
    }

    /// Draws one borrower: `L e` with independent standard normal `e`.
    pub(super) fn draw(&self, random: &mut Random) -> Latent {
        let independent: [f64; VARIABLES] = std::array::from_fn(|_| random.sample(StandardNormal));
        let [amount, rate, income, interest, balance, term, mortgage, own] =
            std::array::from_fn(|row| (0..=row).map(|column| self.factor[row][column] * independent[column]).sum());
        Latent { amount, rate, income, interest, balance, term, mortgage, own }
    }
}

/// Cholesky's factor of a symmetric, positive definite matrix given by its lower triangle.
fn cholesky(matrix: &[[f64; VARIABLES]; VARIABLES]) -> [[f64; VARIABLES]; VARIABLES] {
    let mut factor = [[0.0; VARIABLES]; VARIABLES];
    for row in 0..VARIABLES {
        for column in 0..=row {
            let known: f64 = (0..column).map(|k| factor[row][k] * factor[column][k]).sum();
            let rest = matrix[row][column] - known;
            factor[row][column] = if row == column { rest.sqrt() } else { rest / factor[column][column] };
        }
    }
    factor
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factor_reproduces_the_correlations() {
        let factor = cholesky(&CORRELATION);
        for row in 0..VARIABLES {
            for column in 0..=row {
                let product: f64 = (0..VARIABLES).map(|k| factor[row][k] * factor[column][k]).sum();
                approx::assert_abs_diff_eq!(product, CORRELATION[row][column], epsilon = 1e-12);
            }
        }
    }
}
