//! Metrics in JSON, which has no NaN and no infinities: NaN is `null`, the infinities are strings.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One number.
#[derive(Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a number, null, \"inf\" or \"-inf\"")]
enum JsonNumber {
    Finite(f64),
    Infinite(Infinity),
    NaN(()),
}

#[derive(Serialize, Deserialize)]
enum Infinity {
    #[serde(rename = "inf")]
    Positive,
    #[serde(rename = "-inf")]
    Negative,
}

impl From<f64> for JsonNumber {
    fn from(value: f64) -> Self {
        match value {
            _ if value.is_nan() => JsonNumber::NaN(()),
            f64::INFINITY => JsonNumber::Infinite(Infinity::Positive),
            f64::NEG_INFINITY => JsonNumber::Infinite(Infinity::Negative),
            _ => JsonNumber::Finite(value),
        }
    }
}

impl From<JsonNumber> for f64 {
    fn from(number: JsonNumber) -> Self {
        match number {
            JsonNumber::Finite(value) => value,
            JsonNumber::Infinite(Infinity::Positive) => f64::INFINITY,
            JsonNumber::Infinite(Infinity::Negative) => f64::NEG_INFINITY,
            JsonNumber::NaN(()) => f64::NAN,
        }
    }
}

/// A number that there may be, never NaN: `null` is none.
pub(crate) mod option {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(value: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
        value.map_or(JsonNumber::NaN(()), JsonNumber::from).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
        let value = f64::from(JsonNumber::deserialize(deserializer)?);
        Ok((!value.is_nan()).then_some(value))
    }
}

/// A number that may be infinite and is never NaN, which `null` would be.
pub(crate) mod infinite {
    use super::*;
    use serde::de::Error;

    pub(crate) fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        JsonNumber::from(*value).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        let value = f64::from(JsonNumber::deserialize(deserializer)?);
        if value.is_nan() { Err(D::Error::custom("expected a number, \"inf\" or \"-inf\"")) } else { Ok(value) }
    }
}

/// A list of numbers.
pub(crate) mod list {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(values: &[f64], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(values.iter().copied().map(JsonNumber::from))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f64>, D::Error> {
        Ok(Vec::<JsonNumber>::deserialize(deserializer)?.into_iter().map(f64::from).collect())
    }
}

/// Numbers with all their bits, NaN and infinities included, where programs exchange them.
pub(crate) mod bits {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        value.to_bits().serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        u64::deserialize(deserializer).map(f64::from_bits)
    }
}

/// Lists of such numbers.
pub(crate) mod bits_of_list {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(values: &[f64], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(values.iter().map(|value| value.to_bits()))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f64>, D::Error> {
        Ok(Vec::<u64>::deserialize(deserializer)?.into_iter().map(f64::from_bits).collect())
    }
}

/// Lists of such lists.
pub(crate) mod bits_of_lists {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(lists: &[Vec<f64>], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(lists.iter().map(|list| list.iter().map(|value| value.to_bits()).collect::<Vec<_>>()))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Vec<f64>>, D::Error> {
        let lists = Vec::<Vec<u64>>::deserialize(deserializer)?;
        Ok(lists.into_iter().map(|list| list.into_iter().map(f64::from_bits).collect()).collect())
    }
}

/// Named lists of numbers. Formats that are not for people hold the numbers as they are.
pub(crate) mod columns {
    use super::*;

    type Columns<N> = Vec<(String, Vec<N>)>;

    pub(crate) fn serialize<S: Serializer>(columns: &Columns<f64>, serializer: S) -> Result<S::Ok, S::Error> {
        if !serializer.is_human_readable() {
            return columns.serialize(serializer);
        }
        let column = |(name, values): &(String, Vec<f64>)| {
            (name.clone(), values.iter().copied().map(JsonNumber::from).collect::<Vec<_>>())
        };
        columns.iter().map(column).collect::<Columns<JsonNumber>>().serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Columns<f64>, D::Error> {
        if !deserializer.is_human_readable() {
            return Vec::deserialize(deserializer);
        }
        let columns = Columns::<JsonNumber>::deserialize(deserializer)?;
        let column = |(name, values): (String, Vec<JsonNumber>)| (name, values.into_iter().map(f64::from).collect());
        Ok(columns.into_iter().map(column).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize, Deserialize)]
    struct Both {
        #[serde(with = "option")]
        best: Option<f64>,
        #[serde(with = "list")]
        list: Vec<f64>,
        #[serde(with = "columns")]
        columns: Vec<(String, Vec<f64>)>,
    }

    #[test]
    fn every_number_comes_back() {
        let values = vec![0.1, -0.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 5e-324, f64::MAX, 3.0];
        for best in [None, Some(0.1), Some(f64::INFINITY), Some(-1e-300)] {
            let (list, columns) = (values.clone(), vec![("loss".into(), values.clone())]);
            let text = serde_json::to_string(&Both { best, list, columns }).unwrap();
            let again: Both = serde_json::from_str(&text).unwrap();
            assert_eq!(again.best, best);
            let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
            assert_eq!(bits(&again.list), bits(&values), "{text}");
            assert_eq!(bits(&again.columns[0].1), bits(&values), "{text}");
        }
    }
}
