//! The second way: rows with missing values are kept, and the gain from that is measured.

mod compare;

use crate::arguments::Arguments;
use crate::load::{KNOWN_LATER, terms};
use crate::task::Task;
use crate::text::{paragraph, percent, thousands};
use crate::train::EPOCHS;
use crate::{SPLIT_SEED, THRESHOLD};
use compare::{Comparison, Count, Scored, Settings, Ways, compare};
use perceptra::Result;
use perceptra::preprocessing::Table;

/// Trains with and without the incomplete rows of the picked columns, and prints the scores of both.
pub(crate) fn keep(picked: &Table, task: &Task, arguments: &Arguments) -> Result<()> {
    paragraph(
        "Here a pipeline keeps the rows that lack a value: a missing number becomes the median of the training rows, \
         with an additional column of zeros and ones that indicates the gap; then numbers are scaled, strings encoded \
         and the same network trained as above, 12-12-1, for 10 epochs in batches of 32. It is compared with the same pipeline \
         without the incomplete training rows. All rows are split 70/30, so the test rows differ from those of the \
         walk.",
    );
    let comparison = compare(
        picked,
        &Settings {
            target: &task.target,
            excluded: if arguments.without_interest_received { KNOWN_LATER.to_vec() } else { Vec::new() },
            text_numbers: terms(picked, task).first().copied(),
            threshold: THRESHOLD,
            epochs: EPOCHS,
            split_seed: SPLIT_SEED,
            seed: arguments.seed,
        },
    )?;
    show(&comparison, task);
    Ok(())
}

fn show(comparison: &Comparison, task: &Task) {
    say!("{:<16} {:>9} {:>9} {:>8}", "rows", "", task.positives, "rate");
    for (name, count) in [("incomplete", comparison.incomplete), ("complete", comparison.complete)] {
        say!("{name:<16} {:>9} {:>9} {:>8}", thousands(count.rows), thousands(count.ones), percent(count.rate()));
    }
    say!();
    ways("Trained on the rows as they are", &comparison.imbalanced);
    ways("Trained on as many rows of each class", &comparison.balanced);
    paragraph(
        "A pipeline has no step that leaves out rows: the majority is down-sampled before it, so medians, means and \
         deviations are those of the rows that are left.",
    );
    paragraph(&conclusion(comparison, task));
}

fn ways(title: &str, ways: &Ways) {
    let Count { rows, .. } = ways.train;
    say!("{title}: {}, {} of them incomplete", thousands(rows), thousands(ways.train_incomplete.rows));
    let names = ["test rows", "accuracy", "precision", "recall", "ROC AUC", "log loss"];
    say!("{:<24} {:>9} {:>9} {:>9} {:>7} {:>8} {:>8}", "", names[0], names[1], names[2], names[3], names[4], names[5]);
    for (name, scored) in [
        ("drops, complete rows", &ways.drops),
        ("keeps, complete rows", &ways.keeps_complete),
        ("keeps, all rows", &ways.keeps_all),
        ("indicator only, all", &ways.indicator),
        ("drops + indicator, all", &ways.drops_and_indicator),
    ] {
        let Scored { rows, accuracy, precision, recall, roc_auc, log_loss } = scored;
        let [accuracy, precision, recall] = [accuracy, precision, recall].map(|score| percent(*score));
        let rows = thousands(*rows);
        say!("  {name:<22} {rows:>9} {accuracy:>9} {precision:>9} {recall:>7} {roc_auc:>8.4} {log_loss:>8.4}");
    }
    say!();
}

/// The sentences about the gain.
fn conclusion(comparison: &Comparison, task: &Task) -> String {
    let (ways, incomplete) = (&comparison.imbalanced, comparison.incomplete);
    let (gain, artefact) = (ways.gain(), ways.artefact());
    let on_complete = ways.keeps_complete.roc_auc - ways.drops.roc_auc;
    let scores = format!(
        "Kept rows change the ROC AUC from {:.4} on complete rows to {:.4} on all ({gain:+.4}). The network that has \
         never seen an incomplete row, with nothing but the rate of such rows for those it cannot score, reaches \
         {:.4} ({artefact:+.4}); on complete rows the two networks differ by {on_complete:+.4}.",
        ways.drops.roc_auc, ways.keeps_all.roc_auc, ways.drops_and_indicator.roc_auc,
    );
    if gain > 0.0 && artefact > 0.5 * gain {
        let (rate, label) = match incomplete.rate() > 0.5 {
            true => (incomplete.rate(), &task.classes[1]),
            false => (1.0 - incomplete.rate(), &task.classes[0]),
        };
        format!(
            "{scores} Most of the gain is an artefact that no application could use: {} of the incomplete rows are of \
             one label ({label}), so the gap gives the answer away. Why a value is missing was decided when the file \
             was made, not when a loan was applied for: a new {} with a gap would be given the rate of the old gaps.",
            percent(rate),
            task.row,
        )
    } else {
        format!("{scores} The gaps do not explain the difference by themselves.")
    }
}
