//! Ukrainian and Russian: strips the ending, then what verbs and verbal nouns put before it, then undoes the
//! changes of sound at the stem's end. A stem is no dictionary form; it only has to be the same for all forms.

use crate::letters::alike;

/// What has to be left when an ending goes.
const ENDING_REST_MIN: usize = 3;
/// What has to be left when a suffix goes: shorter stems would meet strangers.
const SUFFIX_REST_MIN: usize = 4;
/// `відмовлено` loses three (`о` is an ending): `ен`, `л`, `ов`.
const SUFFIXES_MAX: usize = 3;

/// Endings with `і` written as `и`, the longest first.
const ENDINGS: &[&str] = &[
    "иями",
    "ували",
    "ьями",
    "ьому",
    "ього",
    "ують",
    "юють",
    "иею",
    "ией",
    "иям",
    "иях",
    "ием",
    "ами",
    "ями",
    "ими",
    "има",
    "ого",
    "его",
    "ому",
    "ему",
    "емо",
    "имо",
    "ете",
    "ите",
    "ови",
    "еви",
    "ьми",
    "ьей",
    "ьем",
    "ешь",
    "ишь",
    "уть",
    "ють",
    "ать",
    "ять",
    "ить",
    "еть",
    "ия",
    "ии",
    "ию",
    "ие",
    "ий",
    "ив",
    "ья",
    "ью",
    "ье",
    "ьи",
    "ею",
    "ою",
    "ую",
    "юю",
    "уе",
    "юе",
    "ая",
    "яя",
    "ое",
    "ее",
    "ои",
    "еи",
    "ей",
    "ой",
    "ом",
    "ем",
    "им",
    "ам",
    "ям",
    "ах",
    "ях",
    "их",
    "а",
    "я",
    "о",
    "е",
    "и",
    "у",
    "ю",
    "ь",
    "й",
];

/// What verbs, participles and verbal nouns put before the ending; and what looks like an ending in `диплом`,
/// so that it goes from all its forms. Here `і` is not `и`: `дозвіл` is no verb.
const SUFFIXES: &[&str] = &[
    "енн", "анн", "янн", "інн", "ен", "ан", "ян", "ат", "ят", "ит", "ут", "ал", "ял", "ил", "ул",
    "ув", "юв", "ов", "ев", "ав", "яв", "ив", "ом", "ем", "ам", "им",
];

/// The stem of a word in lower case.
pub fn slavic(word: &str) -> String {
    let mut letters: Vec<char> = word.chars().filter_map(alike).collect();
    strip_reflexive(&mut letters);
    strip_first(&mut letters, ENDINGS, ENDING_REST_MIN, same);
    for _ in 0..SUFFIXES_MAX {
        let stripped = strip_first(&mut letters, SUFFIXES, SUFFIX_REST_MIN, |letter, wanted| {
            letter == wanted
        });
        let joined = strip_joining_l(&mut letters);
        if !stripped && !joined {
            break;
        }
    }
    drop_fleeting_vowel(&mut letters);
    open_the_closed_syllable(&mut letters);
    letters.retain(|letter| *letter != 'ь');
    soften_back(&mut letters);
    letters
        .into_iter()
        .map(|letter| if letter == 'і' { 'и' } else { letter })
        .collect()
}

fn same(letter: char, wanted: char) -> bool {
    letter == wanted || (letter == 'і' && wanted == 'и')
}

fn ends_with(letters: &[char], ending: &str, same: fn(char, char) -> bool) -> bool {
    let mut rest = letters.iter().rev();
    ending
        .chars()
        .rev()
        .all(|wanted| rest.next().is_some_and(|letter| same(*letter, wanted)))
}

fn strip_first(
    letters: &mut Vec<char>,
    endings: &[&str],
    rest_min: usize,
    same: fn(char, char) -> bool,
) -> bool {
    for ending in endings {
        let length = ending.chars().count();
        if letters.len() >= length + rest_min && ends_with(letters, ending, same) {
            let rest = &letters[..letters.len() - length];
            if rest.iter().any(|letter| is_vowel(*letter)) {
                letters.truncate(letters.len() - length);
                return true;
            }
        }
    }
    false
}

fn is_vowel(letter: char) -> bool {
    matches!(letter, 'а' | 'е' | 'и' | 'і' | 'о' | 'у' | 'ю' | 'я')
}

/// `звернутися`, `звернулась`.
fn strip_reflexive(letters: &mut Vec<char>) {
    if letters.len() > 5 && (ends_with(letters, "ся", same) || ends_with(letters, "сь", same)) {
        letters.truncate(letters.len() - 2);
    }
}

/// The `л` of `оформл-ю` and `зник-л-а`.
fn strip_joining_l(letters: &mut Vec<char>) -> bool {
    let [.., before, 'л'] = letters.as_slice() else {
        return false;
    };
    let joined = matches!(before, 'б' | 'п' | 'в' | 'м' | 'ф' | 'к' | 'г' | 'х' | 'р');
    let strips = joined && letters.len() > SUFFIX_REST_MIN;
    if strips {
        letters.pop();
    }
    strips
}

/// `довідок` beside `довідка`, `переселенець` beside `переселенця`.
fn drop_fleeting_vowel(letters: &mut Vec<char>) {
    let fleeting = matches!(
        letters.as_slice(),
        [.., 'о' | 'е', 'к'] | [.., 'е', 'ц'] | [.., 'о', 'ч']
    );
    let place = letters.len().saturating_sub(2);
    if fleeting && letters[..place].iter().any(|letter| is_vowel(*letter)) {
        letters.remove(place);
    }
}

/// `шкіл` beside `школа`, `інвалідність` beside `інвалідності`.
fn open_the_closed_syllable(letters: &mut [char]) {
    let last = letters.iter().rposition(|letter| is_vowel(*letter));
    if let Some(place) = last
        && letters[place] == 'і'
        && place + 1 < letters.len()
    {
        letters[place] = 'о';
    }
}

/// `довідці` beside `довідка`, `допомозі` beside `допомога`, `прошу` beside `просити`.
fn soften_back(letters: &mut [char]) {
    if letters.len() < ENDING_REST_MIN {
        return;
    }
    if let Some(last) = letters.last_mut() {
        *last = match *last {
            'ц' | 'ч' => 'к',
            'з' | 'ж' => 'г',
            'х' | 'ш' => 'с',
            letter => letter,
        };
    }
}
