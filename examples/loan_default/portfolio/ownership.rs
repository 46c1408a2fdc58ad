//! Term of the loan and home ownership: categories cut from latent variables.

use perceptra::Random;

use super::dependence::Latent;
use super::unit;

/// Latent term above which a loan runs 60 months: 28.29% of the complete rows.
const LONG_TERM: f64 = 0.57437;
/// Latent mortgage above which the house is under mortgage: 57.1%.
const MORTGAGE: f64 = -0.17886;
/// Latent preference above which a borrower without mortgage owns the house: 9.4% of all.
const OWN: f64 = 0.77508;

/// The three frequent kinds of home ownership.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ownership {
    Mortgage,
    Rent,
    Own,
}

pub(super) fn is_long_term(latent: &Latent) -> bool {
    latent.term > LONG_TERM
}

pub(super) fn ownership(latent: &Latent) -> Ownership {
    if latent.mortgage > MORTGAGE {
        Ownership::Mortgage
    } else if latent.own > OWN {
        Ownership::Own
    } else {
        Ownership::Rent
    }
}

/// The category as printed: a few borrowers have one of three rare categories, independent of their other properties.
///
/// `OTHER` and `ANY` have the fractions of the closed loans, which have no `NONE`.
pub(super) fn category(ownership: Ownership, random: &mut Random) -> &'static str {
    match unit(random) {
        u if u < 0.00066 => "OTHER",
        u if u < 0.00085 => "ANY",
        u if u < 0.00095 => "NONE",
        _ => match ownership {
            Ownership::Mortgage => "MORTGAGE",
            Ownership::Rent => "RENT",
            Ownership::Own => "OWN",
        },
    }
}
