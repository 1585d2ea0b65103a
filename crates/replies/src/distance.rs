//! How many slips of the finger lie between two words: a letter too many, missing, wrong, or two swapped.

/// Longest stem that is compared; longer ones differ enough to be looked up as they stand.
const LETTERS_MAX: usize = 24;

/// The number of slips if it is at most `limit` (Damerau-Levenshtein, each letter touched once).
pub(crate) fn slips(one: &[char], other: &[char], limit: usize) -> Option<usize> {
    if one.len().abs_diff(other.len()) > limit
        || one.len() > LETTERS_MAX
        || other.len() > LETTERS_MAX
    {
        return None;
    }
    let width = other.len() + 1;
    let mut before = [0_usize; LETTERS_MAX + 1];
    let mut last: [usize; LETTERS_MAX + 1] = std::array::from_fn(|place| place);
    let mut row = [0_usize; LETTERS_MAX + 1];
    for (i, a) in one.iter().enumerate() {
        row[0] = i + 1;
        for (j, b) in other.iter().enumerate() {
            let replaced = last[j] + usize::from(a != b);
            let mut best = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && one[i - 1] == *b {
                best = best.min(before[j - 1] + 1);
            }
            row[j + 1] = best;
        }
        if row[..width].iter().min().is_none_or(|best| *best > limit) {
            return None;
        }
        before = last;
        last = row;
    }
    (last[other.len()] <= limit).then_some(last[other.len()])
}

#[cfg(test)]
mod tests {
    use super::slips;

    fn of(one: &str, other: &str) -> Option<usize> {
        let letters = |word: &str| word.chars().collect::<Vec<_>>();
        slips(&letters(one), &letters(other), 2)
    }

    #[test]
    fn each_kind_of_slip_counts_one() {
        for (one, other, count) in [
            ("субсид", "субсид", Some(0)),
            ("субсд", "субсид", Some(1)),
            ("суубсид", "субсид", Some(1)),
            ("супсид", "субсид", Some(1)),
            ("усбсид", "субсид", Some(1)),
            ("усбисд", "субсид", Some(2)),
            ("пенс", "субсид", None),
            ("", "аб", Some(2)),
            ("", "абв", None),
        ] {
            assert_eq!(of(one, other), count, "{one} {other}");
            assert_eq!(of(other, one), count, "{other} {one}");
        }
    }

    #[test]
    fn a_monster_of_a_word_is_not_compared() {
        assert_eq!(of(&"а".repeat(400), &"а".repeat(400)), None);
    }
}
