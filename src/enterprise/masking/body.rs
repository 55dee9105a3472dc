//! Masks a JSON body while parsing it. Only the masked text is kept in memory.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use super::{detail, filter_or_nothing, is_our_id, mask, name_of, words};

/// Member names whose values do not identify a person, as long as they are words of the protocol.
const HARMLESS: [&str; 22] = [
    "schemas",
    "schema",
    "id",
    "active",
    "primary",
    "type",
    "op",
    "resourceType",
    "location",
    "version",
    "created",
    "lastModified",
    "status",
    "scimType",
    "method",
    "bulkId",
    "totalResults",
    "startIndex",
    "itemsPerPage",
    "count",
    "sortBy",
    "sortOrder",
];

/// Maximum depth. No body that this server accepts is nested deeper, and the JSON parser refuses some
/// that are, so their member names may be any text.
const DEEPEST: usize = 32;

const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";

/// Masks the body of a request. A body that is not JSON, or nested too deep, is left out entirely.
pub fn body(bytes: &[u8]) -> String {
    masked(bytes, false)
}

/// Masks the body of a response. An error text in it is ours, so only the quoted values in it are
/// masked.
pub fn answer(bytes: &[u8]) -> String {
    masked(bytes, true)
}

fn masked(bytes: &[u8], is_ours: bool) -> String {
    let mut masker = Masker { out: Vec::with_capacity(bytes.len()), is_ours, is_error: false };
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let whole = Part { masker: &mut masker, meaning: Meaning::Unknown, depth: 0 };
    let read = whole.deserialize(&mut json).and_then(|()| json.end());
    match (read, String::from_utf8(masker.out)) {
        (Ok(()), Ok(masked)) => masked,
        _ => format!("({} bytes that are not JSON, or nested too deep)", bytes.len()),
    }
}

struct Masker {
    out: Vec<u8>,
    /// Whether the body is a response of this server.
    is_ours: bool,
    /// Whether the body has been recognised as an error response of this server.
    is_error: bool,
}

impl Masker {
    fn text(&mut self, text: &str) {
        // Writing to memory does not fail.
        let _ = serde_json::to_writer(&mut self.out, text);
    }
}

/// How the texts of a value are masked, as its name suggests.
#[derive(Clone, Copy, PartialEq)]
enum Meaning {
    Unknown,
    Schemas,
    Harmless,
    /// May contain a comparison: `emails[value eq "jane@x.example"]`.
    Path,
    /// References to resources, identified by ids that this server issued.
    Resources,
    /// The id of a referenced resource.
    ResourceId,
    /// The text of an error response: written for administrators, with values that clients sent in
    /// quotes.
    Detail,
}

impl Meaning {
    fn of(name: &str, within: Self, depth: usize) -> Self {
        let is = |other: &str| name.eq_ignore_ascii_case(other);
        match () {
            () if within == Self::Resources && is("value") => Self::ResourceId,
            () if is("members") || is("groups") => Self::Resources,
            () if is("path") => Self::Path,
            () if depth == 0 && name == "schemas" => Self::Schemas,
            () if depth == 0 && name == "detail" => Self::Detail,
            () if HARMLESS.into_iter().any(is) => Self::Harmless,
            () => Self::Unknown,
        }
    }
}

/// Deserializes the next value.
struct Part<'a> {
    masker: &'a mut Masker,
    meaning: Meaning,
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for Part<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        if self.depth > DEEPEST {
            return Err(D::Error::custom("nested too deep"));
        }
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Part<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.masker.out.extend_from_slice(b"null");
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.masker.out.extend_from_slice(if value { b"true" } else { b"false" });
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        let _ = serde_json::to_writer(&mut self.masker.out, &value);
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        let _ = serde_json::to_writer(&mut self.masker.out, &value);
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        let _ = serde_json::to_writer(&mut self.masker.out, &value);
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        // The body is masked while it is read: `detail` counts as ours only after `schemas`, which our
        // errors put first.
        self.masker.is_error |=
            self.masker.is_ours && self.meaning == Meaning::Schemas && text == ERROR;
        match self.meaning {
            Meaning::ResourceId if is_our_id(text) => self.masker.text(text),
            Meaning::Schemas | Meaning::Harmless if words::is_value(text) => self.masker.text(text),
            Meaning::Harmless if words::is_attribute(text) => self.masker.text(text),
            Meaning::Path => self.masker.text(&filter_or_nothing(text)),
            Meaning::Detail if self.masker.is_error => self.masker.text(&detail(text)),
            _ => self.masker.text(&mask(text)),
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<(), A::Error> {
        let Self { masker, meaning, depth } = self;
        let (mut separator, depth) = (b'[', depth + 1);
        loop {
            let (before, mark) = (masker.out.len(), separator);
            masker.out.push(mark);
            // Whether there is another value is known only now, so the separator is taken back if not.
            if values.next_element_seed(Part { masker, meaning, depth })?.is_none() {
                masker.out.truncate(before);
                break;
            }
            separator = b',';
        }
        masker.out.extend_from_slice(if separator == b'[' { b"[]" } else { b"]" });
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let Self { masker, meaning, depth } = self;
        let mut separator = b'{';
        loop {
            let name = Name { masker, separator, within: meaning, depth };
            let Some(meaning) = members.next_key_seed(name)? else { break };
            members.next_value_seed(Part { masker, meaning, depth: depth + 1 })?;
            separator = b',';
        }
        masker.out.extend_from_slice(if separator == b'{' { b"{}" } else { b"}" });
        Ok(())
    }
}

/// Deserializes the name of the next member; yields the meaning of its value.
struct Name<'a> {
    masker: &'a mut Masker,
    separator: u8,
    within: Meaning,
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = Meaning;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Meaning, D::Error> {
        from.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = Meaning;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Meaning, E> {
        self.masker.out.push(self.separator);
        self.masker.text(&name_of(name));
        self.masker.out.push(b':');
        Ok(Meaning::of(name, self.within, self.depth))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_no_text_stays_as_it_is() {
        let given = r#"{"a":null,"b":true,"c":false,"d":-1,"e":42,"f":1.5,"g":[],"h":{}}"#;
        assert_eq!(body(given.as_bytes()), given);
    }

    #[test]
    fn a_path_keeps_its_form_and_a_word_without_a_meaning_does_not_stay() {
        let operation = |path: &str| json!({"op": "remove", "path": path}).to_string();
        assert_eq!(
            body(operation("emails[value eq \"jane@x\"].type").as_bytes()),
            operation("emails[value eq \"***(6)\"].type")
        );
        let named = json!({"displayName": "Work", "nickName": "title"}).to_string();
        let masked = json!({"displayName": "***(4)", "nickName": "***(5)"}).to_string();
        assert_eq!(body(named.as_bytes()), masked);
    }

    #[test]
    fn only_a_reference_to_a_resource_may_be_an_id() {
        let id = "0b52f6b0-6f1c-4b4a-9a51-0d0f9a4ad0c1";
        let given = json!({"members": [{"value": id}], "emails": [{"value": id}]}).to_string();
        let masked = json!({"members": [{"value": id}], "emails": [{"value": "***(36)"}]});
        assert_eq!(body(given.as_bytes()), masked.to_string());
    }

    #[test]
    fn a_body_may_be_nested_as_deep_as_the_limit() {
        for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
            let nested =
                |levels: usize| format!("{}1{}", open.repeat(levels), close.repeat(levels));
            assert_eq!(body(nested(DEEPEST).as_bytes()), nested(DEEPEST));
            let deeper = body(nested(DEEPEST + 1).as_bytes());
            assert!(deeper.ends_with("bytes that are not JSON, or nested too deep)"), "{deeper}");
        }
    }
}
