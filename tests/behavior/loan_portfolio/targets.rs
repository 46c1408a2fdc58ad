//! The statistics that the synthetic portfolio has to reproduce.
//!
//! Two sources: the published summary of the challenge file (a training file of 532,428 rows cut from the public
//! LendingClub loans; interest received from the summary of its test file), and statistics of 21,152 public
//! LendingClub loans 2007–2018, closed, with a default rate of 21.94%.

/// Column of the portfolio with its published summary.
pub(crate) struct Summary {
    pub column: usize,
    pub name: &'static str,
    pub mean: f64,
    /// Minimum, quartiles and maximum.
    pub quantiles: [f64; 5],
}

/// The challenge file.
pub(crate) const SUMMARIES: [Summary; 5] = [
    Summary { column: 0, name: "funded_amnt_inv", mean: 14704.93, quantiles: [0.0, 8000.0, 13000.0, 20000.0, 35000.0] },
    Summary { column: 2, name: "int_rate", mean: 13.242969, quantiles: [5.32, 9.99, 12.99, 16.2, 28.99] },
    Summary { column: 4, name: "annual_inc", mean: 75029.84, quantiles: [1200.0, 45000.0, 65000.0, 90000.0, 9.5e6] },
    Summary {
        column: 5,
        name: "total_rec_int",
        mean: 1756.868,
        quantiles: [0.0, 441.345, 1074.12, 2243.075, 23062.45],
    },
    Summary {
        column: 6,
        name: "tot_cur_bal",
        mean: 139554.1,
        quantiles: [0.0, 29839.75, 80669.5, 208479.2, 8000078.0],
    },
];

/// A column that is independent of everything, with its published summary.
pub(crate) struct Unrelated {
    pub name: &'static str,
    /// The rows without a value.
    pub missing: u32,
    pub mean: f64,
    pub deviation: f64,
    /// Minimum, quartiles and maximum.
    pub quantiles: [f64; 5],
}

/// The columns that lack a value exactly where `tot_cur_bal` does.
pub(crate) const WITH_BALANCE: [&str; 2] = ["tot_coll_amt", "total_rev_hi_lim"];

/// The summary of the challenge file, in the order of the portfolio's columns.
pub(crate) const UNRELATED: [Unrelated; 15] = [
    Unrelated {
        name: "member_id",
        missing: 0,
        mean: 35005470.0,
        deviation: 24121480.0,
        quantiles: [70473.0, 10866880.0, 37095900.0, 58489200.0, 73544840.0],
    },
    Unrelated {
        name: "loan_amnt",
        missing: 0,
        mean: 14757.595722,
        deviation: 8434.42008,
        quantiles: [500.0, 8000.0, 13000.0, 20000.0, 35000.0],
    },
    Unrelated {
        name: "funded_amnt",
        missing: 0,
        mean: 14744.271291,
        deviation: 8429.139277,
        quantiles: [500.0, 8000.0, 13000.0, 20000.0, 35000.0],
    },
    Unrelated {
        name: "dti",
        missing: 0,
        mean: 18.138767,
        deviation: 8.369074,
        quantiles: [0.0, 11.93, 17.65, 23.95, 672.52],
    },
    Unrelated {
        name: "delinq_2yrs",
        missing: 16,
        mean: 0.314448,
        deviation: 0.860045,
        quantiles: [0.0, 0.0, 0.0, 0.0, 30.0],
    },
    Unrelated {
        name: "inq_last_6mths",
        missing: 16,
        mean: 0.694603,
        deviation: 0.997025,
        quantiles: [0.0, 0.0, 0.0, 1.0, 31.0],
    },
    Unrelated {
        name: "mths_since_last_delinq",
        missing: 272554,
        mean: 34.055735,
        deviation: 21.884797,
        quantiles: [0.0, 15.0, 31.0, 50.0, 180.0],
    },
    Unrelated {
        name: "total_rec_late_fee",
        missing: 0,
        mean: 0.394954,
        deviation: 4.091546,
        quantiles: [0.0, 0.0, 0.0, 0.0, 358.68],
    },
    Unrelated {
        name: "recoveries",
        missing: 0,
        mean: 45.717832,
        deviation: 409.647467,
        quantiles: [0.0, 0.0, 0.0, 0.0, 33520.27],
    },
    Unrelated {
        name: "collection_recovery_fee",
        missing: 0,
        mean: 4.859221,
        deviation: 63.123361,
        quantiles: [0.0, 0.0, 0.0, 0.0, 7002.19],
    },
    Unrelated {
        name: "collections_12_mths_ex_med",
        missing: 95,
        mean: 0.014299,
        deviation: 0.133005,
        quantiles: [0.0, 0.0, 0.0, 0.0, 16.0],
    },
    Unrelated {
        name: "mths_since_last_major_derog",
        missing: 399448,
        mean: 44.121462,
        deviation: 22.19841,
        quantiles: [0.0, 27.0, 44.0, 61.0, 180.0],
    },
    Unrelated {
        name: "acc_now_delinq",
        missing: 16,
        mean: 0.005015,
        deviation: 0.079117,
        quantiles: [0.0, 0.0, 0.0, 0.0, 14.0],
    },
    Unrelated {
        name: "tot_coll_amt",
        missing: 42004,
        mean: 213.562222,
        deviation: 1958.571538,
        quantiles: [0.0, 0.0, 0.0, 0.0, 496651.0],
    },
    Unrelated {
        name: "total_rev_hi_lim",
        missing: 42004,
        mean: 32080.57,
        deviation: 38053.04,
        quantiles: [0.0, 14000.0, 23700.0, 39800.0, 9999999.0],
    },
];

/// The names of the variables with rank correlations to reproduce.
pub(crate) const VARIABLES: [&str; 10] = [
    "funded_amnt_inv",
    "int_rate",
    "annual_inc",
    "total_rec_int",
    "tot_cur_bal",
    "term60",
    "mortgage",
    "rent",
    "own",
    "y",
];

/// Spearman correlations of the closed loans in the order of [`VARIABLES`].
pub(crate) const SPEARMAN: [[f64; 10]; 10] = [
    [1.0000, 0.1523, 0.4775, 0.7098, 0.3378, 0.3934, 0.1790, -0.1656, -0.0325, 0.0584],
    [0.1523, 1.0000, -0.0660, 0.3673, -0.0723, 0.4146, -0.0494, 0.0522, -0.0001, 0.2488],
    [0.4775, -0.0660, 1.0000, 0.2822, 0.5135, 0.1329, 0.2473, -0.2137, -0.0738, -0.0830],
    [0.7098, 0.3673, 0.2822, 1.0000, 0.1921, 0.4630, 0.1096, -0.0910, -0.0376, 0.0679],
    [0.3378, -0.0723, 0.5135, 0.1921, 1.0000, 0.1544, 0.5926, -0.5473, -0.1212, -0.0754],
    [0.3934, 0.4146, 0.1329, 0.4630, 0.1544, 1.0000, 0.1047, -0.0929, -0.0266, 0.1538],
    [0.1790, -0.0494, 0.2473, 0.1096, 0.5926, 0.1047, 1.0000, -0.8175, -0.3711, -0.0585],
    [-0.1656, 0.0522, -0.2137, -0.0910, -0.5473, -0.0929, -0.8175, 1.0000, -0.2284, 0.0604],
    [-0.0325, -0.0001, -0.0738, -0.0376, -0.1212, -0.0266, -0.3711, -0.2284, 1.0000, 0.0016],
    [0.0584, 0.2488, -0.0830, 0.0679, -0.0754, 0.1538, -0.0585, 0.0604, 0.0016, 1.0000],
];

/// Default rate of the closed loans.
pub(crate) const DEFAULT_RATE: f64 = 0.219412;

/// Share of 60-month loans among the closed loans.
pub(crate) const LONG_TERM_SHARE: f64 = 0.282857;

/// Ownership among the closed loans: name, share, default rate.
pub(crate) const OWNERSHIP: [(&str, f64, f64); 3] =
    [("MORTGAGE", 0.570490, 0.198392), ("RENT", 0.334720, 0.254661), ("OWN", 0.093939, 0.221439)];

/// Default rates of the closed loans by term: 36 and 60 months.
pub(crate) const RATE_BY_TERM: [(&str, f64); 2] = [("36 months", 0.179445), ("60 months", 0.320742)];

/// Default rate of the closed loans by tenth of the interest rate, with the number of loans in it (ties make them uneven).
pub(crate) const RATE_BY_INTEREST_DECILE: [(u32, f64); 10] = [
    (2162, 0.052729),
    (2079, 0.098605),
    (2494, 0.162390),
    (1825, 0.182466),
    (2086, 0.174976),
    (2499, 0.222889),
    (1855, 0.265768),
    (1926, 0.309450),
    (2286, 0.338145),
    (1940, 0.412371),
];
