//! Measures the default of `Pipeline` on public tables and compares it with other methods; `benches/tables/README.md`
//! describes the arguments and the folder.

use perceptra_benches::tables::{Comparison, Options, Outcome, TimesFile, measure, report, sets_of};
use std::fs;
use std::process::ExitCode;

fn run() -> Outcome<()> {
    let options = Options::parse(std::env::args().skip(1))?;
    let sets = sets_of(&options.folder, &options.sets)?;
    if !options.only_score {
        fs::create_dir_all(&options.out)?;
        let mut file = TimesFile::of(&options.out)?;
        for set in &sets {
            for split in set.splits(&options.splits)? {
                let measured = measure(set, split, options.members, options.validated)
                    .map_err(|error| format!("{}, split {split}: {error}", set.name))?;
                measured.write(&options.out, set, split)?;
                file.add(&set.name, split, measured.times)?;
                eprintln!("{}, split {split}: {:.2} s of the processor", set.name, measured.times.processor());
            }
        }
    }
    let comparison = Comparison::read(&options.out, &options.folder.join("peers"), sets, &options.splits)?;
    print!("{}", report(&comparison));
    Ok(())
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
