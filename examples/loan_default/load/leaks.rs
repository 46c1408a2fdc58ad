//! Columns that reveal the target before anything is trained.

use crate::task::{Loans, Task};
use crate::text::paragraph;
use perceptra::Result;
use perceptra::inspection::{LeakCheck, LeakKind};
use perceptra::pipeline::Target;
use perceptra::preprocessing::Table;

/// Prints the leak check of the rows with a known target.
pub(crate) fn check_leaks(picked: &Table, task: &Task) -> Result<()> {
    let known = picked.filter(|row| Ok(!row.number(&task.target)?.is_nan()))?;
    let report = LeakCheck::new(Target::binary(&task.target)).run(&known, None)?;
    say!("{report}\n");
    if report.get(LeakKind::Missingness, "tot_cur_bal").is_some() && task.loans == Some(Loans::Synthetic) {
        paragraph(
            "Values that are missing for a reason predict the target. No check can find total_rec_int: that it is known \
             too late is not a property of its values.",
        );
    }
    Ok(())
}
