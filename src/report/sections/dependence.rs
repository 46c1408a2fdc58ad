//! How predictions change with the most important columns.

use super::columns::quantile;
use super::drawing::WIDTH;
use super::importance::some_rows;
use crate::inspection::{ColumnImportances, DependenceCurves, PartialDependence};
use crate::pipeline::{FittedPipeline, Task};
use crate::plot::{Bars, Lines};
use crate::preprocessing::Value;
use crate::report::ReportSection;
use crate::report::outcomes::Outcomes;
use crate::report::report_data::{ReportData, label};
use crate::report::wording::{counted, name, percent, short};
use crate::{Result, Scalar};

/// The columns that are shown, the values of each, and the rows whose predictions are averaged.
const COLUMNS: usize = 4;
const VALUES: usize = 20;
const MOST_CATEGORIES: usize = 15;
const MOST_ROWS: usize = 500;

pub(super) fn section<T: Scalar>(
    fitted: &FittedPipeline<T>,
    data: &ReportData<'_>,
    importances: Option<&ColumnImportances>,
) -> Result<ReportSection> {
    let section = ReportSection::new("Dependence on columns");
    let Some(importances) = importances else {
        return Ok(section.note("Not shown: without importances it is not known which columns matter most."));
    };
    let rows = some_rows(data.test, MOST_ROWS)?;
    let output = output(fitted, data);
    let class = match &output {
        Some(value) => fitted.target().labels().iter().position(|label| label == value),
        None => fitted.target().positive_label().map(|_| 1),
    };
    let (what, write): (String, fn(f64) -> String) = match (class.and_then(|class| data.classes.get(class)), &output) {
        (Some(class), _) => (format!("probability of {class}"), percent),
        (None, Some(value)) if !data.task.is_regression() => (format!("probability of {}", label(value)), percent),
        (None, Some(value)) => (label(value), short),
        (None, None) => (data.targets.first().map_or(String::new(), |target| name(target)), short),
    };
    let mut section = section.text(format!(
        "For each value of a column, that value is put into {} and the predictions are averaged; all else stays as it is. This shows what the \
         pipeline does, not what would happen to a customer whose value changed.",
        counted(rows.nrows(), "test row")
    ));
    for column in importances.columns().iter().filter(|column| column.mean > 0.0).take(COLUMNS) {
        let part = ReportSection::new(name(&column.name));
        // Dates, and integers that are no numbers, have bars.
        let is_curve = rows.column(&column.name).is_ok_and(|column| column.as_numbers().is_some());
        let resolution = if is_curve { VALUES } else { MOST_CATEGORIES };
        let mut dependence = PartialDependence::new(&column.name).resolution(resolution).individual(true);
        if let Some(value) = &output {
            dependence = dependence.output(value.clone());
        }
        let part = match dependence.compute(fitted, &rows) {
            Ok(dependence) => with_picture(part, &column.name, &dependence, &what, write)?,
            Err(error) => part.note(format!("Not shown: {error}")),
        };
        section = section.append(&column.name, part);
    }
    Ok(section)
}

/// The output that is shown if there are several: the most frequent class, or the first column of the target.
fn output<T: Scalar>(fitted: &FittedPipeline<T>, data: &ReportData<'_>) -> Option<Value> {
    match (data.task, &data.outcomes) {
        (Task::Multiclass, Ok(Outcomes::Classes(classes))) => {
            let rows = classes.class_rows();
            let most = (0..rows.len()).rev().max_by_key(|class| rows[*class])?;
            fitted.target().labels().get(most).cloned()
        }
        (Task::MultiRegression | Task::Multilabel, _) => {
            data.targets.first().map(|target| Value::from(target.as_str()))
        }
        _ => None,
    }
}

fn with_picture(
    section: ReportSection,
    column: &str,
    dependence: &DependenceCurves,
    what: &str,
    write: fn(f64) -> String,
) -> Result<ReportSection> {
    let column = name(column);
    let average = dependence.average();
    let values = dependence.values().first().map_or(&[][..], Vec::as_slice);
    let by_mean = |a: &usize, b: &usize| average[*a].total_cmp(&average[*b]);
    let points = 0..average.len().min(values.len());
    let (Some(least), Some(most)) = (points.clone().min_by(by_mean), points.max_by(by_mean)) else {
        return Ok(section.note("Not shown: the column has no value."));
    };
    let text = format!(
        "The mean {what} is from {} (at {}) to {} (at {}).",
        write(average[least]),
        shown(&values[least]),
        write(average[most]),
        shown(&values[most])
    );
    let numbers: Option<Vec<f64>> =
        values.iter().map(|value| if let Value::Number(number) = value { Some(*number) } else { None }).collect();
    let svg = match numbers.filter(|numbers| numbers.len() > 2) {
        Some(x) => {
            let quarters = |fraction: f64| -> Vec<f64> {
                let individual = dependence.individual().into_iter().flat_map(|all| all.column_iter());
                let of = individual.map(|values| {
                    let mut sorted: Vec<f64> = values.iter().copied().collect();
                    sorted.sort_unstable_by(f64::total_cmp);
                    quantile(&sorted, fraction)
                });
                of.collect()
            };
            Lines::new(format!("{what} by {column}"))
                .x_label(&column)
                .y_label(what)
                .series("mean", &x, average)
                .series("upper quarter", &x, &quarters(0.75))
                .series("lower quarter", &x, &quarters(0.25))
                .width(WIDTH)
                .to_svg()?
        }
        None => {
            let bars = Bars::new(format!("{what} by {column}")).subtitle("mean prediction");
            let shown_values = values.iter().zip(average).take(MOST_CATEGORIES);
            let bars = shown_values.fold(bars, |bars, (value, mean)| bars.bar(shown(value), *mean));
            bars.horizontal().width(WIDTH).to_svg()?
        }
    };
    let section = section.text(text).picture("dependence", svg, format!("The mean {what} for values of {column}."));
    Ok(match values.len() > MOST_CATEGORIES && values.iter().any(|value| !matches!(value, Value::Number(_))) {
        true => section.note(format!("Shown: {MOST_CATEGORIES} of {}.", counted(values.len(), "value"))),
        false => section,
    })
}

fn shown(value: &Value) -> String {
    match value {
        Value::Number(number) => short(*number),
        other => label(other),
    }
}
