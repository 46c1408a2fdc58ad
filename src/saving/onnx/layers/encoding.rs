//! Layers that map each value to an index: a bin, a code, a place in a vocabulary.

use crate::Result;
use crate::items::Spec;
use crate::layers::{CategoryEncoding, Discretization, IntegerLookup, OovMethod, OutputMode};
use crate::saving::onnx::layer_context::LayerContext;
use crate::saving::onnx::proto::DataType;
use crate::saving::onnx::term::Term;

/// Spreads indices, (batch, columns) of whole numbers, by an output mode; a negative one is nothing.
pub(in crate::saving::onnx) fn spread<'g>(
    indices: &Term<'g>,
    columns: usize,
    mode: OutputMode,
    depth: usize,
    element: DataType,
) -> Term<'g> {
    if mode == OutputMode::Int {
        return indices.max(0.0).cast(element);
    }
    let places: Vec<f64> = (0..depth).map(|place| place as f64).collect();
    let places = indices.graph.constant(DataType::Int64, &[depth], &places);
    let hot = indices.unsqueeze().equal(&places).cast(element);
    match mode {
        OutputMode::Count => hot.sum(1, false),
        OutputMode::MultiHot => hot.largest(1),
        OutputMode::OneHot | OutputMode::Int => hot.reshape(&[0, (columns * depth) as i64]),
    }
}

/// The code of a value is the whole number below it.
pub(super) fn category_encoding<'g>(
    layer: &CategoryEncoding,
    place: &LayerContext<'_>,
    x: &Term<'g>,
) -> Result<Term<'g>> {
    let (depth, mode) = layer.codes();
    let codes = x.apply("Floor").cast(DataType::Int64);
    Ok(spread(&codes, place.columns, mode, depth, x.kind))
}

/// The bin of a value is the number of boundaries at or below it.
pub(super) fn discretization<'g>(layer: &Discretization, place: &LayerContext<'_>, x: &Term<'g>) -> Result<Term<'g>> {
    let (boundaries, mode) = layer.bins();
    let depth = boundaries.len() + 1;
    let bins = if boundaries.is_empty() {
        x.cast(DataType::Int64) * 0.0
    } else {
        let boundaries = x.graph.tensor("bin_boundaries", x.kind, &[boundaries.len()], boundaries);
        x.unsqueeze().greater_or_equal(&boundaries).cast(DataType::Int64).sum(-1, false)
    };
    Ok(spread(&bins, place.columns, mode, depth, x.kind))
}

/// Looks numbers up by comparison with the whole vocabulary, and indices, on the way back, by a table.
pub(super) fn integer_lookup<'g>(layer: &IntegerLookup, place: &LayerContext<'_>, x: &Term<'g>) -> Result<Term<'g>> {
    let (vocabulary, special) = (layer.get_vocabulary()?, layer.special());
    let (mode, mask, places) = (special.output_mode, special.mask_token, special.num_oov_indices);
    let first_unknown = special.first_unknown();
    let first_token = first_unknown + places;
    let numbers = x.cast(DataType::Int64);
    let table = |name: &str, values: &[f64]| x.graph.tensor(name, DataType::Int64, &[values.len()], values);
    if special.invert {
        let oov = special.oov_token as f64;
        // One row more on either side, for the indices beyond.
        let entries = vocabulary.iter().enumerate().map(|(index, entry)| match mask {
            Some(mask) if index == 0 => mask as f64,
            _ if index < first_token => oov,
            _ => *entry as f64,
        });
        let rows: Vec<f64> = [oov].into_iter().chain(entries).chain([oov]).collect();
        let row = (numbers + 1.0).clip(0.0, vocabulary.len() as f64 + 1.0);
        return Ok(table("vocabulary", &rows).gather(&row).cast(x.kind));
    }
    let entries: Vec<f64> = vocabulary.iter().skip(first_token).map(|entry| *entry as f64).collect();
    let indices: Vec<f64> = (0..entries.len()).map(|index| (first_token + index) as f64).collect();
    let matches = numbers.unsqueeze().equal(table("vocabulary", &entries)).cast(DataType::Int64);
    let known = (&matches * table("indices", &indices)).sum(-1, false);
    let unknown = match (places, layer.get_oov_method()) {
        (0, _) => &numbers * 0.0 - 1.0,
        (1, _) => &numbers * 0.0 + first_unknown as f64,
        (_, OovMethod::Floormod) => {
            let places = x.graph.constant(DataType::Int64, &[], &[places as f64]);
            x.graph.node("Mod", &[&numbers, &places], vec![], DataType::Int64) + first_unknown as f64
        }
        (_, OovMethod::Farmhash) => {
            let reason = "ONNX has no operator for a hash of decimal digits; take OovMethod::Floormod, or one place \
                          for unknown numbers";
            return Err(place.refused(&layer.class_name(), reason));
        }
    };
    let index = matches.sum(-1, false).greater(0.0).choose(&known, unknown);
    let index = match mask {
        Some(mask) => {
            let nothing = if mode == OutputMode::Int { 0.0 } else { -1.0 };
            let nothing = x.graph.constant(DataType::Int64, &[], &[nothing]);
            numbers.equal(mask as f64).choose(&nothing, index)
        }
        None => index,
    };
    Ok(spread(&index, place.columns, mode, layer.depth(vocabulary.len()), x.kind))
}
