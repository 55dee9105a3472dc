//! The server's refusals, in the words of the command line: a field is the flag that sets it.

use super::arguments::flag_name;
use super::reading::{Content, Wish};
use super::schema::{properties, resolve};
use crate::http::admin::api::Api;

/// Returns a refusal with flags in place of fields.
pub fn in_flags(api: &Api, wish: &Wish<'_>, refusal: &str) -> String {
    let definitions = api.definitions();
    let of_body = match (&wish.endpoint.body, &wish.body) {
        (Some((_, schema)), Content::Json(_)) => {
            let object = resolve(schema.as_value(), &definitions);
            properties(object).map(|(name, _)| name.to_owned()).collect()
        }
        _ => Vec::new(),
    };
    let of_query = wish
        .endpoint
        .query
        .iter()
        .flat_map(|schema| properties(schema.as_value()).map(|(name, _)| name.to_owned()));
    let fields: Vec<String> = of_body.into_iter().chain(of_query).collect();
    let Some((head, reason)) = refusal.split_once(": ") else { return refusal.to_owned() };
    if head == "The body" {
        // The person who typed the command has seen flags, and no body.
        return with_flags(reason, &fields);
    }
    let named: Option<Vec<String>> = head.split(", ").map(|name| flag_of(name, &fields)).collect();
    match named {
        Some(flags) => format!("{}: {}", flags.join(", "), with_flags(reason, &fields)),
        None => refusal.to_owned(),
    }
}

/// Returns the flag of a field; of a field in a field, the flag of the outer one and the rest of
/// the way.
fn flag_of(name: &str, fields: &[String]) -> Option<String> {
    let end = name.find(['.', '[']).unwrap_or(name.len());
    let (outer, rest) = name.split_at(end);
    let flag = format!("--{}", flag_name(fields.iter().find(|field| *field == outer)?));
    Some(match rest.trim_start_matches('.') {
        "" => flag,
        rest if rest.starts_with('[') => flag,
        rest => format!("{flag}, {rest}"),
    })
}

/// Returns a text with flags in place of the fields that stand in it between backquotes.
fn with_flags(text: &str, fields: &[String]) -> String {
    fields.iter().fold(text.to_owned(), |text, field| {
        text.replace(&format!("`{field}`"), &format!("--{}", flag_name(field)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_its_flag() {
        let fields = ["expires_in_days", "url", "oidc", "emails"].map(str::to_owned);
        for (name, flag) in [
            ("expires_in_days", "--expires-in-days"),
            ("url", "--url-value"),
            ("oidc.client_id", "--oidc, client_id"),
            ("emails[1]", "--emails"),
        ] {
            assert_eq!(flag_of(name, &fields).as_deref(), Some(flag));
        }
        assert_eq!(flag_of("The team", &fields), None);
        assert_eq!(with_flags("give `expires_in_days`", &fields), "give --expires-in-days");
    }
}
