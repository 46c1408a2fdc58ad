//! The target of the prediction, and its names in the output.

/// A prediction of one of two classes for each row.
pub(crate) struct Task {
    /// The origin of the rows, in a sentence.
    pub source: String,
    /// The column to predict.
    pub target: String,
    /// The file of the loans, if the rows are loans with the tutorial's columns.
    pub loans: Option<Loans>,
    /// `customer`, or `row` of any other table.
    pub row: &'static str,
    /// Class 0 and class 1.
    pub classes: [String; 2],
    /// The rows of class 1 in a sentence.
    pub positives: String,
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Loans {
    Synthetic,
    File,
}

impl Task {
    /// The prediction of the customers who default.
    pub(crate) fn loans(source: String, loans: Loans) -> Task {
        Task {
            source,
            target: "loan_status".into(),
            loans: Some(loans),
            row: "customer",
            classes: ["repaid".into(), "default".into()],
            positives: "defaults".into(),
        }
    }

    /// The prediction of the rows of class 1 in any table.
    pub(crate) fn other(source: String, target: &str, classes: [String; 2]) -> Task {
        Task {
            source,
            target: target.into(),
            loans: None,
            row: "row",
            positives: format!("\"{}\"", classes[1]),
            classes,
        }
    }

    /// The constant prediction of the more frequent class, in words, if this fraction of the rows is of class 1.
    pub(crate) fn constant(&self, positive_rate: f64) -> String {
        let [zero, one] = &self.classes;
        match (self.loans, positive_rate > 0.5) {
            (Some(_), false) => "nobody defaults".into(),
            (Some(_), true) => "all default".into(),
            (None, false) => format!("always {zero}"),
            (None, true) => format!("always {one}"),
        }
    }

    /// A row of class 1 in a sentence.
    pub(crate) fn a_positive(&self) -> String {
        match self.loans {
            Some(_) => "customer who defaults".into(),
            None => format!("row of class {}", self.positives),
        }
    }

    /// The plural of [`Task::row`].
    pub(crate) fn rows(&self) -> String {
        format!("{}s", self.row)
    }
}
