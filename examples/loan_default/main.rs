//! Writes the synthetic loan portfolio as CSV to standard output.

mod portfolio;

fn main() -> std::io::Result<()> {
    portfolio::write_csv(portfolio::SEED, std::io::stdout().lock())
}
