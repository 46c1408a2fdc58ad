//! A synthetic portfolio of 532,428 personal loans, the default input of the loan walkthrough.
//!
//! **No row describes a real loan.** Every row is drawn from a small statistical model whose constants were
//! calibrated to two sets of published summary statistics of LendingClub loans:
//!
//! - *the challenge file*: the summary of the 532,428-row training file of a public loan-default challenge
//!   (counts, quartiles, extremes and means; interest received from the summary of its test file);
//! - *the closed loans*: 21,152 public LendingClub loans of 2007–2018 that had ended (frequencies of
//!   terms and ownership, rank correlations, default rates).
//!
//! # The model
//!
//! One row is made in three steps, each in a separate file:
//!
//! 1. [`outcome`] draws without replacement whether the row is complete and whether the loan defaulted, so every
//!    count is exact for every seed.
//! 2. [`dependence`] draws eight correlated normal variables, a Gaussian copula; [`default_risk`] computes
//!    their probability of default; draws are repeated until a random decision with this probability has the
//!    outcome of step 1 (rejection sampling from the distribution of borrowers given the outcome).
//! 3. [`marginals`] and [`ownership`] convert the latent variables to amounts, rates and categories, and
//!    [`record`] prints them with the precision of the real file.
//!
//! Fifteen further columns of the published summary, [`unrelated`], have the published distributions, but are
//! independent of the label, of the eight columns above, and of each other.
//!
//! # Reproduced properties
//!
//! | property | rows |
//! |---|---|
//! | 532,428 rows, 125,827 defaults (23.63%), 42,004 without balance, 3 without income | all |
//! | quantiles, extremes and means of the challenge file | all that have the number |
//! | missing values, quartiles, extremes and means of the further columns; standard deviations to 5% | all that have the number |
//! | frequencies of terms and ownership, Spearman correlations, relative default rates of the closed loans | complete |
//!
//! Completeness depends only on the label: 36,890 of the 42,007 incomplete rows are defaults, so only
//! 18.13% of the 490,421 complete rows are, and 70% of those train on 62,256 defaults. Given its label an incomplete row
//! is drawn like any other. The probabilities of [`default_risk`] average to 18.13%, hence the complete
//! rows follow the copula undistorted, and dependence is calibrated and tested on them: they are the rows that a
//! model trains on. Among all rows, where defaults are more frequent, rates are slightly higher and
//! incomes lower; the tables of [`marginals`] allow for that.
//!
//! A default rate is *relative* to the mean rate of its rows, because the closed loans default more often
//! (21.94%). For the same reason correlations with the label are a little weaker than theirs: the same
//! relative rates at a mean of 18.13% give 0.89 of the correlation.
//!
//! # How the constants were found
//!
//! - Correlation of two latent numbers: `2 sin(π ρ / 6)` of the Spearman correlation ρ, which is exact for
//!   a Gaussian copula. Of a latent number and a category: solved by quadrature. Of the choice between
//!   owning and renting: by fixed-point iteration on three million draws.
//! - Marginals: the published quantiles at the positions the latent variable has among the rows concerned; the
//!   shape between and beyond them follows the closed loans, and one or two points of each tail were
//!   adjusted until the mean agreed and the standard deviation nearly did (that of incomes and balances depends on
//!   the few largest values and is 13% too small and 2% too large).
//! - Log-odds of default: one coefficient per moment (default rate by rate decile, term and ownership;
//!   correlation of the label with amount, income, interest received and balance), solved by Newton's
//!   method on three million draws. One term is chosen instead: the steep rise of the risk if far less interest
//!   was received than expected.
//!
//! # Limitations
//!
//! - **Label 1 means default here.** In the challenge file it probably meant *repaid*: its 23.63% equal, to
//!   four digits, the fraction of fully paid loans in the public file it was cut from, and its rows without
//!   balance, old loans that are nearly all closed, nearly all carry label 1.
//! - **`total_rec_int` is known only after a loan has run.** A model that uses it describes loans; it cannot
//!   score an application.
//! - The copula does not model repayment schedules: about 7% of the rows have received more interest than
//!   their contract would have paid in full. It does not model the calendar either: rows are exchangeable.
//! - No model can do better on these rows than an ROC AUC of about 0.70, which is the probability of default
//!   itself used as the score. scikit-learn reaches 0.68 with logistic regression, 0.69 with a 12-12-1 network or boosted
//!   trees, and at a threshold of 0.55 a recall of 0.01–0.02 before and 0.50–0.58 after balancing the classes.

mod default_risk;
mod dependence;
mod interpolation;
mod marginals;
mod outcome;
mod ownership;
mod record;
mod unrelated;

use std::io::{self, Write};

use perceptra::Random;
use rand::{Rng, SeedableRng};

/// The seed of the portfolio that the documentation's statistics describe.
pub(crate) const SEED: u64 = 2015;

/// The number of rows.
const ROWS: u32 = 532_428;

/// Names of the dependent columns, as in the challenge file; those of [`unrelated`] come first.
const HEADER: &str = "funded_amnt_inv,term,int_rate,home_ownership,annual_inc,total_rec_int,tot_cur_bal,loan_status\n";

/// The size of the output buffer in bytes.
const CHUNK: usize = 1 << 16;

/// Writes the portfolio as CSV text: a header and 532,428 rows, the same bytes for the same seed.
///
/// # Errors
///
/// Only the errors of `out`.
///
/// # References
///
/// R. B. Nelsen, *An Introduction to Copulas*, 2nd edition, Springer (2006), section 5.1, for the relation of
/// Spearman's coefficient to a copula.
pub(crate) fn write_csv(seed: u64, mut out: impl Write) -> io::Result<()> {
    let mut random = Random::seed_from_u64(seed);
    let mut unrelated_random = Random::seed_from_u64(seed.wrapping_add(1 << 32));
    let mut unrelated = unrelated::Unrelated::new();
    let dependence = dependence::Dependence::new();
    let risk = default_risk::DefaultRisk::new();
    let records = record::Records::new();
    let mut urn = outcome::Urn::new();
    let mut text = Vec::with_capacity(CHUNK + 512);
    text.extend_from_slice(unrelated::HEADER.as_bytes());
    text.extend_from_slice(HEADER.as_bytes());
    while let Some(outcome) = urn.draw(&mut random) {
        let latent = loop {
            let latent = dependence.draw(&mut random);
            if (unit(&mut random) < risk.probability(&latent)) == outcome.default {
                break latent;
            }
        };
        unrelated.write(outcome, &mut unrelated_random, &mut text);
        records.write(&latent, outcome, &mut random, &mut text);
        if text.len() >= CHUNK {
            out.write_all(&text)?;
            text.clear();
        }
    }
    out.write_all(&text)?;
    out.flush()
}

/// A uniform number in `[0, 1)` from the upper 53 bits of the next word.
fn unit(random: &mut Random) -> f64 {
    (random.next_u64() >> 11) as f64 / (1u64 << 53) as f64
}
