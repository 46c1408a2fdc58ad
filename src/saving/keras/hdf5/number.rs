//! The types of elements: numbers of the usual widths, and strings.

use super::fields::{Fault, Fields};

/// A type of numbers, in little-endian order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::saving::keras) enum NumberType {
    F16,
    F32,
    F64,
    Signed(usize),
    Unsigned(usize),
}

/// The type of an attribute's or an array's elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ElementType {
    Number(NumberType),
    /// Strings of a fixed number of bytes.
    Text(usize),
    /// References to strings in the heap.
    HeapText,
    /// A type that Keras does not use, by the number of its class and its size.
    Other(u8, usize),
}

impl NumberType {
    pub(in crate::saving::keras) fn size(self) -> usize {
        match self {
            NumberType::F16 => 2,
            NumberType::F32 => 4,
            NumberType::F64 => 8,
            NumberType::Signed(size) | NumberType::Unsigned(size) => size,
        }
    }

    /// The value of the bytes of one number.
    pub(in crate::saving::keras) fn value(self, bytes: &[u8]) -> f64 {
        let mut wide = [0; 8];
        let negative = matches!(self, NumberType::Signed(_)) && bytes.last().is_some_and(|last| *last >= 0x80);
        if negative {
            wide = [0xff; 8];
        }
        wide.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        let bits = u64::from_le_bytes(wide);
        match self {
            NumberType::F16 => half(bits as u16),
            NumberType::F32 => f32::from_bits(bits as u32).into(),
            NumberType::F64 => f64::from_bits(bits),
            NumberType::Signed(_) => bits as i64 as f64,
            NumberType::Unsigned(_) => bits as f64,
        }
    }
}

/// A number of IEEE 754's binary16.
fn half(bits: u16) -> f64 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023) / 1024.0);
    sign * match exponent {
        0 => fraction * 2f64.powi(-14),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1.0 + fraction) * 2f64.powi(exponent - 15),
    }
}

impl ElementType {
    /// Reads the type from the message that describes it.
    pub(super) fn read(mut fields: Fields<'_>) -> Fault<Self> {
        let class = fields.u8()? & 0x0f;
        let flags = fields.take(3)?;
        let (low, order) = (flags.first().copied().unwrap_or_default(), flags.first().map_or(0, |flags| flags & 0x41));
        let size = fields.u32()? as usize;
        let widths = matches!(size, 1 | 2 | 4 | 8);
        Ok(match class {
            0 if order & 1 == 0 && widths && fields.u16()? == 0 && usize::from(fields.u16()?) == 8 * size => {
                ElementType::Number(if low & 8 != 0 { NumberType::Signed(size) } else { NumberType::Unsigned(size) })
            }
            1 if order == 0 => {
                let parts = (fields.u32()?, fields.u8()?, fields.u8()?, fields.u8()?, fields.u8()?, fields.u32()?);
                // Precision in bits (after an offset of 0), then place and width of exponent and fraction, and the bias.
                match (size, parts) {
                    (2, (0x10_0000, 10, 5, 0, 10, 15)) => ElementType::Number(NumberType::F16),
                    (4, (0x20_0000, 23, 8, 0, 23, 127)) => ElementType::Number(NumberType::F32),
                    (8, (0x40_0000, 52, 11, 0, 52, 1023)) => ElementType::Number(NumberType::F64),
                    _ => ElementType::Other(class, size),
                }
            }
            3 => ElementType::Text(size),
            9 if low & 0x0f == 1 && size == 16 => ElementType::HeapText,
            _ => ElementType::Other(class, size),
        })
    }

    /// The bytes of one element.
    pub(super) fn size(self) -> usize {
        match self {
            ElementType::Number(number) => number.size(),
            ElementType::Text(size) | ElementType::Other(_, size) => size,
            ElementType::HeapText => 16,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_read_over_their_whole_range() {
        for (bits, value) in [
            (0x0000, 0.0),
            (0x0001, 2f64.powi(-24)),
            (0x03ff, 1023.0 * 2f64.powi(-24)),
            (0x0400, 2f64.powi(-14)),
            (0x3c00, 1.0),
            (0xc100, -2.5),
            (0x7bff, 65504.0),
            (0x7c00, f64::INFINITY),
        ] {
            assert_eq!(half(bits), value);
        }
        assert!(half(0x7e00).is_nan());
    }

    #[test]
    fn signed_numbers_of_every_width_keep_their_sign() {
        assert_eq!(NumberType::Signed(1).value(&[0xff]), -1.0);
        assert_eq!(NumberType::Signed(4).value(&(-70_000i32).to_le_bytes()), -70_000.0);
        assert_eq!(NumberType::Unsigned(2).value(&[0xff, 0xff]), 65_535.0);
        assert_eq!(NumberType::F32.value(&0.1f32.to_le_bytes()), f64::from(0.1f32));
    }
}
