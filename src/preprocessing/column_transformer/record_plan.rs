//! One record as a row, without a table of one row.

use super::super::text_to_number::NumberedColumns;
use super::super::transformer::FittedStep;
use super::super::{Record, RowValue};
use crate::Scalar;
use crate::items::Spec;

/// A plan for encoding single records: the destination of each value, which is known before there is a record.
///
/// It makes what the transformers make of a table of that one record, or nothing: then the table is made after all, for a transformer
/// that does not [write rows](super::super::FittedTransformer::write_row), or for the error that names the value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RecordPlan {
    /// The columns that are used, in alphabetical order, as records have them.
    names: Vec<String>,
    /// The values that become numbers, with their conversion, in the order of the conversions.
    conversions: Vec<(usize, usize)>,
    /// The columns that each transformer takes.
    steps: Vec<Vec<usize>>,
}

impl RecordPlan {
    /// `None` if a conversion is unused or invalid, which is then reported as an error of the table.
    pub(super) fn of(conversions: &[NumberedColumns], steps: &[FittedStep]) -> Option<Self> {
        let inputs: Vec<Vec<&str>> = steps.iter().map(|step| step.fitted.inputs()).collect();
        let mut names: Vec<&str> = inputs.iter().flatten().copied().collect();
        names.sort_unstable();
        names.dedup();
        let place = |name: &str| names.binary_search(&name).ok();
        let mut converted = Vec::new();
        for (index, conversion) in conversions.iter().enumerate() {
            conversion.to_number.check().ok()?;
            for name in &conversion.columns {
                converted.push((place(name)?, index));
            }
        }
        let steps = inputs.iter().map(|inputs| inputs.iter().filter_map(|name| place(name)).collect()).collect();
        Some(RecordPlan { names: names.into_iter().map(String::from).collect(), conversions: converted, steps })
    }

    /// The row that the steps make of a record, unless they make another number of columns or a number that is missing or infinite.
    pub(super) fn row<T: Scalar>(
        &self,
        conversions: &[NumberedColumns],
        steps: &[FittedStep],
        record: &Record,
    ) -> Option<Vec<T>> {
        let mut values = self.values(record);
        for &(place, conversion) in &self.conversions {
            values[place] = conversions[conversion].converted(values[place])?;
        }
        let width = steps.iter().map(|step| step.width).sum();
        let (mut taken, mut made, mut row) = (Vec::new(), Vec::new(), Vec::with_capacity(width));
        for (step, places) in steps.iter().zip(&self.steps) {
            taken.clear();
            taken.extend(places.iter().map(|&place| values[place]));
            made.clear();
            if !step.fitted.write_row(&taken, &mut made) || made.len() != step.width {
                return None;
            }
            for value in &made {
                let number = T::of(value.as_number()?);
                if !number.to_f64().is_finite() {
                    return None;
                }
                row.push(number);
            }
        }
        Some(row)
    }

    /// The record's values of the columns that are used; both are in alphabetical order.
    fn values<'a>(&self, record: &'a Record) -> Vec<RowValue<'a>> {
        let mut values = vec![RowValue::Missing; self.names.len()];
        let mut next = 0;
        for (name, value) in record.iter() {
            while self.names.get(next).is_some_and(|known| known.as_str() < name) {
                next += 1;
            }
            match self.names.get(next) {
                Some(known) if known == name => {
                    values[next] = RowValue::of(value);
                    next += 1;
                }
                Some(_) => {}
                None => break,
            }
        }
        values
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{
        ColumnTransformer, FittedColumnTransformer, OneHotEncoder, OrdinalEncoder, PiecewiseLinearEncoder,
        QuantileTransformer, SimpleImputer, StandardScaler, Table, TextToNumber, Transformer, Unknown,
    };
    use super::*;
    use crate::Result;

    fn table() -> Result<Table> {
        Table::new()
            .with_numbers("rate", (0..30).map(|row| if row % 7 == 0 { f64::NAN } else { f64::from(row * row % 23) }))?
            .with_numbers("income", (0..30).map(|row| f64::from(row) * 1000.0))?
            .with_strings("term", (0..30).map(|row| if row % 3 == 0 { "60 months" } else { "36 months" }))?
            .with_strings("home", (0..30).map(|row| ["RENT", "OWN", "MORTGAGE"][row % 3]))
    }

    fn row(columns: &FittedColumnTransformer, record: &Record) -> Option<Vec<f32>> {
        let plan = RecordPlan::of(&columns.conversions, &columns.steps)?;
        plan.row(&columns.conversions, &columns.steps, record)
    }

    /// Conversions, several steps on one column, chains with indicators, unknown categories: none of them takes a table.
    #[test]
    fn usual_records_take_no_table() -> Result<()> {
        let table = table()?;
        let fitted = ColumnTransformer::new()
            .text_to_number(TextToNumber::leading_number(), ["term"])
            .add(StandardScaler::new(), ["income", "term"])
            .add(SimpleImputer::mean().indicator(true).then(StandardScaler::new()), ["rate"])
            .add(SimpleImputer::most_frequent().then(OrdinalEncoder::new()), ["home"])
            .add(OneHotEncoder::new().unknown(Unknown::Zeros), ["home"])
            .fit(&table)?;
        let known = Record::new().with("income", 3e3).with("term", "48 months").with("home", "OWN");
        let quantiles = QuantileTransformer::new().then(SimpleImputer::median().indicator(true));
        let pieces = PiecewiseLinearEncoder::new().then(SimpleImputer::median());
        let others = [
            ColumnTransformer::new().add(quantiles, ["rate", "income"]).fit(&table)?,
            ColumnTransformer::new().add(pieces, ["rate"]).fit(&table)?,
        ];
        for record in [known.clone().with("rate", 3.5).with("unused", "x"), known.clone(), table.record(0)?] {
            for fitted in others.iter().chain([&fitted]) {
                let found = row(fitted, &record).expect("a row without a table");
                assert_eq!(found, fitted.transform_one_row::<f32>(&record)?.as_slice());
            }
        }
        for refused in [known.clone().with("home", "TENT"), known.clone().with("income", "much"), Record::new()] {
            assert_eq!(row(&fitted, &refused), None);
            let error = fitted.transform_record::<f32>(&refused).unwrap_err().to_string();
            assert_eq!(error, fitted.transform_one_row::<f32>(&refused).unwrap_err().to_string());
        }
        let unknown = ColumnTransformer::new().add(OneHotEncoder::new().unknown(Unknown::Zeros), ["home"]);
        let unknown = unknown.fit(&table)?;
        assert_eq!(row(&unknown, &Record::new().with("home", "TENT")), Some(vec![0.0; 3]));
        Ok(())
    }

    #[test]
    fn a_conversion_of_a_column_that_is_not_used_has_no_plan() -> Result<()> {
        let fitted = ColumnTransformer::new().add(StandardScaler::new(), ["income"]).fit(&table()?)?;
        let other = NumberedColumns { to_number: TextToNumber::leading_number(), columns: vec!["term".into()] };
        assert_eq!(RecordPlan::of(&[other], &fitted.steps), None);
        Ok(())
    }
}
