//! People and things by name: up to five, and how many more there are.

use maud::{Markup, html};

use crate::administration::team_preview::AffectedMembers;

/// The number of names that a sentence has.
pub const MOST: usize = 5;

/// Returns the first names as a phrase, such as "Ann, Bea and 3 more". `count` is the number of all.
pub fn names<S: AsRef<str>>(names: &[S], count: usize) -> String {
    let first: Vec<&str> = names.iter().take(MOST).map(AsRef::as_ref).collect();
    let more = count.saturating_sub(first.len());
    match (first.split_last(), more) {
        (None, _) => String::new(),
        (Some((last, [])), 0) => (*last).to_owned(),
        (Some((last, rest)), 0) => format!("{} and {last}", rest.join(", ")),
        (Some(_), more) => format!("{} and {more} more", first.join(", ")),
    }
}

/// Returns a number with its noun, such as "1 member" or "7 members".
pub fn counted(count: usize, one: &str, several: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {several}") }
}

/// Renders what happens to members, as a line of a list; nothing if there are none of them.
pub fn affected(who: &AffectedMembers, (one, several): (&str, &str)) -> Markup {
    let count = usize::try_from(who.count).unwrap_or(0);
    html! {
        @if count > 0 {
            li { (counted(count, one, several)) ": " (names(&who.first, count)) }
        }
    }
}

/// Returns the name of a person for people to read.
pub fn person<'a>(display_name: Option<&'a str>, user_name: &'a str) -> &'a str {
    display_name.filter(|name| !name.is_empty()).unwrap_or(user_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_are_named_and_the_others_counted() {
        let all = ["a", "b", "c", "d", "e", "f", "g"];
        for (shown, count, text) in [
            (0, 0, ""),
            (1, 1, "a"),
            (3, 3, "a, b and c"),
            (5, 5, "a, b, c, d and e"),
            (7, 7, "a, b, c, d, e and 2 more"),
            (1, 9, "a and 8 more"),
        ] {
            assert_eq!(names(&all[..shown], count), text);
        }
        assert_eq!(counted(1, "member", "members"), "1 member");
        assert_eq!(counted(0, "member", "members"), "0 members");
    }
}
