//! All results as JSON, for other programs.

use super::Run;
use crate::evaluate::Evaluation;
use crate::tune::{Trial, Width};
use crate::{Phases, THRESHOLD};
use perceptra::prelude::*;
use serde_json::{Map, Value, json};

pub(super) fn measured(run: &Run<'_>, phases: &Phases) -> Value {
    let Run { task, data, before, after, search, winner, .. } = run;
    let step = |history: &History| 1e6 * history.seconds().iter().sum::<f64>() / history.steps().max(1) as f64;
    let seconds: Map<_, _> = phases.seconds.iter().map(|(name, s)| (name.to_string(), json!(s))).collect();
    let correlations: Vec<_> = run.inspected.iter().map(|one| json!([one.name, one.correlation])).collect();
    let picked: Vec<_> = run.inspected.iter().filter(|one| one.left_out.is_none()).map(|one| &one.column).collect();
    json!({
        "source": task.source,
        "rows_read": data.rows_read,
        "rows_kept": data.rows_kept,
        "rows_train": data.y_train.len(),
        "rows_test": data.y_test.len(),
        "positives_read": data.positives_read,
        "positives_kept": data.positives_kept,
        "positives_train": data.positives_train(),
        "positives_test": data.positives_test(),
        "correlation_with_target": correlations,
        "picked": picked,
        "features": data.features,
        "seconds": seconds,
        "microseconds_per_step": { "imbalanced": step(&run.imbalanced), "balanced": step(&run.balanced) },
        "history": { "imbalanced": history(&run.imbalanced), "balanced": history(&run.balanced) },
        "imbalanced": evaluation(before),
        "balanced": evaluation(after),
        "widening": search.widths.iter().map(width).collect::<Vec<_>>(),
        "tuning": search.trials.iter().map(trial).collect::<Vec<_>>(),
        "winner": {
            "network": winner.name,
            "roc_auc_minus_first": winner.difference,
            "standard_error": winner.error,
            "test": evaluation(&winner.evaluation),
        },
    })
}

fn history(history: &History) -> Value {
    let epochs = history.names().map(|name| (name.to_string(), json!(history.get(name))));
    Value::Object(epochs.collect())
}

fn evaluation(e: &Evaluation) -> Value {
    let c = e.counts;
    json!({
        "threshold": THRESHOLD, "tn": c.tn, "fp": c.fp, "fn": c.fn_, "tp": c.tp,
        "precision": e.precision, "recall": e.recall, "accuracy": e.accuracy, "roc_auc": e.roc_auc,
    })
}

fn trial(trial: &Trial) -> Value {
    json!({
        "network": trial.candidate.name(),
        "roc_auc": trial.roc_auc,
        "standard_error": trial.error,
    })
}

fn width(width: &Width) -> Value {
    json!({
        "network": width.name,
        "training_loss": width.training_loss,
        "validation_loss": width.validation_loss,
    })
}
