//! Commands that documents show, held against the program's help.

use std::collections::HashMap;

use super::{COMMANDS, Setting, documents, help, inline_code, options, prose, shell_blocks, top};

const PROGRAM: &str = "insomnia-scim ";

/// The words of the command at the beginning of a text, as a shell takes them apart, up to what
/// ends a command.
fn words(text: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (Some(open), _) if character == open => quote = None,
            (Some('"') | None, '\\') => match characters.next() {
                Some('\n') | None => {}
                Some(escaped) => word.push(escaped),
            },
            (Some(_), _) => word.push(character),
            (None, '"' | '\'') => quote = Some(character),
            (None, ' ') => {
                words.extend(Some(std::mem::take(&mut word)).filter(|it| !it.is_empty()))
            }
            (None, '\n' | '`' | '|' | ';' | ')' | '>' | '&' | '#') => {
                // The number before `>` says what is led elsewhere.
                word.retain(|digit| character != '>' || !digit.is_ascii_digit());
                break;
            }
            (None, _) => word.push(character),
        }
    }
    words.extend(Some(word).filter(|it| !it.is_empty()));
    words
}

/// The commands of the program in a text.
fn commands(text: &str) -> Vec<Vec<String>> {
    text.split(PROGRAM).skip(1).map(words).collect()
}

fn is_word(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with('-')
        && text.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-')
}

/// The program's own word about its commands.
struct Program {
    things: HashMap<String, Vec<String>>,
    helps: HashMap<String, String>,
}

impl Program {
    fn new() -> Self {
        let list = help("admin");
        let things = list.lines().skip_while(|line| *line != "Commands:").skip(1);
        let things = things.take_while(|line| !line.is_empty()).filter_map(|line| {
            let (thing, verbs) = line.trim().split_once("  ")?;
            // Another spelling of the thing stands behind the verbs.
            let verbs = verbs.split(" [").next().unwrap_or_default();
            Some((thing.to_owned(), verbs.split(", ").map(|verb| verb.trim().to_owned()).collect()))
        });
        let things: HashMap<String, Vec<String>> = things.collect();
        assert!(things.len() > 15 && things["teams"].contains(&"link".to_owned()), "{things:?}");
        Self { things, helps: HashMap::new() }
    }

    fn help(&mut self, command: &str) -> &str {
        self.helps.entry(command.to_owned()).or_insert_with(|| help(command))
    }

    /// How many of the words are the command, and the command; none if it is named in part only, as
    /// in `admin …` or `admin --help`.
    fn command(&self, words: &[String]) -> Option<(usize, String)> {
        let first = words.first().filter(|word| is_word(word))?;
        let length = match first.as_str() {
            "admin" => 3,
            "operator" | "scim" => 2,
            _ => 1,
        };
        let parts = words.get(..length)?;
        parts.iter().all(|word| is_word(word)).then(|| (length, parts.join(" ")))
    }

    fn has(&self, command: &str) -> bool {
        match command.split(' ').collect::<Vec<_>>()[..] {
            ["admin", thing, verb] => {
                self.things.get(thing).is_some_and(|verbs| verbs.iter().any(|it| it == verb))
            }
            _ => COMMANDS.contains(&command),
        }
    }

    /// Checks a command and its options; where it is whole, also how many arguments it has.
    fn check(&mut self, place: &str, words: &[String], is_whole: bool) -> bool {
        let Some((length, command)) = self.command(words) else { return false };
        assert!(self.has(&command), "{place}: there is no {command}");
        let help = self.help(&command);
        let known = options(help);
        let wanted = arguments(help);
        let mut rest = words[length..].iter();
        let mut given = 0;
        while let Some(word) = rest.next() {
            if !word.starts_with("--") {
                given += 1;
                continue;
            }
            let (flag, value) = word.split_once('=').map_or((&**word, None), |(f, v)| (f, Some(v)));
            let option = known.iter().find(|it| it.flag == flag);
            let option = option.unwrap_or_else(|| panic!("{place}: {command} has no {flag}"));
            if option.takes_value && value.is_none() {
                assert!(rest.next().is_some() || !is_whole, "{place}: {command} {flag}");
            }
        }
        assert!(
            !is_whole || given == wanted,
            "{place}: {words:?} has {given} of {wanted} arguments"
        );
        true
    }
}

/// How many arguments a command takes, by its usage.
fn arguments(help: &str) -> usize {
    let usage = help.lines().find(|line| line.starts_with("Usage:")).unwrap();
    let mut words = usage.split_whitespace().skip(1);
    let mut count = 0;
    while let Some(word) = words.next() {
        if word.starts_with("--") {
            words.next();
        } else if word.starts_with('<') {
            count += 1;
        }
    }
    count
}

#[test]
fn the_list_of_commands_is_whole() {
    for (command, list) in [("", help("")), ("operator ", help("operator"))] {
        let names = list.lines().skip_while(|line| *line != "Commands:").skip(1);
        for line in names.take_while(|line| !line.is_empty()) {
            let name = format!("{command}{}", line.split_whitespace().next().unwrap());
            let is_known = |it: &&str| *it == name || it.starts_with(&format!("{name} "));
            assert!(name.ends_with("help") || COMMANDS.iter().any(is_known), "{name}");
        }
    }
}

#[test]
fn every_command_that_a_document_shows_is_one_with_these_options() {
    let mut program = Program::new();
    let mut checked = 0;
    for (path, text) in documents() {
        let place = path.display().to_string();
        for block in shell_blocks(&text) {
            for words in commands(&block) {
                checked += usize::from(program.check(&place, &words, true));
            }
        }
        for words in commands(&prose(&text)) {
            checked += usize::from(program.check(&place, &words, false));
        }
    }
    assert!(checked > 80, "{checked}");
}

#[test]
fn commands_of_administrators_are_right_where_they_are_abbreviated() {
    let mut program = Program::new();
    let mut checked = 0;
    for (path, text) in documents() {
        for code in inline_code(&text) {
            let [thing, verb, ..] = &words(&code)[..] else { continue };
            let is_operators = COMMANDS.contains(&format!("{thing} {verb}").as_str());
            if program.things.contains_key(thing) && is_word(verb) && !is_operators {
                let words = [vec!["admin".to_owned()], words(&code)].concat();
                program.check(&path.display().to_string(), &words, false);
                checked += 1;
            }
        }
    }
    assert!(checked > 15, "{checked}");
}

#[test]
fn programs_of_the_repository_are_there() {
    let mut checked = 0;
    for (path, text) in documents() {
        let blocks = shell_blocks(&text)
            .into_iter()
            .flat_map(|block| block.lines().map(str::to_owned).collect::<Vec<_>>());
        for code in inline_code(&text).into_iter().chain(blocks) {
            let Some(program) = code.split(' ').next() else { continue };
            let is_ours = ["tests/run", "tests/faults", "tests/mixed-releases", "conformance/run"];
            if is_ours.iter().any(|ours| program.starts_with(ours)) {
                assert!(top().join(program).is_file(), "{}: {program}", path.display());
                checked += 1;
            }
        }
    }
    assert!(checked > 5, "{checked}");
}

#[test]
fn a_command_is_taken_apart_as_a_shell_does_it() {
    let text = "X=$(insomnia-scim admin teams create --name Flight \\\n  --description \"Flies (far)\" \
                --print id)\ninsomnia-scim serve --create 2> log &\n";
    let found = commands(text);
    let create = ["admin", "teams", "create", "--name", "Flight", "--description", "Flies (far)"];
    assert_eq!(found[0], [&create[..], &["--print", "id"]].concat());
    assert_eq!(found[1][..2], ["serve", "--create"]);
    let wrong = ["teams", "create", "--title", "x"].map(str::to_owned).to_vec();
    let known = options(&help("admin teams create"));
    assert!(!known.iter().any(|it: &Setting| it.flag == wrong[2]));
    assert_eq!(arguments(&help("admin teams link")), 2);
    assert_eq!(arguments(&help("operator issue-code")), 0);
}
