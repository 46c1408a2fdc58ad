//! Reading a table from CSV text.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use perceptra::preprocessing::CsvOptions;
use std::fmt::Write;

fn table(c: &mut Criterion) {
    let mut text = String::from("amount,term,rate,home,income,interest,balance,status\n");
    for i in 0..50_000 {
        let term = if i % 3 == 0 { 60 } else { 36 };
        let home = ["RENT", "OWN", "MORTGAGE"][i % 3];
        let balance = if i % 11 == 0 { String::new() } else { (i * 37 % 100_000).to_string() };
        let (amount, rate, interest) = (i % 35_000, 5.0 + (i % 200) as f64 / 10.0, (i * 7 % 9_999) as f64 / 3.0);
        let _ = writeln!(text, "{amount},{term} months,{rate},{home},{},{interest:.2},{balance},{}", i * 3, i % 2);
    }
    let mut group = c.benchmark_group("table");
    group.sample_size(20).throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("read 50,000 × 8", |b| b.iter(|| CsvOptions::new().read_from(text.as_bytes(), "loans.csv")));
    group.finish();
}

criterion_group!(benches, table);
criterion_main!(benches);
