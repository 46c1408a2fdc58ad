//! A search that is killed at any moment is resumed from its journal, and has the same result as an uninterrupted one.

use super::folder::Folder;
use perceptra::Result;
use perceptra::prelude::*;
use perceptra::search::SearchResult;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The journal of the test that is run again as another process.
const CHILD: &str = "PERCEPTRA_KILLED_SEARCH";

/// The number of kills where `PERCEPTRA_KILLS` does not state another.
const KILLS: usize = 10;

/// The rungs of the whole search: 54, 18 and 6 evaluations of about 10 ms.
fn search(table: &Table, journal: Option<&Path>) -> Result<SearchResult> {
    let space =
        SearchSpace::new().integer("units", 4..=32).log_float("rate", 1e-3..=1e-1).choice("first", ["relu", "tanh"]);
    let mut search = Search::new(space, |trial| {
        let layers = Sequential::new().add(Dense::new(trial.integer("units")?, trial.choice("first")?));
        let layers = layers.add(Dropout::new(0.1)).add(Dense::new(1, Sigmoid));
        let model = layers.compile(Adam.learning_rate(trial.float("rate")?), BinaryCrossentropy, ());
        let columns = ColumnTransformer::new().add(StandardScaler::new(), ["a", "b"]);
        Ok(Pipeline::new(Target::binary("y")).columns(columns).model(model).options(Fit::new().epochs(9)))
    });
    if let Some(path) = journal {
        search = search.journal(path);
    }
    search.strategy(SuccessiveHalving::new(54)).threads(2).seed(2).progress(false).run(table)
}

fn table() -> Result<Table> {
    let number = |row: u32, factor: u32| f64::from(row * factor % 97) / 97.0 - 0.5;
    Table::new()
        .with_numbers("a", (0..400).map(|row| number(row, 31)))?
        .with_numbers("b", (0..400).map(|row| number(row, 57)))?
        .with_booleans("y", (0..400).map(|row| number(row, 31) * number(row, 57) > 0.02))
}

fn bits(result: &SearchResult) -> Vec<(usize, u64, String, u64, Vec<u64>, bool)> {
    let of = |one: &perceptra::search::TrialResult| {
        let parts = one.parts.iter().map(|part| part.to_bits()).collect();
        (one.number, one.fraction.to_bits(), one.arguments.to_string(), one.score.to_bits(), parts, one.same_as_best)
    };
    result.trials().iter().map(of).collect()
}

#[test]
fn a_killed_search_is_resumed_to_the_same_result() -> Result<()> {
    let table = table()?;
    if let Some(path) = std::env::var_os(CHILD) {
        return search(&table, Some(Path::new(&path))).map(|_| ());
    }
    let expected = bits(&search(&table, None)?);
    let kills = std::env::var("PERCEPTRA_KILLS").ok().and_then(|count| count.parse().ok()).unwrap_or(KILLS);
    let folder = Folder::new("killed-search");
    let path = folder.file("search.jsonl");
    let length = || std::fs::metadata(&path).map_or(0, |data| data.len());
    // A fixed sequence of delays; where they interrupt the process is random.
    let (mut state, mut struck, mut whole) = (1_u64, 0, 0);
    while struck < kills {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "saving::killed_search::a_killed_search_is_resumed_to_the_same_result"])
            .env(CHILD, &path)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (before, begin) = (length(), Instant::now());
        let mut has_ended = false;
        // Not before it has written something, so that each process makes progress.
        while length() == before && !has_ended {
            assert!(begin.elapsed() < Duration::from_secs(120), "the child writes nothing");
            has_ended = child.try_wait().unwrap().is_some();
            sleep(Duration::from_micros(200));
        }
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        sleep(Duration::from_micros((state >> 33) % 60_000));
        has_ended |= child.try_wait().unwrap().is_some();
        let _ = child.kill();
        assert!(!child.wait().unwrap().success() || has_ended, "the child failed by itself");
        if has_ended {
            // The journal of the whole search is compared, and then begun again.
            assert_eq!(bits(&search(&table, Some(&path))?), expected, "after {struck} kills");
            std::fs::remove_file(&path).unwrap();
            whole += 1;
            continue;
        }
        struck += 1;
        if state % 7 == 0 {
            // A truncated line, as a kill during a write leaves it; this can hardly be provoked from outside.
            let bytes = std::fs::read(&path).unwrap();
            let cut = bytes.len() - (state >> 40) as usize % 60.min(bytes.len());
            std::fs::write(&path, &bytes[..cut]).unwrap();
        }
    }
    println!("{struck} kills, {whole} searches that came to their end between them");
    assert_eq!(bits(&search(&table, Some(&path))?), expected);
    Ok(())
}
