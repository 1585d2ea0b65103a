//! Telephone numbers in international form.

/// A number such as `+380671234567`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone(String);

/// Countries that codes are sent to: Ukraine, mobile numbers of Kazakhstan. Anything else is a way to make us
/// pay for messages (`SMS pumping`).
const SMS_PREFIXES: &[&str] = &["+380", "+77"];

impl Phone {
    /// Reads a number with or without `+`, spaces, dashes, brackets; a local Ukrainian one (`067…`) too.
    pub fn parse(text: &str) -> Option<Self> {
        let plain: String = text
            .chars()
            .filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '.' | '\u{a0}'))
            .collect();
        let digits = plain.strip_prefix('+').unwrap_or(&plain);
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let number = match digits.len() {
            10 if digits.starts_with('0') && digits == plain => format!("+38{digits}"),
            10..=15 if !digits.starts_with('0') => format!("+{digits}"),
            _ => return None,
        };
        Some(Self(number))
    }

    /// With the plus sign.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Without the plus sign, as message providers want it.
    pub fn digits(&self) -> &str {
        &self.0[1..]
    }

    /// Whether a code may be sent there.
    pub fn may_get_codes(&self) -> bool {
        // +380 and +77 numbers have eleven or twelve digits.
        SMS_PREFIXES.iter().any(|prefix| self.0.starts_with(prefix))
            && (12..=13).contains(&self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::Phone;

    #[test]
    fn numbers_are_read_in_the_forms_people_write() {
        for text in [
            "+380671234567",
            "380671234567",
            "0671234567",
            "+38 (067) 123-45-67",
            "067 123 45 67",
        ] {
            assert_eq!(
                Phone::parse(text).unwrap().as_str(),
                "+380671234567",
                "{text}"
            );
        }
        assert_eq!(
            Phone::parse("+7 701 123 45 67").unwrap().digits(),
            "77011234567"
        );
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in [
            "",
            "+",
            "12345",
            "+0671234567",
            "067123456",
            "06712345678",
            "++380671234567",
            "38067123456a",
            "+1234567890123456",
            "٣٨٠٦٧١٢٣٤٥٦٧",
        ] {
            assert_eq!(Phone::parse(text), None, "{text}");
        }
    }

    #[test]
    fn codes_go_to_known_countries_only() {
        for (text, allowed) in [
            ("+380671234567", true),
            ("+77011234567", true),
            ("+79161234567", false),
            ("+447911123456", false),
            ("+882161234567", false),
            ("+3806712345678", false),
        ] {
            assert_eq!(
                Phone::parse(text).unwrap().may_get_codes(),
                allowed,
                "{text}"
            );
        }
    }
}
