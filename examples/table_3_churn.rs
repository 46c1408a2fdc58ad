//! Tables 3: churn, with several rows per customer. Folds that split the rows of a customer overestimate the score for new customers;
//! folds by group do not.
//!
//! ```text
//! cargo run --example table_3_churn
//! ```

use perceptra::Result;
use perceptra::prelude::*;

/// Four months of each synthetic customer; churn depends little on the columns and strongly on the customer.
fn months(customers: usize) -> Result<Table> {
    // A number in [0, 1) that looks random.
    let noise = |number: usize, step: usize| (((number * 1000 + step) as f64).sin().abs() * 1e4).fract();
    let rows = || (0..4 * customers).map(|row| (row / 4, row));
    let leaves = |customer: usize| noise(customer, 449) + 0.3 * noise(customer, 733) > 0.75;
    Table::new()
        .with_numbers("customer", rows().map(|(customer, _)| customer as f64))?
        // Nearly the same in all months of a customer, so it identifies the customer.
        .with_numbers("minutes", rows().map(|(customer, row)| 300.0 * noise(customer, 877) + noise(row, 17)))?
        .with_numbers("bill", rows().map(|(customer, row)| 20.0 + 40.0 * noise(customer, 613) + noise(row, 29)))?
        .with_numbers("calls_to_support", rows().map(|(customer, _)| (5.0 * noise(customer, 733)).floor()))?
        .with_booleans("churn", rows().map(|(customer, _)| leaves(customer)))
}

fn main() -> Result<()> {
    let table = months(300)?;
    let pipeline = Pipeline::new(Target::binary("churn")).exclude(["customer"]).members(2).seed(1);
    let by_row = cross_validate(&pipeline, &table, StratifiedKFold::new(4).shuffle(true), scores![RocAuc, LogLoss])?;
    let by_customer =
        cross_validate(&pipeline, &table, StratifiedGroupKFold::new(4).groups("customer"), scores![RocAuc, LogLoss])?;
    println!("rows divided at random\n{by_row}\n");
    println!("customers kept together\n{by_customer}");
    Ok(())
}
