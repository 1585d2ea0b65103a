//! Letters as people type them: one kind of apostrophe, letters that stand for each other, Ukrainian in Latin
//! letters, and words typed with the wrong keyboard layout.

/// Whether a character belongs to a Cyrillic word.
pub(crate) fn is_cyrillic(c: char) -> bool {
    matches!(c, 'а'..='я' | 'і' | 'ї' | 'є' | 'ґ' | 'ё')
}

/// Every sign that is typed for an apostrophe.
pub(crate) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ' | '`' | '‘' | '′' | '´')
}

/// One letter for those that Ukrainian and Russian spelling, or a foreign keyboard, put in each other's place.
/// `і` stays apart until the stem is known; apostrophes and the hard sign go.
pub(crate) fn alike(c: char) -> Option<char> {
    match c {
        'ґ' => Some('г'),
        'ї' => Some('і'),
        'ы' => Some('и'),
        'є' | 'э' | 'ё' => Some('е'),
        'ъ' => None,
        c if is_apostrophe(c) => None,
        c => Some(c),
    }
}

/// Latin spellings of Ukrainian and Russian, the longest first.
const LATIN: &[(&str, &str)] = &[
    ("shch", "щ"),
    ("zgh", "зг"),
    ("iia", "ия"),
    ("iya", "ия"),
    ("iyu", "ию"),
    ("iiu", "ию"),
    ("zh", "ж"),
    ("kh", "х"),
    ("ts", "ц"),
    ("ch", "ч"),
    ("sh", "ш"),
    ("ya", "я"),
    ("ia", "ия"),
    ("ja", "я"),
    ("yu", "ю"),
    ("iu", "ю"),
    ("ju", "ю"),
    ("ye", "е"),
    ("ie", "е"),
    ("je", "е"),
    ("yi", "и"),
    ("ii", "ии"),
    ("a", "а"),
    ("b", "б"),
    ("c", "ц"),
    ("d", "д"),
    ("e", "е"),
    ("f", "ф"),
    ("g", "г"),
    ("h", "г"),
    ("i", "и"),
    ("j", "й"),
    ("k", "к"),
    ("l", "л"),
    ("m", "м"),
    ("n", "н"),
    ("o", "о"),
    ("p", "п"),
    ("q", "к"),
    ("r", "р"),
    ("s", "с"),
    ("t", "т"),
    ("u", "у"),
    ("v", "в"),
    ("w", "в"),
    ("x", "кс"),
    ("y", "и"),
    ("z", "з"),
];

/// `subsydiya` → `субсидия`; `None` when other than Latin letters stand in it.
pub(crate) fn from_latin(word: &str) -> Option<String> {
    let mut rest = word;
    let mut cyrillic = String::new();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('\'') {
            rest = after;
            continue;
        }
        let (latin, letter) = LATIN.iter().find(|(latin, _)| rest.starts_with(latin))?;
        cyrillic.push_str(letter);
        rest = &rest[latin.len()..];
    }
    Some(cyrillic)
}

/// The keys of the two layouts in the same places.
const LATIN_KEYS: &str = "qwertyuiop[]asdfghjkl;'zxcvbnm,.";
const CYRILLIC_KEYS: &str = "йцукенгшщзхїфівапролджєячсмитьбю";

/// `ce,cblsz` → `субсидія`: typed with the Latin layout on.
pub(crate) fn typed_as_latin(chunk: &str) -> Option<String> {
    keys(chunk, LATIN_KEYS, CYRILLIC_KEYS)
}

/// `ігиіша` → `subsid…`: typed with the Cyrillic layout on.
pub(crate) fn typed_as_cyrillic(chunk: &str) -> Option<String> {
    let ukrainian = chunk.replace('ы', "і").replace('э', "є").replace('ъ', "ї");
    keys(&ukrainian, CYRILLIC_KEYS, LATIN_KEYS)
}

fn keys(chunk: &str, typed: &str, meant: &str) -> Option<String> {
    let letter = |c: char| {
        let place = typed.chars().position(|key| key == c)?;
        meant.chars().nth(place)
    };
    chunk.chars().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latin_spellings_become_cyrillic() {
        for (latin, cyrillic) in [
            ("subsydiya", "субсидия"),
            ("subsydiia", "субсидия"),
            ("dopomoga", "допомога"),
            ("vyplaty", "виплати"),
            ("zvernennya", "звернення"),
            ("shchorichna", "щорична"),
            ("pasport", "паспорт"),
        ] {
            let got = from_latin(latin).unwrap();
            assert_eq!(got, cyrillic, "{latin}");
        }
        assert_eq!(from_latin("пенсія"), None);
        assert_eq!(from_latin("5g"), None);
    }

    #[test]
    fn keys_of_the_wrong_layout_are_read_in_their_places() {
        assert_eq!(typed_as_latin("ce,cblsz").unwrap(), "субсидія");
        assert_eq!(typed_as_latin("gfcgjhn").unwrap(), "паспорт");
        assert_eq!(typed_as_cyrillic("зфіізщке").unwrap(), "passport");
        assert_eq!(typed_as_latin("5"), None);
    }
}
