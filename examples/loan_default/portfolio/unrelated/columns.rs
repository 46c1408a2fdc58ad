//! The distribution of each further column of the published summary.
//!
//! Extremes and quartiles are the published ones. The points between and beyond them, the fraction of rows above zero and the
//! ratios of the counts are not published; they were solved for so that mean and standard deviation agree.

use super::{Absent, Column, Precision, Shape};

/// Points of a quantile function: the fraction of the rows below, and the value there.
type Points = &'static [(f64, f64)];

pub(super) const MEMBER_ID: Points = &[
    (0.0, 70_473.0),
    (0.05, 1_000_000.0),
    (0.15, 5_000_000.0),
    (0.25, 10_866_880.0),
    (0.4, 25_500_000.0),
    (0.5, 37_095_900.0),
    (0.6, 42_000_000.0),
    (0.75, 58_489_200.0),
    (0.9, 68_000_000.0),
    (1.0, 73_544_840.0),
];

/// The amount applied for and the amount granted: the published summaries agree to within a thousandth.
const AMOUNT: Points = &[
    (0.0, 500.0),
    (0.01, 1_500.0),
    (0.05, 3_500.0),
    (0.1, 5_000.0),
    (0.25, 8_000.0),
    (0.4, 10_800.0),
    (0.5, 13_000.0),
    (0.6, 16_400.0),
    (0.75, 20_000.0),
    (0.9, 27_000.0),
    (0.95, 31_500.0),
    (0.97, 35_000.0),
];

/// Monthly debt payments as a percentage of the monthly income.
const DEBT_TO_INCOME: Points = &[
    (0.0, 0.0),
    (0.01, 1.68),
    (0.05, 5.46),
    (0.1, 7.97),
    (0.25, 11.93),
    (0.5, 17.65),
    (0.75, 23.95),
    (0.9, 29.12),
    (0.95, 31.98),
    (0.99, 36.41),
    (1.0, 39.99),
];

const MONTHS_SINCE_DELINQUENCY: Points = &[
    (0.0, 0.0),
    (0.01, 1.0),
    (0.05, 4.0),
    (0.1, 7.0),
    (0.25, 15.0),
    (0.5, 31.0),
    (0.75, 50.0),
    (0.9, 67.0),
    (0.95, 74.0),
    (0.99, 80.0),
    (1.0, 84.0),
];

const MONTHS_SINCE_DEROGATORY: Points = &[
    (0.0, 0.0),
    (0.01, 2.0),
    (0.05, 8.0),
    (0.1, 14.0),
    (0.25, 27.0),
    (0.5, 44.0),
    (0.75, 61.0),
    (0.9, 75.0),
    (0.95, 79.0),
    (0.99, 84.0),
    (1.0, 95.0),
];

const LATE_FEE: Points = &[
    (0.986, 15.0),
    (0.9895, 16.0),
    (0.993, 18.5),
    (0.9965, 29.0),
    (0.9986, 49.5),
    (0.99958, 80.0),
    (0.99986, 112.0),
    (1.0, 190.0),
];

const RECOVERIES: Points = &[
    (0.973, 30.0),
    (0.9757, 350.0),
    (0.97975, 600.0),
    (0.9865, 1_095.0),
    (0.99325, 2_000.0),
    (0.9973, 3_420.0),
    (0.99919, 5_850.0),
    (0.99973, 8_750.0),
    (0.99995, 13_600.0),
    (1.0, 18_000.0),
];

const RECOVERY_FEE: Points = &[
    (0.975, 2.0),
    (0.9775, 15.3),
    (0.98125, 33.4),
    (0.9875, 79.8),
    (0.99375, 190.0),
    (0.9975, 413.0),
    (0.99925, 887.0),
    (0.99975, 1_580.0),
    (0.99995, 3_030.0),
    (1.0, 4_000.0),
];

const COLLECTION_AMOUNT: Points = &[
    (0.86, 30.0),
    (0.874, 41.0),
    (0.895, 113.0),
    (0.93, 349.0),
    (0.965, 1_073.0),
    (0.986, 2_950.0),
    (0.9958, 8_000.0),
    (0.9986, 16_830.0),
    (0.99972, 42_200.0),
    (1.0, 42_200.0),
];

const REVOLVING_LIMIT: Points = &[
    (0.0, 0.0),
    (0.003, 500.0),
    (0.01, 1_800.0),
    (0.05, 5_000.0),
    (0.1, 7_700.0),
    (0.25, 14_000.0),
    (0.5, 23_700.0),
    (0.75, 39_800.0),
    (0.9, 62_000.0),
    (0.95, 79_500.0),
    (0.99, 128_000.0),
    (0.999, 225_000.0),
    (1.0, 300_000.0),
];

/// All columns in the order in which they are written, after `member_id`.
pub(super) fn all() -> [Column; 14] {
    let curve =
        |points: Points, precision, maximum, absent| Column { shape: Shape::curve(points), maximum, precision, absent };
    let count = |above_zero, ratio, maximum, missing| Column {
        shape: Shape::Count { zero: 1.0 - above_zero, ratio },
        maximum,
        precision: Precision::Multiple(1.0),
        absent: Absent::Rows(missing),
    };
    let (dollars, cents) = (Precision::Multiple(1.0), Precision::Hundredths);
    [
        curve(AMOUNT, Precision::Multiple(25.0), 35_000.0, Absent::Never), // loan_amnt
        curve(AMOUNT, Precision::Multiple(25.0), 35_000.0, Absent::Never), // funded_amnt
        curve(DEBT_TO_INCOME, cents, 672.52, Absent::Never),               // dti
        count(0.1721, 0.4524, 30.0, 16),                                   // delinq_2yrs
        count(0.4454, 0.3587, 31.0, 16),                                   // inq_last_6mths
        curve(MONTHS_SINCE_DELINQUENCY, dollars, 180.0, Absent::Rows(272_554)), // mths_since_last_delinq
        curve(LATE_FEE, cents, 358.68, Absent::Never),                     // total_rec_late_fee
        curve(RECOVERIES, cents, 33_520.27, Absent::Never),                // recoveries
        curve(RECOVERY_FEE, cents, 7_002.19, Absent::Never),               // collection_recovery_fee
        count(0.01317, 0.0732, 16.0, 95),                                  // collections_12_mths_ex_med
        curve(MONTHS_SINCE_DEROGATORY, dollars, 180.0, Absent::Rows(399_448)), // mths_since_last_major_derog
        count(0.004817, 0.0241, 14.0, 16),                                 // acc_now_delinq
        curve(COLLECTION_AMOUNT, dollars, 496_651.0, Absent::WithBalance), // tot_coll_amt
        curve(REVOLVING_LIMIT, Precision::Multiple(100.0), 9_999_999.0, Absent::WithBalance), // total_rev_hi_lim
    ]
}
