//! A report about a fitted pipeline: one HTML page for the people who have to decide with it.
//!
//! [`Report`] takes a [`FittedPipeline`](crate::pipeline::FittedPipeline) and test rows, which have not trained it, and describes the data, the training,
//! the predictions at the threshold and at every other one, what they depend on, how they do in parts of the rows, and the model itself.
//! Each plot follows a sentence that explains it, with the number of rows and the uncertainty of the statistic.
//!
//! The page needs no network and no script; [`BuiltReport::write_pictures`] writes its pictures as SVG files. Equal input is equal bytes.
//!
//! | section | binary | classes | numbers | labels |
//! |---|---|---|---|---|
//! | at a glance: scores with standard errors, and those of a baseline | ✓ | ✓ | ✓ | ✓ |
//! | columns, missing values, correlations, training history | ✓ | ✓ | ✓ | ✓ |
//! | confusion matrix | ✓ | ✓ | | per label |
//! | ROC | ✓ | one against the rest | | per label |
//! | precision and recall | ✓ | one against the rest | | per label |
//! | gains | ✓ | | | per label |
//! | thresholds | ✓ | | | per label |
//! | costs, where [`Report::costs`] are given | ✓ | | | |
//! | calibration | ✓ | one against the rest | | per label |
//! | predicted against actual, residuals, errors by decile | | | ✓ | |
//! | importance and dependence | ✓ | ✓ | ✓ | ✓ |
//! | segments | ✓ | ✓ | ✓ | ✓ |
//! | drift, where [`Report::training`] rows are given | ✓ | ✓ | ✓ | ✓ |
//! | layout of the network, card of the model | ✓ | ✓ | ✓ | ✓ |
//!
//! A section that the rows do not allow states the reason: rows of one class have no ROC curve.

mod built_report;
mod outcomes;
#[expect(clippy::module_inception, reason = "the file is named after its one type, as all are")]
mod report;
mod report_data;
mod report_section;
mod sections;
mod uncertainty;
mod wording;

pub use built_report::BuiltReport;
pub use report::Report;
pub use report_section::ReportSection;
