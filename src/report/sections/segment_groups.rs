//! The rows of each category or bin of a column.

use super::columns::quantile;
use crate::error::counted;
use crate::lists::joined;
use crate::preprocessing::Column;
use crate::report::wording::{name, short};
use crate::sorting;
use std::collections::BTreeMap;

/// The maximum number of categories that are shown as separate groups.
const MOST_CATEGORIES: usize = 10;
/// Numbers with at most this many distinct values are not binned.
const MOST_VALUES: usize = 6;
/// The bins of other numbers.
const BINS: usize = 4;

/// Rows with something in common.
pub(super) struct SegmentRows {
    pub(super) label: String,
    pub(super) rows: Vec<usize>,
}

/// The groups of a column's rows: the most frequent categories and the others together, or bins of about equally many rows, of dates by
/// their year; missing values last.
pub(super) fn segment_groups(column: &Column) -> Vec<SegmentRows> {
    let rows = 0..column.len();
    let (missing, present): (Vec<usize>, Vec<usize>) = rows.partition(|row| column.is_missing(*row));
    let mut groups = match column {
        Column::Number(values) => of_numbers(values, &present),
        Column::Integer(values) => {
            let values: Vec<f64> = values.iter().map(|value| value.map_or(f64::NAN, |value| value as f64)).collect();
            of_numbers(&values, &present)
        }
        Column::DateTime(dates) => {
            let years: Vec<f64> = dates.iter().map(|date| date.map_or(f64::NAN, |date| date.year() as f64)).collect();
            of_numbers(&years, &present)
        }
        Column::Boolean(values) => {
            let of = |wanted: bool| present.iter().copied().filter(|row| values.get(*row) == Some(wanted)).collect();
            vec![
                SegmentRows { label: "false".into(), rows: of(false) },
                SegmentRows { label: "true".into(), rows: of(true) },
            ]
        }
        Column::String(strings) => {
            let mut by_category: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
            for &row in &present {
                by_category.entry(strings.get(row).unwrap_or_default()).or_default().push(row);
            }
            let mut all: Vec<(&str, Vec<usize>)> = by_category.into_iter().collect();
            sorting::by_integer(&mut all, |(_, rows)| -(rows.len() as i64));
            let others = all.split_off(all.len().min(MOST_CATEGORIES));
            let mut groups: Vec<SegmentRows> =
                all.into_iter().map(|(category, rows)| SegmentRows { label: name(category), rows }).collect();
            if !others.is_empty() {
                let label = counted(others.len(), "other category");
                groups.push(SegmentRows { label, rows: joined(others, |(_, rows)| rows) });
            }
            groups
        }
    };
    groups.push(SegmentRows { label: "missing".into(), rows: missing });
    groups.retain(|group| !group.rows.is_empty());
    groups
}

fn of_numbers(values: &[f64], present: &[usize]) -> Vec<SegmentRows> {
    let mut sorted: Vec<f64> = present.iter().map(|row| values[*row]).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let distinct: Vec<f64> = sorted.chunk_by(|a, b| a == b).map(|group| group[0]).collect();
    if distinct.len() <= MOST_VALUES {
        let rows = |value: f64| present.iter().copied().filter(|row| values[*row] == value).collect();
        return distinct.iter().map(|value| SegmentRows { label: short(*value), rows: rows(*value) }).collect();
    }
    let mut edges: Vec<f64> = (1..BINS).map(|bin| quantile(&sorted, bin as f64 / BINS as f64)).collect();
    edges.dedup();
    let mut bins: Vec<Vec<usize>> = vec![Vec::new(); edges.len() + 1];
    for &row in present {
        bins[edges.partition_point(|edge| *edge < values[row])].push(row);
    }
    let label = |bin: usize| match bin {
        0 => format!("up to {}", short(edges[0])),
        _ if bin == edges.len() => format!("above {}", short(edges[bin - 1])),
        _ => format!("{} to {}", short(edges[bin - 1]), short(edges[bin])),
    };
    bins.into_iter().enumerate().map(|(bin, rows)| SegmentRows { label: label(bin), rows }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preprocessing::Table;

    fn groups(table: &Table) -> Vec<(String, usize)> {
        let column = table.column("c").expect("a column");
        segment_groups(column).into_iter().map(|group| (group.label, group.rows.len())).collect()
    }

    #[test]
    fn categories_numbers_and_missing_values_are_groups() {
        let strings = Table::new().with_strings("c", ["a", "b", "a", "c"]).expect("a table");
        assert_eq!(groups(&strings), [("a".into(), 2), ("b".into(), 1), ("c".into(), 1)]);
        let many = Table::new().with_strings("c", (0..15).map(|i| i.to_string())).expect("a table");
        assert_eq!(groups(&many).last(), Some(&("5 other categories".into(), 5)));
        let few = Table::new().with_numbers("c", [36.0, 60.0, f64::NAN, 36.0]).expect("a table");
        assert_eq!(groups(&few), [("36".into(), 2), ("60".into(), 1), ("missing".into(), 1)]);
        let numbers = Table::new().with_numbers("c", (0..100).map(f64::from)).expect("a table");
        assert_eq!(groups(&numbers).iter().map(|group| group.1).collect::<Vec<_>>(), [25, 25, 25, 25]);
        let skewed = Table::new().with_numbers("c", (0..100).map(|i| f64::from((i - 90).max(0)))).expect("a table");
        assert_eq!(groups(&skewed).iter().map(|group| group.1).sum::<usize>(), 100);
    }
}
