//! The number that a string begins with.

/// Reads the number at the beginning of a string, in the form that [`TextToNumber`](super::TextToNumber) describes.
#[derive(Debug, Clone, Copy)]
pub(super) struct LeadingNumber {
    /// The decimal separator, `'.'` or `','`.
    pub(super) decimal: char,
}

impl LeadingNumber {
    /// The number of a string, if it has one.
    pub(super) fn number(&self, text: &str) -> Option<f64> {
        if !self.is_known() {
            return None;
        }
        let mut rest = Rest(text.trim_start());
        let mut sign = rest.sign();
        if rest.currency() && sign.is_none() {
            sign = rest.sign();
        }
        let mut number = String::from(if sign == Some('-') { "-" } else { "" });
        number += &self.whole(&mut rest)?;
        if rest.take(self.decimal) {
            number.push('.');
            number += rest.digits();
        }
        number += &rest.exponent();
        if self.goes_on(rest, &number) {
            return None;
        }
        // A single point is no number, which `parse` finds.
        number.parse().ok().filter(|number: &f64| number.is_finite())
    }

    /// The digits before the fraction, without what separates their groups; none if a group is no group.
    fn whole(&self, rest: &mut Rest<'_>) -> Option<String> {
        let first = rest.digits();
        let mut whole = String::from(first);
        if first.is_empty() {
            return Some(whole);
        }
        while let Some((separator, digit)) = rest.next_two()
            && self.separates(separator)
            && digit.is_ascii_digit()
        {
            rest.skip();
            let group = rest.digits();
            if first.len() > 3 || group.len() != 3 {
                return None;
            }
            whole += group;
        }
        Some(whole)
    }

    fn separates(&self, character: char) -> bool {
        let mark = if self.decimal == '.' { ',' } else { '.' };
        character == mark || matches!(character, '\'' | '’' | ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}')
    }

    /// Whether what follows is no word, but more of a number.
    fn goes_on(&self, mut rest: Rest<'_>, number: &str) -> bool {
        if ["0", "-0"].contains(&number) && rest.0.starts_with(['x', 'X', 'o', 'O', 'b', 'B']) {
            rest.skip();
            return rest.0.starts_with(|next: char| next.is_ascii_hexdigit());
        }
        let marks = |next: char| self.separates(next) || MARKS.contains(next);
        rest.0.trim_start_matches(marks).len() < rest.0.len()
            && rest.0.trim_start_matches(marks).starts_with(|next: char| next.is_ascii_digit())
    }

    /// The decimal sign, and the one that the notation could have instead.
    pub(super) fn decimals(&self) -> (char, char) {
        (self.decimal, if self.decimal == '.' { ',' } else { '.' })
    }

    /// Whether the decimal sign is one.
    pub(super) fn is_known(&self) -> bool {
        matches!(self.decimal, '.' | ',')
    }
}

/// The characters that continue a number in some notation: decimals, groups, fractions, products and powers, ranges, dates, times.
const MARKS: &str = ".,·٫٬_/⁄*×^-‐‑‒–—−~…:;";

/// The part of the string that has not been read yet.
#[derive(Clone, Copy)]
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    fn take(&mut self, character: char) -> bool {
        let found = self.0.strip_prefix(character);
        self.0 = found.unwrap_or(self.0);
        found.is_some()
    }

    fn skip(&mut self) {
        self.0 = self.0.get(self.0.chars().next().map_or(0, char::len_utf8)..).unwrap_or_default();
    }

    fn next_two(&self) -> Option<(char, char)> {
        let mut characters = self.0.chars();
        Some((characters.next()?, characters.next()?))
    }

    fn sign(&mut self) -> Option<char> {
        ['-', '+'].into_iter().find(|sign| self.take(*sign))
    }

    /// Passes over a currency sign and the spaces next to it.
    fn currency(&mut self) -> bool {
        let Some(rest) = self.0.trim_start().strip_prefix(is_currency) else { return false };
        self.0 = rest.trim_start();
        true
    }

    fn digits(&mut self) -> &'a str {
        let end = self.0.find(|next: char| !next.is_ascii_digit()).unwrap_or(self.0.len());
        let (digits, rest) = self.0.split_at(end);
        self.0 = rest;
        digits
    }

    /// `e` with a sign and digits, or nothing where these do not follow.
    fn exponent(&mut self) -> String {
        let mut rest = *self;
        if !(rest.take('e') || rest.take('E')) {
            return String::new();
        }
        let sign = rest.sign().map_or(String::new(), String::from);
        let digits = rest.digits();
        if digits.is_empty() {
            return String::new();
        }
        *self = rest;
        format!("e{sign}{digits}")
    }
}

/// The currency signs of Unicode that come before amounts.
fn is_currency(character: char) -> bool {
    matches!(character, '$' | '¢'..='¥' | '\u{20a0}'..='\u{20cf}' | '＄' | '￠' | '￡' | '￥' | '￦')
}

#[cfg(test)]
mod tests {
    use super::*;

    const POINT: LeadingNumber = LeadingNumber { decimal: '.' };
    const COMMA: LeadingNumber = LeadingNumber { decimal: ',' };

    fn check(reader: LeadingNumber, cases: &[(&str, Option<f64>)]) {
        for (text, number) in cases {
            assert_eq!(reader.number(text), *number, "{text:?}");
        }
    }

    #[test]
    fn words_may_follow_the_number() {
        let cases = [
            (" 36 months", Some(36.0)),
            ("60months", Some(60.0)),
            ("-3.5 %", Some(-3.5)),
            ("+4", Some(4.0)),
            ("10+ years", Some(10.0)),
            ("7.", Some(7.0)),
            ("7, or more", Some(7.0)),
            (".5", Some(0.5)),
            ("3 each", Some(3.0)),
            ("3e", Some(3.0)),
            ("10 euros", Some(10.0)),
            ("months", None),
            ("< 1 year", None),
            ("", None),
            (",", None),
            (".", None),
            ("-", None),
            ("$", None),
            ("- 5", None),
        ];
        check(POINT, &cases);
        check(COMMA, &cases[..2]);
    }

    #[test]
    fn groups_have_three_digits() {
        let cases = [
            ("1,250.50", Some(1250.5)),
            ("1 234", Some(1234.0)),
            ("1\u{a0}234", Some(1234.0)),
            ("1\u{202f}234\u{202f}567 €", Some(1_234_567.0)),
            ("1'234.50", Some(1234.5)),
            ("12,345,678", Some(12_345_678.0)),
            ("1,234e3", Some(1_234_000.0)),
            ("12,5", None),
            ("0,75", None),
            ("7,04", None),
            ("1.234,56", None),
            ("1 234,5", None),
            ("1,,5", None),
            ("1,2,3", None),
            ("1,2345", None),
            ("1234,567", None),
            ("1,234,56", None),
            ("10 20", None),
            ("1.234 567", None),
            ("1.2.3", None),
            ("1..5", None),
            ("12. 5. 2020", None),
            ("1/2", None),
            ("2020-05-01", None),
            ("10-20", None),
            ("36 – 60 months", None),
            ("12:30", None),
            ("10-year", Some(10.0)),
            ("0x1F", None),
            ("-0b1", None),
            ("1’234.50", Some(1234.5)),
            ("1\u{2009}234", Some(1234.0)),
            ("1’23", None),
            ("1_000", None),
            ("1·5", None),
            ("12٫5", None),
            ("5×10", None),
            ("10^3", None),
            ("5~6", None),
            ("5 — 6", None),
            ("5−6", None),
            ("1;2", None),
            ("5 · m", Some(5.0)),
        ];
        check(POINT, &cases);
    }

    #[test]
    fn exponents_and_currency_signs_are_read() {
        let cases = [
            ("1e3", Some(1000.0)),
            ("2.5E+2", Some(250.0)),
            ("5.0E-3 m", Some(0.005)),
            ("1,5e3", None),
            ("1e3.5", None),
            ("1e999", None),
            ("$-5", Some(-5.0)),
            ("-$5", Some(-5.0)),
            ("- $ 5", Some(-5.0)),
            ("€ 5", Some(5.0)),
            ("€\u{a0}+5", Some(5.0)),
            ("₹1,00,000", None),
            ("¥1,000", Some(1000.0)),
            ("-$-5", None),
            ("$$5", None),
        ];
        check(POINT, &cases);
    }

    #[test]
    fn a_decimal_comma_is_an_option() {
        let cases = [
            ("12,5", Some(12.5)),
            ("0,75", Some(0.75)),
            ("7,04", Some(7.04)),
            ("1.234,56", Some(1234.56)),
            ("1,5e3", Some(1500.0)),
            ("1 234,5", Some(1234.5)),
            ("-€ 1.000.000", Some(-1e6)),
            ("1,234", Some(1.234)),
            ("1.5", None),
            ("1,234.5", None),
            ("12.5.2020", None),
        ];
        check(COMMA, &cases);
        let wrong = LeadingNumber { decimal: ';' };
        assert_eq!(wrong.number("5"), None);
        assert!(!wrong.is_known());
    }
}
