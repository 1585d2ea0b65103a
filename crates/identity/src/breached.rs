//! Passwords that are known from break-ins elsewhere: asked of a list by the first digits of their hash, so that the list learns no
//! password (the range API of Have I Been Pwned, version 3, and its mirrors).

use sha1::{Digest, Sha1};

/// So many digits are told to the list.
const PREFIX_DIGITS: usize = 5;

/// What is asked of the list, and what is looked for in its answer.
#[derive(Debug, PartialEq, Eq)]
pub struct BreachedQuestion {
    /// The first digits of the password's SHA-1; some hundreds of passwords of a list share them.
    pub prefix: String,
    suffix: String,
}

impl BreachedQuestion {
    /// About a password.
    pub fn of(password: &str) -> Self {
        let mut prefix = hex::encode_upper(Sha1::digest(password));
        let suffix = prefix.split_off(PREFIX_DIGITS);
        Self { prefix, suffix }
    }

    /// Whether the list's answer (`SUFFIX:COUNT` in each line) names it. A count of 0 is padding.
    pub fn is_known(&self, answer: &str) -> bool {
        answer.lines().any(|line| {
            let (suffix, count) = line.trim().split_once(':').unwrap_or((line.trim(), "1"));
            suffix.eq_ignore_ascii_case(&self.suffix) && count.trim() != "0"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_beginning_of_the_hash_is_told() {
        // SHA-1 of "password": 5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8.
        let question = BreachedQuestion::of("password");
        assert_eq!(question.prefix, "5BAA6");
        let answer = "1E4C9B93F3F0682250B6CF8331B7EE68FD9:3\r\n1E4C9B93F3F0682250B6CF8331B7EE68FD8:10437277\r\n";
        assert!(question.is_known(answer));
        assert!(question.is_known(&answer.to_lowercase()));
        for other in [
            "",
            "1E4C9B93F3F0682250B6CF8331B7EE68FD9:3",
            "1E4C9B93F3F0682250B6CF8331B7EE68FD8:0",
            "<html>1E4C9B93F3F0682250B6CF8331B7EE68FD8:1</html>",
        ] {
            assert!(!question.is_known(other), "{other}");
        }
    }
}
