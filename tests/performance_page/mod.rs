//! Draws the plot of cost against rows on the page about performance from the table above it.

use perceptra::plot::Lines;
use std::path::Path;

const PICTURE: &str = "docs/images/rows.svg";

/// A line of the table: the measurement, rows and seconds. An empty source means that of the line above.
fn measurements(page: &str) -> Vec<(String, f64, f64)> {
    let table = page.split("| source | rows | seconds |").nth(1).expect("the table of sources");
    let lines = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let mut source = String::new();
    let measurement = |line: &str| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let number = |cell: &str| cell.replace(',', "").parse::<f64>().expect("a number");
        if !cells[1].is_empty() {
            source = cells[1].replace('`', "");
        }
        (source.clone(), number(cells[2]), number(cells[3]))
    };
    lines.map(measurement).collect()
}

fn picture(page: &str) -> String {
    let mut lines = Lines::new("One epoch: time against rows")
        .subtitle("both axes in powers of ten; the grey line is proportional to the rows")
        .x_label("rows, as a power of ten")
        .y_label("seconds, as a power of ten")
        .x_range(4.0, 8.0)
        .width(900.0);
    let mut curves: Vec<(String, Vec<f64>, Vec<f64>)> = Vec::new();
    for (source, rows, seconds) in measurements(page) {
        let (x, y) = (rows.log10(), seconds.log10());
        match curves.iter_mut().find(|(name, ..)| *name == source) {
            Some((_, xs, ys)) => {
                xs.push(x);
                ys.push(y);
            }
            None => curves.push((source, vec![x], vec![y])),
        }
    }
    for (source, x, y) in &curves {
        let name = source.split([',', ':']).next().unwrap_or(source);
        if x.len() > 1 {
            // Through the largest of several sizes, with the slope 1.
            let (x_last, y_last) = (x[x.len() - 1], y[y.len() - 1]);
            lines = lines.background(&[4.0, 8.0], &[y_last + 4.0 - x_last, y_last + 8.0 - x_last]).series(name, x, y);
        }
        let name = if source.contains("each later") { "CachedBatches, later epochs" } else { name };
        lines = if x.len() > 1 { lines } else { lines.points(name, x, y) };
    }
    lines.to_svg().expect("a picture")
}

/// `PERCEPTRA_WRITE_PICTURES=1 cargo test --all-features --test repository performance_page` makes it again.
#[test]
fn the_picture_is_that_of_the_table() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("docs/performance.md")).unwrap();
    let made = picture(&page);
    if std::env::var_os("PERCEPTRA_WRITE_PICTURES").is_some() {
        std::fs::write(root.join(PICTURE), &made).unwrap();
    }
    assert!(page.contains("(images/rows.svg)"));
    let stored = std::fs::read_to_string(root.join(PICTURE)).unwrap();
    assert!(stored == made, "the table has changed: make {PICTURE} again, as the comment of this test states");
}
