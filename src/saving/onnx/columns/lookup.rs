//! Strings that are looked up.

use super::super::graph::Graph;
use super::super::layers::spread;
use super::super::proto::DataType;
use super::super::term::{Term, concat};
use super::form::{Form, Taken, taken};
use super::position::position;
use super::refused::refused;
use crate::Result;
use crate::layers::OutputMode;
use crate::preprocessing::fitted::LookedUpColumns;

impl Form for LookedUpColumns {
    fn takes(&self, _: &[String]) -> Result<Vec<Taken>> {
        Ok(taken(&self.columns, true))
    }

    fn write<'g>(&self, columns: &[Term<'g>], graph: &'g Graph) -> Result<Vec<Term<'g>>> {
        let indices = columns.iter().map(|raw| index(self, raw)).collect::<Result<Vec<_>>>()?;
        let (mode, depth) = (self.lookup.output_mode, self.depth());
        let spread = |indices| spread(&indices, columns.len(), mode, depth, graph.element);
        Ok(concat(&indices).map(spread).into_iter().collect())
    }
}

/// The index of each string, −1 for one that is masked.
fn index<'g>(columns: &LookedUpColumns, raw: &Term<'g>) -> Result<Term<'g>> {
    let lookup = &columns.lookup;
    let (vocabulary, places) = (lookup.get_vocabulary()?, lookup.num_oov_indices);
    if places > 1 {
        let reason = "several indices for unknown strings are distinguished by a hash, for which ONNX has no operator; \
                      use one place";
        return Err(refused("StringLookup", reason));
    }
    let first_unknown = usize::from(lookup.mask_token.is_some() && lookup.output_mode == OutputMode::Int);
    let first_token = first_unknown + places;
    let known = vocabulary.iter().skip(first_token).map(String::as_str);
    let keys: Vec<&str> = known.chain(lookup.mask_token.as_deref()).collect();
    let known = vocabulary.len().saturating_sub(first_token);
    let mut indices: Vec<f64> = (0..known).map(|index| (first_token + index) as f64).collect();
    if lookup.mask_token.is_some() {
        indices.push(if lookup.output_mode == OutputMode::Int { 0.0 } else { -1.0 });
    }
    let row = position(raw, keys.into_iter(), indices.len());
    if places == 1 {
        indices.push(first_unknown as f64);
    }
    Ok(raw.graph.constant(DataType::Int64, &[indices.len()], &indices).gather(&row))
}
