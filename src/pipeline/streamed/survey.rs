//! The first pass over a source, which collects everything that is needed before the transformers are fitted.

use super::super::default_columns::KindsOfBlocks;
use super::super::fit::{check_weights, input_names, refused_weights};
use super::super::fitted_target::BlockwiseTarget;
use super::super::pipeline_ranks::PipelineRanks;
use super::super::receipt::TableReceipt;
use super::super::{FittedTarget, Pipeline};
use super::validation_rows::ValidationRows;
use crate::preprocessing::{BlockwiseChecksum, ColumnTransformer, Table, TableLayout, TableSource};
use crate::{Error, Result, Scalar};

/// The result of the first pass over the rows of a source.
pub(super) struct Survey {
    /// The names and types of the columns.
    pub(super) layout: TableLayout,
    /// The number, columns and checksum of the rows of all processes.
    pub(super) table: TableReceipt,
    /// The receipt of the rows that this process read.
    pub(super) own_table: TableReceipt,
    /// The number of training rows of all processes.
    pub(super) training_rows: usize,
    pub(super) target: FittedTarget,
    /// The weight of each class, if the pipeline has class weights.
    pub(super) class_weight: Option<Vec<f64>>,
    /// The transformers of the pipeline, or the default ones for these columns.
    pub(super) columns: ColumnTransformer,
}

impl Survey {
    pub(super) fn of<T: Scalar>(
        pipeline: &Pipeline<T>,
        source: &mut dyn TableSource,
        validation: ValidationRows,
        ranks: PipelineRanks<'_>,
    ) -> Result<Self> {
        let mut layout = ranks.agree(TableLayout::of_source(source))?;
        if ranks.are_many() {
            layout = ranks.agree(TableLayout::of_ranks(ranks.gather(layout.columns())?))?;
        }
        let table = layout.table();
        let target_columns = &pipeline.target.columns;
        let mut needed =
            target_columns.iter().chain(&pipeline.weights).chain(&pipeline.excluded).chain(&pipeline.known_after);
        if let Some(name) = needed.find(|name| !table.names().contains(name)) {
            return Err(Error::unknown_column("the table", name, table.names()));
        }
        let features = table.select(input_names(pipeline, table))?;
        super::super::monotone::check(pipeline, table, &features)?;
        let mut target = BlockwiseTarget::new(&pipeline.target)?;
        let (mut checksum, mut kinds) = (BlockwiseChecksum::default(), KindsOfBlocks::default());
        let (mut training_rows, mut has_weight) = (0, false);
        let passed = layout.each_block(source, &mut |block| {
            checksum.update(&block);
            let train = validation.training(&block)?;
            if let Some(name) = &pipeline.weights {
                has_weight |= check_weights::<T>(name, &train)?;
            }
            let weights = pipeline.weights.as_ref().map(|name| train.numbers(name)).transpose()?;
            target.update(&block.select(target_columns)?, &train.select(target_columns)?, weights)?;
            training_rows += train.nrows();
            if pipeline.columns.is_none() && train.nrows() > 0 {
                kinds.update(&train.select(features.names())?)?;
            }
            Ok(true)
        });
        let rows = checksum.rows();
        ranks.agree(passed.and_then(|()| divides(validation, rows, training_rows)))?;
        let receipt = |checksum: &BlockwiseChecksum| TableReceipt {
            rows: checksum.rows(),
            columns: table.ncols(),
            checksum: checksum.finish(table),
        };
        let own_table = receipt(&checksum);
        if ranks.are_many() {
            let all = ranks.gather((target.state(), kinds.state()?, checksum, training_rows, has_weight))?;
            (checksum, training_rows, has_weight) = (BlockwiseChecksum::default(), 0, false);
            let (mut targets, mut of_columns) = (Vec::new(), Vec::new());
            for (of_target, of_kinds, of_rows, of_training, is_weighted) in all {
                targets.push(of_target);
                of_columns.push(of_kinds);
                checksum.append(&of_rows);
                training_rows += of_training;
                has_weight |= is_weighted;
            }
            target.join_states(targets);
            kinds.join_states(&of_columns);
        }
        if let (Some(name), false) = (&pipeline.weights, has_weight) {
            return Err(refused_weights(format!("0 in all training rows of \"{name}\"")));
        }
        let (target, class_rows) = target.finish(table)?;
        let class_weight = pipeline.class_weight.as_ref().map(|weights| weights.of_sums(&target, &class_rows));
        let columns = match &pipeline.columns {
            Some(columns) => columns.clone(),
            None => kinds.default_columns(&features)?,
        };
        Ok(Survey {
            table: receipt(&checksum),
            own_table,
            training_rows,
            target,
            class_weight: class_weight.transpose()?,
            columns,
            layout,
        })
    }

    /// A table without rows that has the columns that transformers may take.
    pub(super) fn features<T: Scalar>(&self, pipeline: &Pipeline<T>) -> Result<Table> {
        let table = self.layout.table();
        table.select(input_names(pipeline, table))
    }
}

/// Returns an error for a validation fraction that leaves one of the parts without rows.
fn divides(validation: ValidationRows, rows: usize, training_rows: usize) -> Result<()> {
    if rows == 0 {
        return Err(Error::Empty { what: "the source".into(), advice: "fit_batches needs at least one row".into() });
    }
    if !validation.exist() || (training_rows > 0 && training_rows < rows) {
        return Ok(());
    }
    let expected = format!(
        "a fraction that leaves both parts some of the {rows} row{}, whose hashes decide about them, or \
         .validation_split(0.0) for no validation",
        if rows == 1 { "" } else { "s" }
    );
    Err(Error::argument("Pipeline", "validation_split", validation.fraction, expected))
}

/// Rows, columns and checksum of a source, in one pass.
pub(super) fn receipt_of(source: &mut dyn TableSource) -> Result<TableReceipt> {
    let layout = TableLayout::of_source(source)?;
    let mut checksum = BlockwiseChecksum::default();
    layout.each_block(source, &mut |block| {
        checksum.update(&block);
        Ok(true)
    })?;
    let table = layout.table();
    Ok(TableReceipt { rows: checksum.rows(), columns: table.ncols(), checksum: checksum.finish(table) })
}
