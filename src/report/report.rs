use super::report_data::ReportData;
use super::sections::{self, Stated, Wanted};
use super::wording::{counted, name};
use super::{BuiltReport, ReportSection};
use crate::decisions::CostMatrix;
use crate::pipeline::{FittedPipeline, Pipeline, Task};
use crate::preprocessing::Table;
use crate::{Error, Result, Scalar};
use std::fmt;

/// A report about a fitted pipeline and test rows, as a plain description; [`build`](Self::build) makes it.
///
/// | option | default | |
/// |---|---|---|
/// | [`title`](Self::title) | the task and its target | the heading |
/// | [`training`](Self::training) | none | the training rows, for the data, missing values and drift |
/// | [`segments`](Self::segments) | columns with few categories | the columns by which the scores are divided |
/// | [`class_names`](Self::class_names) | the labels | the names of the classes |
/// | [`costs`](Self::costs) | none | the cost of each outcome of a binary decision |
/// | [`section`](Self::section) | none | sections of the program |
/// | [`pipeline`](Self::pipeline) | none | the description that was fitted |
/// | [`intended_use`](Self::intended_use), [`date`](Self::date) | none | for the card of the model |
/// | [`seed`](Self::seed) | that of the fit | of everything random in the report |
///
/// ```
/// use perceptra::decisions::CostMatrix;
/// use perceptra::prelude::*;
/// use perceptra::report::Report;
///
/// let rows = 0..120;
/// let loans = Table::new()
///     .with_numbers("annual_inc", rows.clone().map(|row| 20.0 + f64::from(row * 7 % 60)))?
///     .with_strings("home_ownership", rows.clone().map(|row| if row % 3 == 0 { "OWN" } else { "RENT" }))?
///     .with_strings("loan_status", rows.map(|row| if row * 7 % 60 < 25 + row % 9 { "Charged Off" } else { "Fully Paid" }))?;
/// let (train, test) = train_test_split(&loans).test_size(0.3).seed(1).split()?;
/// let ann = Sequential::new().add(Dense::new(1, Sigmoid)).compile(Adam.learning_rate(0.1), BinaryCrossentropy, ());
/// let pipeline = Pipeline::new(Target::binary("loan_status").positive("Charged Off")).model(ann).seed(1);
/// let fitted = pipeline.options(Fit::new().epochs(20).verbose(0)).fit(&train)?;
///
/// let report = Report::new(&fitted, &test)
///     .training(&train)
///     .title("Loan default")
///     .segments(["home_ownership"])
///     .costs(CostMatrix::new(1_000.0, 6_000.0))
///     .intended_use("To order applications for review; not to refuse any.")
///     .build()?;
/// let folder = std::env::temp_dir().join("perceptra-report");
/// report.write_pictures(folder.join("pictures"))?;
/// report.write_html(folder.join("report.html"))?;
/// assert!(report.to_html()?.contains("<h1 dir=\"auto\">Loan default</h1>"));
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Size
///
/// Listed are at most 100 columns, drawn 24 to 30, and at most 12 classes and 8 columns of a target; each section states what it leaves
/// out.
pub struct Report<'a, T: Scalar = f32> {
    fitted: &'a FittedPipeline<T>,
    test: &'a Table,
    train: Option<&'a Table>,
    title: Option<String>,
    segments: Vec<String>,
    class_names: Vec<String>,
    costs: Option<CostMatrix>,
    added: Vec<ReportSection>,
    stated: Stated,
}

impl<'a, T: Scalar> Report<'a, T> {
    /// A report about a pipeline and rows that have not trained it.
    pub fn new(fitted: &'a FittedPipeline<T>, test: &'a Table) -> Self {
        let stated = Stated { seed: fitted.seed(), ..Stated::default() };
        Report {
            fitted,
            test,
            train: None,
            title: None,
            segments: Vec::new(),
            class_names: Vec::new(),
            costs: None,
            added: Vec::new(),
            stated,
        }
    }

    /// The rows that trained the pipeline: columns are described by them, and compared with the test rows.
    #[must_use]
    pub fn training(mut self, train: &'a Table) -> Self {
        self.train = Some(train);
        self
    }

    /// The heading.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// Columns of the test table; scores are computed for each of their categories or bins. They need not be inputs.
    #[must_use]
    pub fn segments(mut self, columns: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.segments.extend(columns.into_iter().map(Into::into));
        self
    }

    /// Sets the names of the labels in the report, in the order of [`labels`](crate::pipeline::FittedTarget::labels): `["repaid", "default"]` for a
    /// column of 0 and 1.
    #[must_use]
    pub fn class_names(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.class_names = names.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the cost of each outcome of a decision, for a section with the cost of each threshold; for a binary target.
    #[must_use]
    pub fn costs(mut self, costs: CostMatrix) -> Self {
        self.costs = Some(costs);
        self
    }

    /// Adds a section before the layout of the network.
    #[must_use]
    pub fn section(mut self, section: ReportSection) -> Self {
        self.added.push(section);
        self
    }

    /// The pipeline before the fit; the card shows its description.
    #[must_use]
    pub fn pipeline(mut self, pipeline: &Pipeline<T>) -> Self {
        self.stated.description = Some(pipeline.to_string());
        self
    }

    /// Sets the description of the intended and the unsuitable uses of the model.
    #[must_use]
    pub fn intended_use(mut self, text: impl Into<String>) -> Self {
        self.stated.intended_use = Some(text.into());
        self
    }

    /// The date of the report, in any form. Without one there is none, so that the same input gives the same bytes on any day.
    #[must_use]
    pub fn date(mut self, date: impl Into<String>) -> Self {
        self.stated.date = Some(date.into());
        self
    }

    /// The seed of everything random in the report, such as permuted columns.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.stated.seed = seed;
        self
    }

    /// Computes the report.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`] if a table lacks a column of the target, of the inputs or of the segments;
    /// [`Error::Argument`] for another number of names than classes, and costs of errors that are not above those of right decisions, or for
    /// another task than a binary one;
    /// the errors of [`FittedPipeline::predict`] and of the target's columns, such as a missing value or a label that the training rows
    /// did not have.
    pub fn build(&self) -> Result<BuiltReport> {
        T::report(self)
    }

    pub(crate) fn compute(&self) -> Result<BuiltReport> {
        for column in &self.segments {
            self.test.column(column)?;
        }
        if let Some(costs) = &self.costs {
            costs.bayes_threshold()?;
            let task = self.fitted.target().task();
            if task != Task::Binary {
                return Err(Error::argument(
                    "Report",
                    "costs",
                    format!("costs for {task}"),
                    "none: they are for Target::binary",
                ));
            }
        }
        let data = ReportData::of(self.fitted, self.test, self.train, &self.class_names, self.stated.seed)?;
        let wanted = Wanted { segments: &self.segments, costs: self.costs, stated: &self.stated, added: &self.added };
        let sections = sections::all(self.fitted, &data, &wanted)?;
        let targets: Vec<String> = data.targets.iter().take(5).map(|target| name(target)).collect();
        let default = || format!("Predicting {}", targets.join(", "));
        let title = self.title.clone().filter(|title| !title.trim().is_empty()).unwrap_or_else(default);
        let mut lead = format!("{} from {}", data.task, counted(data.inputs.len(), "column"));
        if let Some(date) = &self.stated.date {
            lead += &format!(", {date}");
        }
        if let Some(first) = lead.get(..1).map(str::to_uppercase) {
            lead.replace_range(..1, &first);
        }
        Ok(BuiltReport::new(title, lead, sections))
    }
}

impl<T: Scalar> fmt::Debug for Report<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Report").field("title", &self.title).field("segments", &self.segments).finish_non_exhaustive()
    }
}
