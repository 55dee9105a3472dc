//! How things are found in lists: by the beginnings of words of their names and addresses.
//!
//! A thing has terms, and a search has words; the thing is found if each word begins one of its
//! terms. Terms are in an index, so a search costs the same however many things there are. Most terms
//! are in an index anyway (the whole name, the whole user name); only the others are stored.

use serde_json::Value;

use super::name;
use super::words::words;

words! {
    /// Things that have stored terms.
    Findable {
        /// A member of an account.
        Member = "member",
        /// A team of an account.
        Team = "team",
        /// An organization of an account.
        Organization = "organization",
        /// An account of the server.
        Account = "account",
        /// An activation code, by its customer.
        Code = "code",
    }
}

/// The maximum length of a search in characters.
pub const LONGEST: usize = 255;
/// The maximum length of a stored term in characters.
const LONGEST_TERM: usize = 64;
/// The maximum number of stored terms of one thing.
const MOST_TERMS: usize = 12;
/// The maximum number of words of a search; more are ignored.
const MOST_WORDS: usize = 8;

/// What is searched for: at least one word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    words: Vec<String>,
    /// The position of the longest word, which is looked up in the index.
    longest: usize,
}

impl Search {
    /// Parses the text of a search; `None` if it is blank.
    pub fn parse(text: &str) -> Option<Self> {
        let key = name::key(text);
        let words: Vec<String> = key
            .split(' ')
            .map(|word| match word.trim_start_matches(is_break) {
                "" => word,
                letters => letters,
            })
            .filter(|word| !word.is_empty())
            .map(cut)
            .take(MOST_WORDS)
            .collect();
        let longest = (0..words.len()).rev().max_by_key(|at| words.get(*at).map(String::len))?;
        Some(Self { words, longest })
    }

    /// Returns the word that is looked up in the index.
    pub fn beginning(&self) -> &str {
        self.words.get(self.longest).map_or("", String::as_str)
    }

    /// Returns `true` if a thing with these terms is found.
    pub fn finds(&self, terms: &Terms) -> bool {
        self.words.iter().all(|word| terms.first(word).is_some())
    }

    /// Returns the term under which a list shows a thing with these terms; `None` if the search does
    /// not find it.
    pub fn place<'a>(&self, terms: &'a Terms) -> Option<&'a str> {
        terms.first(self.beginning()).filter(|_| self.finds(terms))
    }

    /// Returns `true` if the thing is found and this is the first of its terms under which the index
    /// leads to it. A list shows a thing once, there.
    pub fn shows(&self, terms: &Terms, term: &str) -> bool {
        self.place(terms) == Some(term)
    }
}

/// The terms by which one thing is found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// The keys that other indexes hold.
    keys: Vec<String>,
    /// The terms to store, sorted.
    stored: Vec<String>,
}

impl Terms {
    /// Returns the terms of a thing with a name.
    pub fn of_name(text: &str) -> Self {
        let key = name::key(text);
        let further = further_words(&key);
        Self::new(vec![key], further)
    }

    /// Returns the terms of something that only has an address.
    pub fn of_address(email: &str) -> Self {
        Self::new(vec![super::address::key(email)], Vec::new())
    }

    /// Returns the terms of a member: of the user name, the display name, and the names and addresses
    /// in the SCIM resource.
    pub fn of_member(user_name: &str, display_name: Option<&str>, document: &str) -> Self {
        let user_key = name::user_key(user_name);
        let written = name::key(user_name);
        let local = written.split('@').next().unwrap_or_default();
        let mut further = further_words(local);
        let document: Value = serde_json::from_str(document).unwrap_or_default();
        let part = |part: &str| document.get("name")?.get(part)?.as_str().map(name::key);
        let names = match (part("givenName"), part("familyName")) {
            (None, None) => vec![part("formatted")],
            (given, family) => vec![given, family],
        };
        for key in names.into_iter().flatten() {
            further.extend(further_words(&key));
            further.push(key.split(' ').next().unwrap_or_default().to_owned());
        }
        let emails = document.get("emails").and_then(Value::as_array).into_iter().flatten();
        let emails = emails.filter_map(|email| email.get("value")?.as_str()).map(name::key);
        further.extend(emails);
        further.push(written.clone());
        let mut keys = vec![user_key];
        if let Some(key) = display_name.map(name::key) {
            further.extend(further_words(&key));
            keys.push(key);
        }
        Self::new(keys, further)
    }

    /// Keeps those of the further terms that no other term begins with.
    fn new(mut keys: Vec<String>, further: Vec<String>) -> Self {
        keys.retain(|key| !key.is_empty());
        let mut further: Vec<String> = further.iter().map(|term| cut(term)).collect();
        further.retain(|term| !term.is_empty());
        further.sort_unstable();
        further.dedup();
        let mut stored: Vec<String> = Vec::with_capacity(further.len());
        for (at, term) in further.iter().enumerate() {
            // What begins with a text is sorted right behind it.
            let is_begun = further.get(at + 1).is_some_and(|next| next.starts_with(term.as_str()));
            if !is_begun && !keys.iter().any(|key| key.starts_with(term.as_str())) {
                stored.push(term.clone());
            }
        }
        stored.truncate(MOST_TERMS);
        Self { keys, stored }
    }

    /// Returns the terms to store.
    pub fn stored(&self) -> &[String] {
        &self.stored
    }

    /// Returns the first term, in alphabetical order, with this beginning.
    fn first(&self, beginning: &str) -> Option<&str> {
        let all = self.keys.iter().chain(&self.stored);
        all.filter(|term| term.starts_with(beginning)).map(String::as_str).min()
    }
}

/// Returns the words of a key without the one that it begins with, and the parts of words. Of an
/// address, only the part before the `@` has parts: domains are many people's.
fn further_words(key: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (number, word) in key.split(' ').enumerate() {
        let end = word.find('@').unwrap_or(word.len());
        let mut former = None;
        for (at, character) in word.char_indices().take_while(|(at, _)| *at < end) {
            let is_start = former.map_or(number > 0, is_break) && !is_break(character);
            let part = if at == 0 { Some(word) } else { word.get(at..end) };
            found.extend(part.filter(|_| is_start).map(str::to_owned));
            former = Some(character);
        }
    }
    found
}

/// Returns `true` for what separates words of names and addresses.
fn is_break(character: char) -> bool {
    character.is_whitespace()
        || character.is_ascii_punctuation()
        || matches!(character, '‘' | '’' | '“' | '”' | '‐' | '‑' | '–' | '—' | '·' | '・' | '、')
}

fn cut(term: &str) -> String {
    term.chars().take(LONGEST_TERM).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(search: &str, terms: &Terms) -> bool {
        Search::parse(search).unwrap().finds(terms)
    }

    const DOCUMENT: &str = r#"{"name": {"givenName": "Barbara", "familyName": "Jensen"},
        "emails": [{"value": "babs@home.example"}, {"value": "bjensen@kong.example"}]}"#;

    #[test]
    fn every_word_has_to_begin_a_word_of_name_or_address() {
        let babs = Terms::of_member("bjensen@kong.example", Some("Babs Jensen"), DOCUMENT);
        for search in
            ["b", "JEN", "babs", "barb", "jensen babs", "bjensen@k", "babs@home", " (Jensen b"]
        {
            assert!(finds(search, &babs), "{search}");
        }
        for search in ["ensen", "kong.example", "jensen x", "x", "jensen, b"] {
            assert!(!finds(search, &babs), "{search}");
        }
        assert_eq!(Search::parse(" \t"), None);
    }

    #[test]
    fn only_what_no_other_index_holds_is_stored() {
        let of = |user_name, display_name, document| {
            Terms::of_member(user_name, display_name, document).stored
        };
        assert_eq!(of("bjensen@kong.example", None, "{}"), [""; 0]);
        assert_eq!(of("barbara.jensen@kong.example", Some("Barbara Jensen"), "{}"), ["jensen"]);
        assert_eq!(
            of("bjensen@kong.example", Some("Babs Jensen"), DOCUMENT),
            ["babs@home.example", "barbara", "jensen"]
        );
        assert_eq!(of("jo@kong.example", Some("Jo jo@kong.example"), "{}"), [""; 0]);
        assert_eq!(
            of("x", Some("Jo anne-marie@kong.example"), "{}"),
            ["anne-marie@kong.example", "marie"]
        );
        assert_eq!(of("KONG\\Jane", None, "not json"), ["jane"]);
        assert_eq!(of("jo@bücher.example", None, "{}"), ["jo@bücher.example"]);
        assert_eq!(
            Terms::of_name("Anne-Marie O'Neil (Kong)").stored,
            ["kong)", "marie", "neil", "o'neil"]
        );
        assert_eq!(Terms::of_name("हिन्दी").stored, [""; 0], "vowel signs separate no words");
        assert_eq!(Terms::of_name(&"ab ".repeat(400)).stored, [""; 0]);
        let words: Vec<String> = (10..99).map(|number| format!("w{number}")).collect();
        assert_eq!(Terms::of_name(&words.join(" ")).stored.len(), MOST_TERMS);
        assert_eq!(Terms::of_name(&format!("a {}", "é".repeat(400))).stored[0].chars().count(), 64);
    }

    #[test]
    fn a_thing_is_shown_once_under_its_first_term() {
        let babs = Terms::of_member("bjensen@kong.example", Some("Babs Jensen"), DOCUMENT);
        let search = Search::parse("b").unwrap();
        let shown: Vec<&str> =
            ["babs jensen", "babs@home.example", "barbara", "bjensen@kong.example"]
                .into_iter()
                .filter(|term| search.shows(&babs, term))
                .collect();
        assert_eq!(shown, ["babs jensen"]);
        let search = Search::parse("b jens").unwrap();
        assert_eq!(search.beginning(), "jens");
        assert!(search.shows(&babs, "jensen") && !search.shows(&babs, "jensens"));
        assert!(!Search::parse("jens x").unwrap().shows(&babs, "jensen"));
    }

    #[test]
    fn long_searches_and_long_names_agree() {
        let long = "é".repeat(300);
        let terms = Terms::of_name(&format!("a {long}"));
        assert!(finds(&long[..200], &terms) && finds(&long, &terms));
        assert!(finds("straSSE", &Terms::of_name("Große Straße")));
    }
}
