//! The tutorial's observations, compared with this run.

use crate::evaluate::Evaluation;
use crate::load::Data;
use crate::task::{Loans, Task};
use crate::text::{paragraph, percent, thousands};

/// The defaults among the tutorial's training rows.
const TUTORIAL_COUNT: usize = 62_256;

/// Prints each observation with the result of this run's test rows; nothing for another table.
pub(crate) fn show(before: &Evaluation, after: &Evaluation, data: &Data, task: &Task) {
    let Some(loans) = task.loans else { return };
    let majority = 1.0 - data.positive_rate();
    let per_class = data.positives_train();
    let counts = match loans {
        // The counts can only be compared on a portfolio of the same size.
        Loans::File => "another file",
        Loans::Synthetic => verdict(per_class.abs_diff(TUTORIAL_COUNT) <= 30),
    };
    let observations = [
        (
            verdict((before.accuracy - majority).abs() < 0.01),
            "accuracy is near the majority's rate (81.9%)",
            format!("{} of {}", percent(before.accuracy), percent(majority)),
        ),
        (verdict(before.recall < 0.1), "recall is next to nothing before balancing", percent(before.recall)),
        (
            verdict(after.recall > 2.0 * before.recall),
            "recall rises with balanced classes",
            format!("{} to {}", percent(before.recall), percent(after.recall)),
        ),
        (counts, "62,256 customers in each class", thousands(per_class)),
        (
            verdict((before.accuracy - after.accuracy).abs() < 0.05),
            "accuracy hardly changes",
            format!("{} to {}", percent(before.accuracy), percent(after.accuracy)),
        ),
    ];
    say!("The tutorial's observations, on this run's test rows:");
    for (verdict, observation, values) in observations {
        say!("  {verdict:<13} {observation}: {values}");
    }
    say!();
    paragraph(
        "That accuracy falls with balanced classes is what theory expects: a model that finds more defaults also \
         suspects more customers who pay.",
    );
}

fn verdict(holds: bool) -> &'static str {
    if holds { "repeated" } else { "contradicted" }
}
