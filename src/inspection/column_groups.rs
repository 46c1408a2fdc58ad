//! Columns that are inspected together.

use crate::preprocessing::FittedColumnTransformer;
use crate::{Error, Result};

/// One column of the table, or several that belong together.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ColumnGroup {
    pub(super) name: String,
    pub(super) columns: Vec<String>,
}

/// The columns that a pipeline uses, without repetitions.
pub(super) fn used(columns: &FittedColumnTransformer) -> Vec<String> {
    distinct(columns.inputs())
}

/// Returns an error for columns that the transformers do not use.
pub(super) fn all_used(columns: &FittedColumnTransformer, names: &[String]) -> Result<()> {
    let inputs = used(columns);
    match names.iter().find(|name| !inputs.contains(name)) {
        Some(name) => Err(Error::unknown_column("the list of inputs of the pipeline", name, &inputs)),
        None => Ok(()),
    }
}

/// Returns each name once, in the order of first appearance.
pub(super) fn distinct<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for name in names {
        if !found.iter().any(|known| known == name) {
            found.push(name.into());
        }
    }
    found
}

/// The groups in the order of the columns; each column that is in no group is a group of one.
pub(super) fn grouped(item: &str, columns: &[String], given: &[(String, Vec<String>)]) -> Result<Vec<ColumnGroup>> {
    let refuse = |value: String, expected: &str| Err(Error::argument(item, "group", value, expected.to_owned()));
    let mut taken: Vec<&String> = Vec::new();
    for (name, members) in given {
        if members.is_empty() {
            return refuse(format!("\"{name}\" of no columns"), "at least one column");
        }
        for member in members {
            if !columns.contains(member) {
                return Err(Error::unknown_column("the list of inputs of the pipeline", member, columns));
            }
            if taken.contains(&member) {
                return refuse(
                    format!("\"{name}\" with \"{member}\", which is in another place too"),
                    "each column once",
                );
            }
            taken.push(member);
        }
        let is_taken = given.iter().filter(|(other, _)| other == name).count() > 1
            || columns.iter().any(|column| column == name && !members.contains(column));
        if is_taken {
            return refuse(format!("\"{name}\""), "a name that no other group and no column has");
        }
    }
    let mut groups: Vec<ColumnGroup> = Vec::new();
    for column in columns {
        let group = match given.iter().find(|(_, members)| members.contains(column)) {
            Some((name, members)) => ColumnGroup { name: name.clone(), columns: members.clone() },
            None => ColumnGroup { name: column.clone(), columns: vec![column.clone()] },
        };
        if !groups.contains(&group) {
            groups.push(group);
        }
    }
    Ok(groups)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_in_the_place_of_its_first_column() {
        let columns = ["rate", "city", "term", "zip"].map(String::from);
        let of = |given: &[(&str, &[&str])]| {
            let given: Vec<(String, Vec<String>)> = given
                .iter()
                .map(|(name, members)| (name.to_string(), members.iter().map(|name| name.to_string()).collect()))
                .collect();
            grouped("x", &columns, &given)
        };
        let names: Vec<String> =
            of(&[("address", &["zip", "city"])]).unwrap().into_iter().map(|group| group.name).collect();
        assert_eq!(names, ["rate", "address", "term"]);
        assert_eq!(of(&[]).unwrap().len(), 4);
        assert_eq!(of(&[("zip", &["zip"])]).unwrap().len(), 4);
        for wrong in [
            &[("address", &[][..])][..],
            &[("a", &["zip"][..]), ("b", &["zip"])],
            &[("a", &["zip"][..]), ("a", &["city"])],
            &[("rate", &["zip", "city"])],
        ] {
            assert!(matches!(of(wrong), Err(Error::Argument { argument: "group", .. })), "{wrong:?}");
        }
        assert!(of(&[("a", &["zap"])]).unwrap_err().to_string().contains("did you mean \"zip\""));
    }
}
