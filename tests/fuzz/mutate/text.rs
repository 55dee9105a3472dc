//! Mutations of any text, and of the words in it.

use super::random::Random;

/// Characters and texts that are read differently by different readers.
const STRANGE: [&str; 24] = [
    "\0",
    "\u{1}",
    "\u{7f}",
    "\u{a0}",
    "\u{ad}",
    "\u{300}",
    "ß",
    "ẞ",
    "İ",
    "ı",
    "ſ",
    "ﬁ",
    "K",
    "Å",
    "\u{200b}",
    "\u{202e}",
    "\u{2028}",
    "\u{feff}",
    "\u{fffd}",
    "\u{10ffff}",
    "😀",
    "👩‍👩‍👧",
    "\r\n",
    "\\u0000",
];

const NESTS: [(&str, &str); 8] = [
    ("(", ")"),
    ("[", "]"),
    ("{\"a\":", "}"),
    ("not (", ")"),
    ("\"", "\""),
    ("emails[", "]"),
    ("<a>", "</a>"),
    ("(a pr and ", ")"),
];

/// One mutation; the dictionary has words that mean something to the target.
pub fn mutate(random: &mut Random, input: &str, donor: &str, dictionary: &[&str]) -> String {
    let words = words(input);
    let (from, to) = range(random, &words);
    let piece = words[from..to].concat();
    let at = random.below(words.len() + 1);
    match random.below(12) {
        0 => [&words[..from], &words[to..]].concat().concat(),
        1 => [&words[..to], &words[from..]].concat().concat(),
        2 => insert(&words, at, &piece),
        3 => {
            let others = self::words(donor);
            let (begin, end) = range(random, &others);
            let splice = others[begin..end].concat();
            [&words[..from], &[splice.as_str()], &words[to..]].concat().concat()
        }
        4 => replace(random, &words, dictionary),
        5 => insert(&words, at, random.pick(dictionary)),
        6 => insert(&words, at, random.pick(&STRANGE)),
        7 => nested(random, &words, (from, to)),
        8 => insert(&words, at, &piece.repeat(1 + random.below(40))),
        9 => character(random, input),
        10 => {
            let changed =
                if random.one_in(2) { piece.to_uppercase() } else { piece.to_lowercase() };
            [&words[..from], &[changed.as_str()], &words[to..]].concat().concat()
        }
        _ => {
            let other = random.below(words.len().max(1));
            let mut words = words;
            if !words.is_empty() {
                let one = random.below(words.len());
                words.swap(one, other);
            }
            words.concat()
        }
    }
}

/// Runs of letters and digits, and each other character by itself.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut in_word = false;
    for (at, character) in text.char_indices() {
        let belongs = character.is_ascii_alphanumeric();
        if at > 0 && !(belongs && in_word) {
            words.push(&text[start..at]);
            start = at;
        }
        in_word = belongs;
    }
    if start < text.len() {
        words.push(&text[start..]);
    }
    words
}

/// A few words next to each other; seldom many.
fn range(random: &mut Random, words: &[&str]) -> (usize, usize) {
    let from = random.below(words.len());
    let longest = if random.one_in(4) { words.len() } else { 6 };
    (from, (from + 1 + random.below(longest)).min(words.len()))
}

fn insert(words: &[&str], at: usize, what: &str) -> String {
    [&words[..at], &[what], &words[at..]].concat().concat()
}

fn replace(random: &mut Random, words: &[&str], dictionary: &[&str]) -> String {
    let mut words = words.to_vec();
    if !words.is_empty() {
        let at = random.below(words.len());
        words[at] = random.pick(dictionary);
    }
    words.concat()
}

fn nested(random: &mut Random, words: &[&str], (from, to): (usize, usize)) -> String {
    let (open, close) = random.pick(&NESTS);
    let times = if random.one_in(8) { random.below(300) } else { 1 + random.below(3) };
    let (open, close) = (open.repeat(times), close.repeat(times));
    let inner = words[from..to].concat();
    [&words[..from].concat(), &open, &inner, &close, &words[to..].concat()]
        .into_iter()
        .map(String::as_str)
        .collect()
}

/// One character becomes another.
fn character(random: &mut Random, input: &str) -> String {
    let mut characters: Vec<char> = input.chars().collect();
    if !characters.is_empty() {
        let at = random.below(characters.len());
        let any = u32::try_from(random.below(0x300)).ok().and_then(char::from_u32);
        characters[at] = any.unwrap_or('\u{fffd}');
    }
    characters.into_iter().collect()
}
