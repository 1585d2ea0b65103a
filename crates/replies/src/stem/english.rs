//! English: plural, past, gerund, the final `e` and `y`. Derived words are keywords of their own, or beginnings.

/// What has to be left when `ed` or `ing` goes.
const REST_MIN: usize = 3;

/// The stem of a word in lower case.
pub fn english(word: &str) -> String {
    let word = word.strip_suffix("'s").unwrap_or(word).replace('\'', "");
    if word.len() <= 3 {
        return word;
    }
    let word = without_plural(word);
    let word = without_verb_ending(word);
    match word.strip_suffix('y') {
        Some(rest) if rest.len() > 2 => format!("{rest}i"),
        _ => word,
    }
}

fn without_plural(word: String) -> String {
    if let Some(rest) = word.strip_suffix("ies") {
        return format!("{rest}y");
    }
    let kept = ["ss", "us", "is"]
        .iter()
        .any(|ending| word.ends_with(ending));
    match word.strip_suffix('s') {
        Some(rest) if !kept => rest.to_owned(),
        _ => word,
    }
}

fn without_verb_ending(word: String) -> String {
    if let Some(rest) = word.strip_suffix("ied") {
        return format!("{rest}y");
    }
    for ending in ["ing", "ed"] {
        if let Some(rest) = word.strip_suffix(ending)
            && rest.len() >= REST_MIN
            && rest.contains(['a', 'e', 'i', 'o', 'u', 'y'])
        {
            return single_consonant(rest);
        }
    }
    match word.strip_suffix('e') {
        Some(rest) if rest.len() >= REST_MIN => rest.to_owned(),
        _ => word,
    }
}

/// `submitt` → `submit`; `ss` and `ll` belong to the word.
fn single_consonant(rest: &str) -> String {
    let mut ends = rest.bytes().rev();
    let (last, before) = (ends.next(), ends.next());
    let doubled = last == before && !matches!(last, Some(b's' | b'l' | b'e' | b'o' | b'z'));
    let rest = if doubled {
        &rest[..rest.len() - 1]
    } else {
        rest
    };
    let rest = rest.strip_suffix('e').unwrap_or(rest);
    rest.to_owned()
}
