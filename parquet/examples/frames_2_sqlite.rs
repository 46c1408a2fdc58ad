//! Frames 2: rows of a database. The result of an SQLite query becomes structs and a table, a pipeline is fitted on it, and the scores of
//! the open loans are written to the database and, as an archive of the decisions, to a Parquet file.
//!
//! ```text
//! cargo run --example frames_2_sqlite
//! ```

use perceptra::prelude::*;
use perceptra_parquet::{read_parquet, write_parquet};
use rusqlite::{Connection, params};
use std::error::Error;

/// A row of the query; missing values are `None`.
#[derive(serde::Serialize)]
struct Loan {
    id: i64,
    amount: f64,
    income: Option<f64>,
    home: String,
    opened: DateTime,
    repaid: Option<bool>,
}

/// Creates a table of customers and one of loans, of which every fifth is still open.
fn fill(database: &mut Connection) -> rusqlite::Result<()> {
    database.execute_batch(
        "CREATE TABLE customer (id INTEGER PRIMARY KEY, income REAL, home TEXT NOT NULL);
         CREATE TABLE loan (id INTEGER PRIMARY KEY, customer INTEGER NOT NULL REFERENCES customer, amount REAL NOT NULL,
                            opened TEXT NOT NULL, repaid INTEGER, probability REAL);",
    )?;
    let noise = |row: i64, step: i64| (((row * 1000 + step) as f64).sin().abs() * 1e4).fract();
    let all = database.transaction()?;
    for id in 0..500_i64 {
        let income = (id % 9 != 4).then(|| 20.0 + 80.0 * noise(id, 37));
        all.execute("INSERT INTO customer VALUES (?, ?, ?)", params![id, income, ["OWN", "RENT"][id as usize % 2]])?;
    }
    for id in 0..1_000_i64 {
        let (customer, amount) = (id * 7 % 500, 1.0 + 40.0 * noise(id, 53));
        let repaid = 20.0 + 80.0 * noise(customer, 37) > 2.0 * amount - 15.0 * noise(id, 17);
        let opened = format!("20{:02}-{:02}-{:02}", 20 + id % 5, 1 + id % 12, 1 + id % 28);
        let values = params![id, customer, amount, opened, (id % 5 != 0).then_some(repaid)];
        all.execute("INSERT INTO loan (id, customer, amount, opened, repaid) VALUES (?, ?, ?, ?, ?)", values)?;
    }
    all.commit()
}

/// Queries the open loans, or those whose outcome is known.
fn loans(database: &Connection, open: bool) -> Result<Table, Box<dyn Error>> {
    let mut query = database.prepare(
        "SELECT loan.id, amount, income, home, opened, repaid FROM loan JOIN customer ON customer.id = loan.customer
         WHERE (repaid IS NULL) = ? ORDER BY loan.id",
    )?;
    let mut rows = query.query([open])?;
    let mut loans = Vec::new();
    while let Some(row) = rows.next()? {
        loans.push(Loan {
            id: row.get(0)?,
            amount: row.get(1)?,
            income: row.get(2)?,
            home: row.get(3)?,
            opened: row.get::<_, String>(4)?.parse()?,
            repaid: row.get(5)?,
        });
    }
    Ok(Table::from_rows(&loans)?)
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::temp_dir().join(format!("perceptra-frames-2-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let mut database = Connection::open(folder.join("bank.sqlite"))?;
    fill(&mut database)?;

    let known = loans(&database, false)?;
    println!("{}", known.describe());
    let model = Sequential::new().add(Dense::new(8, Relu)).add(Dense::new(1, Sigmoid)).compile(
        Adam.learning_rate(0.01),
        BinaryCrossentropy,
        (),
    );
    let pipeline = Pipeline::new(Target::binary("repaid")).exclude(["id"]).model(model).members(1).seed(1);
    let fitted = pipeline.options(Fit::new().epochs(15).verbose(0)).fit(&known)?;

    let open = loans(&database, true)?.drop_columns(["repaid"])?;
    let scored = Table::concat_columns([&open.select(["id"])?, &fitted.predict_table(&open)?])?;
    let all = database.transaction()?;
    for (id, probability) in scored.integers("id")?.iter().zip(scored.numbers("repaid_true")?) {
        all.execute("UPDATE loan SET probability = ? WHERE id = ?", params![probability, id])?;
    }
    all.commit()?;
    write_parquet(&scored, folder.join("scored.parquet"))?;

    let one = "SELECT count(*), avg(probability) FROM loan WHERE probability IS NOT NULL";
    let (count, mean): (i64, f64) = database.query_row(one, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    println!("{count} open loans, of which {:.0}% are expected to be repaid", 100.0 * mean);
    assert_eq!((count, read_parquet(folder.join("scored.parquet"))?.nrows()), (200, 200));
    drop(database);
    Ok(std::fs::remove_dir_all(folder)?)
}
