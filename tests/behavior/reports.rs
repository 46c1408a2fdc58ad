//! Reports on fitted pipelines: their options, and unusual input.

use perceptra::Result;
use perceptra::prelude::*;
use perceptra::preprocessing::Selector;
use perceptra::report::{BuiltReport, Report, ReportSection};

const HOSTILE: &str = "<script>alert(\"1\")</script> & 'so' on";

/// Numbers, categories and targets of all kinds, the names and categories hostile.
fn table(rows: usize, from: usize) -> Table {
    let noise = |row: usize, step: usize| ((row + from) * step % 101) as f64 / 101.0;
    let rows = 0..rows;
    let column = |f: &dyn Fn(usize) -> f64| rows.clone().map(f).collect::<Vec<f64>>();
    let flag = |f: &dyn Fn(usize) -> bool| rows.clone().map(f).collect::<Vec<bool>>();
    let bad = |row: usize| noise(row, 37) + 0.4 * noise(row, 53) < 0.5;
    Table::new()
        .with_numbers(HOSTILE, column(&|row| if row % 9 == 4 { f64::NAN } else { noise(row, 37) }))
        .and_then(|t| t.with_numbers("x".repeat(10_000), column(&|row| noise(row, 53))))
        .and_then(|t| t.with_strings("בעלות", rows.clone().map(|row| ["🏠 own", "<b>rent</b>", "שכירות"][row % 3])))
        .and_then(|t| t.with_numbers("amount", column(&|row| 10.0 * noise(row, 37) + noise(row, 17))))
        .and_then(|t| t.with_booleans("late", flag(&|row| noise(row, 71) < 0.4)))
        .and_then(|t| t.with_booleans("lost", flag(&|row| noise(row, 37) < 0.3)))
        .and_then(|t| {
            t.with_strings("grade", rows.clone().map(|row| ["A", "B", "<C>"][(noise(row, 37) * 3.0) as usize]))
        })
        .and_then(|t| t.with_strings("status", rows.clone().map(|row| if bad(row) { "bad & <lost>" } else { "good" })))
        .unwrap()
}

const TARGETS: [&str; 5] = ["amount", "late", "lost", "grade", "status"];

fn fitted(target: Target, outputs: usize, activation: &str, loss: &str) -> FittedPipeline {
    let others: Vec<&str> = TARGETS.into_iter().filter(|name| !target.columns().iter().any(|c| c == name)).collect();
    let ann = Sequential::new().add(Dense::new(4, Relu)).add(Dense::new(outputs, activation)).compile("adam", loss, ());
    let options = Fit::new().epochs(2).verbose(0);
    Pipeline::new(target).exclude(others).model(ann).options(options).seed(1).fit(&table(150, 0)).unwrap()
}

fn binary() -> FittedPipeline {
    fitted(Target::binary("status").positive("bad & <lost>"), 1, "sigmoid", "binary_crossentropy")
}

fn titles(report: &BuiltReport) -> Vec<&str> {
    report.sections().iter().map(ReportSection::title).collect()
}

/// Checks that the tags of the page are balanced, and that the page runs no script and loads nothing.
fn check_html(html: &str) {
    assert!(html.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"));
    let mut open: Vec<&str> = Vec::new();
    let mut ids = std::collections::BTreeSet::new();
    let body = &html[html.find("<body>").unwrap()..];
    for tag in body.split('<').skip(1) {
        let (tag, _) = tag.split_once('>').unwrap();
        assert!(!tag.contains("script") && !tag.contains(" on") && !tag.contains("src="), "{tag}");
        if let Some(name) = tag.strip_prefix('/') {
            match name {
                "html" => assert!(open.is_empty(), "{open:?}"),
                _ => assert_eq!(open.pop(), Some(name)),
            }
        } else if !tag.ends_with('/') {
            open.push(tag.split_whitespace().next().unwrap());
        }
        if let Some((_, id)) = tag.split_once(" id=\"") {
            assert!(ids.insert(id.split('"').next().unwrap()), "{tag}");
        }
    }
    for link in html.split("href=\"#").skip(1) {
        assert!(ids.contains(link.split('"').next().unwrap()));
    }
    for outside in ["http:", "https:", "url(", "@import", "<link"] {
        assert!(!html.replace("http://www.w3.org/2000/svg", "").contains(outside), "{outside}");
    }
    assert!(!html.contains("NaN") && !html.contains(">inf"), "a number that is none");
}

#[test]
fn each_task_has_its_sections() -> Result<()> {
    let (train, test) = (table(150, 0), table(90, 1000));
    let everywhere = [
        "At a glance",
        "Columns",
        "Missing values",
        "Correlations",
        "Drift",
        "Training history",
        "Importance of columns",
        "Dependence on columns",
        "Segments",
    ];
    let last = ["Layout of the network", "Card of the model"];
    let binary_sections = [
        "Confusion at the threshold",
        "ROC curve",
        "Precision and recall",
        "Thresholds",
        "Calibration",
        "Gains by decile",
    ];
    let tasks: [(FittedPipeline, &[&str]); 5] = [
        (binary(), &binary_sections),
        (
            fitted(Target::multiclass("grade"), 3, "softmax", "categorical_crossentropy"),
            &[
                "Confusion matrix",
                "Scores of each class",
                "ROC curves, one class against the rest",
                "Precision and recall, one class against the rest",
                "Calibration, one class against the rest",
            ],
        ),
        (
            fitted(Target::regression("amount"), 1, "linear", "mse"),
            &["Predicted and actual", "Residuals", "Error by decile of the prediction"],
        ),
        (
            fitted(Target::multi_regression(["amount".to_string(), "x".repeat(10_000)]), 2, "linear", "mse"),
            &["Predictions of amount"],
        ),
        (
            fitted(Target::multilabel(["late", "lost"]), 2, "sigmoid", "binary_crossentropy"),
            &["Predictions of late", "Predictions of lost"],
        ),
    ];
    for (fitted, sections) in tasks {
        let report = Report::new(&fitted, &test).training(&train).build()?;
        let found = titles(&report);
        for section in everywhere.iter().chain(sections).chain(&last) {
            assert!(found.contains(section), "{section} in {found:?}");
        }
        let html = report.to_html()?;
        check_html(&html);
        assert!(html.len() < 1_000_000 && html.contains("&lt;script&gt;alert(&quot;1&quot;)"), "{}", html.len());
        let again = Report::new(&fitted, &test).training(&train).build()?;
        assert_eq!(again.to_html()?, html);
        assert_eq!(again.pictures(), report.pictures());
    }
    Ok(())
}

#[test]
fn the_caller_states_title_use_date_names_and_sections() -> Result<()> {
    let (fitted, test) = (binary(), table(90, 1000));
    let report = Report::new(&fitted, &test)
        .title("A & <B>")
        .date("2020-02-02")
        .intended_use("For <nobody>")
        .class_names(["fine", "<gone>"])
        .segments([HOSTILE, "late"])
        .section(ReportSection::new("Mine").text("x < y").table("T", ["a"], [["1"]]))
        .build()?;
    let html = report.to_html()?;
    check_html(&html);
    for text in
        ["A &amp; &lt;B&gt;", "2020-02-02", "For &lt;nobody&gt;", "TN = ", "probability of &lt;gone&gt;", "x &lt; y"]
    {
        assert!(html.contains(text), "{text}");
    }
    let found = titles(&report);
    assert_eq!(found.iter().position(|title| *title == "Mine").unwrap() + 3, found.len());
    let names: Vec<String> = report.pictures().into_iter().map(|(name, _)| name).collect();
    assert!(names.iter().any(|name| name.ends_with("-roc.svg")), "{names:?}");
    assert!(report.pictures().iter().all(|(_, svg)| svg.contains("</title>\n<desc>")));
    let plain = Report::new(&fitted, &test).build()?.to_html()?;
    assert!(!plain.contains("2020") && plain.contains("The intended use was not stated."));
    Ok(())
}

#[test]
fn files_are_written_and_equal_the_report() -> Result<()> {
    let (fitted, test) = (binary(), table(90, 1000));
    let report = Report::new(&fitted, &test).build()?;
    let folder = std::env::temp_dir().join(format!("perceptra-report-{}", std::process::id()));
    report.write_pictures(folder.join("pictures"))?;
    report.write_html(folder.join("report.html"))?;
    assert_eq!(std::fs::read_to_string(folder.join("report.html")).unwrap(), report.to_html()?);
    for (name, svg) in report.pictures() {
        assert_eq!(std::fs::read_to_string(folder.join("pictures").join(name)).unwrap(), svg);
    }
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(report.write_html(folder.join("none").join("report.html")).is_err());
    Ok(())
}

/// The note that replaces a section; checks that the page is well formed.
fn notes(fitted: &FittedPipeline, test: &Table) -> String {
    let html = Report::new(fitted, test).build().unwrap().to_html().unwrap();
    check_html(&html);
    html.split("<p class=\"note\" dir=\"auto\">")
        .skip(1)
        .map(|note| note.split("</p>").next().unwrap())
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn rows_that_allow_no_comparison_are_stated() {
    let fitted = binary();
    let test = table(90, 1000);
    assert!(notes(&fitted, &test.head(0)).contains("the test table has no rows"));
    let good = test.filter(|row| Ok(row.string("status")? == Some("good"))).unwrap();
    assert!(notes(&fitted, &good).contains("are of the class good, and this needs rows of both classes"));
    assert!(notes(&fitted, &test.head(5)).contains("cannot be divided into ten parts"));
    let one = Report::new(&fitted, &test.head(1)).build().unwrap().to_html().unwrap();
    check_html(&one);
}

#[test]
fn equal_predictions_make_a_page() {
    let mut ann = Sequential::new().add(Dense::new(1, Sigmoid).name("out")).compile("adam", "binary_crossentropy", ());
    let train = table(150, 0);
    let (columns, x) = ColumnTransformer::new().passthrough(["amount"]).fit_transform::<f32>(&train).unwrap();
    ann.build(x.ncols()).unwrap();
    ann.set_weights("out", &[dmatrix![0.0], dmatrix![0.3]]).unwrap();
    let fitted = FittedPipeline::from_parts(columns, &Target::binary("lost"), &train, vec![ann]).unwrap();
    let html = Report::new(&fitted, &train).build().unwrap().to_html().unwrap();
    check_html(&html);
    assert!(html.contains("All predicted probabilities are equal") && html.contains("networks hold no history"));

    let mut line = Sequential::new().add(Dense::new(1, Linear).name("out")).compile("adam", "mse", ());
    line.build(x.ncols()).unwrap();
    line.set_weights("out", &[dmatrix![f32::MAX], dmatrix![0.0]]).unwrap();
    let (columns, _) = ColumnTransformer::new().passthrough(["amount"]).fit_transform::<f32>(&train).unwrap();
    let target = Target::regression("amount").standardize(false);
    let broken = FittedPipeline::from_parts(columns, &target, &train, vec![line]).unwrap();
    assert!(notes(&broken, &train).contains("a prediction that is not a finite number"));
}

#[test]
fn columns_that_are_missing_are_errors_that_name_them() {
    let (fitted, test) = (binary(), table(90, 1000));
    let message = |report: Report<'_>| report.build().unwrap_err().to_string();
    assert!(message(Report::new(&fitted, &test).segments(["home"])).contains("home"));
    let without = test.drop_columns(["status"]).unwrap();
    assert!(message(Report::new(&fitted, &without)).contains("status"));
    let names = message(Report::new(&fitted, &test).class_names(["a"]));
    assert!(names.contains("a list of 1") && names.contains("2, one for each label"), "{names}");
}

#[test]
fn a_thousand_columns_are_a_page_of_limited_size() {
    let rows = 60;
    let wide = (0..1000).fold(Table::new(), |table, column| {
        let numbers = (0..rows).map(|row| (row * (column + 3) % 59) as f64);
        table.with_numbers(format!("column {column}"), numbers).unwrap()
    });
    let wide = wide.with_booleans("y", (0..rows).map(|row| row % 3 == 0)).unwrap();
    let ann = Sequential::new().add(Dense::new(1, Sigmoid)).compile("adam", "binary_crossentropy", ());
    let options = Fit::new().epochs(1).verbose(0);
    let columns = ColumnTransformer::new().passthrough(Selector::numbers());
    let pipeline = Pipeline::new(Target::binary("y")).columns(columns).model(ann).options(options).seed(1);
    let fitted = pipeline.fit(&wide).unwrap();
    let html = Report::new(&fitted, &wide).build().unwrap().to_html().unwrap();
    check_html(&html);
    assert!(html.len() < 1_000_000, "{}", html.len());
    assert!(html.contains("Listed are the first 100") && html.contains("Compared are the first 24 of "));
}

#[test]
fn costs_have_a_section_and_are_checked() -> Result<()> {
    let (fitted, test) = (binary(), table(90, 1000));
    let report = Report::new(&fitted, &test).costs(CostMatrix::new(1.0, 5.0)).build()?;
    assert!(titles(&report).contains(&"Costs"));
    let html = report.to_html()?;
    check_html(&html);
    assert!(html.contains("A false alarm costs 1, a missed bad &amp; &lt;lost&gt; 5."));
    assert!(Report::new(&fitted, &test).costs(CostMatrix::new(-1.0, 5.0)).build().is_err());
    let grades = fitted_grades();
    let message = Report::new(&grades, &test).costs(CostMatrix::new(1.0, 5.0)).build().unwrap_err().to_string();
    assert!(message.contains("Target::binary"), "{message}");
    Ok(())
}

fn fitted_grades() -> FittedPipeline {
    fitted(Target::multiclass("grade"), 3, "softmax", "categorical_crossentropy")
}
