//! Parses XML within limits, and navigates the tree.

use uppsala::{Document, Element, NodeId, NodeKind, Parser};

use super::error::SamlError;

/// Namespace of assertions.
pub const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
/// Namespace of protocol messages.
pub const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
/// Namespace of metadata.
pub const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
/// Namespace of XML signatures.
pub const SIGNATURE: &str = "http://www.w3.org/2000/09/xmldsig#";

/// Maximum depth of nested elements; real messages stay below 15.
const MAX_DEPTH: u32 = 32;
/// Maximum number of pieces of markup in a document.
const MAX_MARKUP: usize = 20_000;
/// Maximum number of equals signs between one `<` and the next. A tag cannot contain a `<`, so this
/// limits the number of its attributes, which the parser compares with each other.
const MAX_EQUALS: usize = 64;

/// Parses a document: no DTD, no entities of its own, limited depth and breadth.
///
/// # Errors
/// Returns [`SamlError::Unreadable`] about `what`.
pub fn parse<'a>(what: &'static str, text: &'a str) -> Result<Document<'a>, SamlError> {
    let refuse = |reason: &str| SamlError::Unreadable { what, reason: reason.to_owned() };
    let mut markup = 0;
    let mut equals = 0;
    for byte in text.bytes() {
        match byte {
            b'<' => (markup, equals) = (markup + 1, 0),
            b'=' => equals += 1,
            _ => {}
        }
        if markup > MAX_MARKUP || equals > MAX_EQUALS {
            return Err(refuse("it has too many elements or attributes"));
        }
    }
    if text.contains("<!DOCTYPE") {
        return Err(refuse("it has a document type declaration, which is not accepted"));
    }
    Parser::new()
        .with_max_depth(MAX_DEPTH)
        .with_forbid_dtd(true)
        .with_forbid_entities(true)
        .parse(text)
        .map_err(|error| refuse(&error.to_string().chars().take(200).collect::<String>()))
}

/// Returns `true` if the node is an element of this name.
pub fn is(document: &Document<'_>, node: NodeId, namespace: &str, name: &str) -> bool {
    document.element(node).is_some_and(|element| named(element, namespace, name))
}

fn named(element: &Element<'_>, namespace: &str, name: &str) -> bool {
    element.name.local_name == name && element.name.namespace_uri.as_deref() == Some(namespace)
}

/// Returns all elements of this name inside a node, at any depth, in document order.
pub fn all(document: &Document<'_>, node: NodeId, namespace: &str, name: &str) -> Vec<NodeId> {
    let inside = document.descendants(node).into_iter();
    inside.filter(|inner| is(document, *inner, namespace, name)).collect()
}

/// Returns the child elements.
pub fn elements(document: &Document<'_>, node: NodeId) -> Vec<NodeId> {
    document.children_iter(node).filter(|child| document.element(*child).is_some()).collect()
}

/// Returns the child elements of this name.
pub fn children(document: &Document<'_>, node: NodeId, namespace: &str, name: &str) -> Vec<NodeId> {
    document.children_iter(node).filter(|child| is(document, *child, namespace, name)).collect()
}

/// Returns the first child element of this name.
pub fn child(document: &Document<'_>, node: NodeId, namespace: &str, name: &str) -> Option<NodeId> {
    document.children_iter(node).find(|child| is(document, *child, namespace, name))
}

/// Returns the attribute of this name without a namespace. The library's own look-up ignores
/// namespaces.
pub fn attribute<'d>(document: &'d Document<'_>, node: NodeId, name: &str) -> Option<&'d str> {
    let attributes = &document.element(node)?.attributes;
    attributes
        .iter()
        .find(|found| found.name.local_name == name && found.name.namespace_uri.is_none())
        .map(|found| &*found.value)
}

/// Returns the whole text of an element without surrounding blanks; `None` if it is empty.
pub fn text(document: &Document<'_>, node: NodeId) -> Option<String> {
    let text = document.text_content_deep(node);
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Returns `true` if there is a comment or processing instruction anywhere. Canonicalisation
/// removes comments, so a reader that sees them could read another text than the one that was
/// signed.
pub fn has_comments(document: &Document<'_>) -> bool {
    document.descendants(document.root()).into_iter().any(|node| {
        matches!(
            document.node_kind(node),
            Some(NodeKind::Comment(_) | NodeKind::ProcessingInstruction(_))
        )
    })
}

/// Escapes a text for use in XML, as an attribute's value or as character data.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_refused_that_would_cost_more_than_they_tell() {
        let deep = format!("{}{}", "<a>".repeat(33), "</a>".repeat(33));
        let wide = format!("<a>{}</a>", "<b/>".repeat(MAX_MARKUP));
        let attributes: String = (0..65).map(|index| format!(" a{index}=\"\"")).collect();
        let many = format!("<a{attributes}/>");
        let entities = "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>";
        for text in [&*deep, &*wide, &*many, entities, "<a>", "", "<a/><a/>", "<a>&b;</a>"] {
            assert!(matches!(parse("response", text), Err(SamlError::Unreadable { .. })));
        }
        assert!(parse("response", &format!("{}{}", "<a>".repeat(32), "</a>".repeat(32))).is_ok());
    }

    #[test]
    fn an_attribute_of_a_namespace_is_another_attribute() {
        let document = parse("response", "<a xmlns:x='urn:x' x:ID='1' ID='2'/>").unwrap();
        let root = document.document_element().unwrap();
        assert_eq!(attribute(&document, root, "ID"), Some("2"));
    }

    #[test]
    fn text_is_all_of_the_text() {
        let document = parse("response", "<a> x<!-- -->y<![CDATA[&z]]>\n</a>").unwrap();
        let root = document.document_element().unwrap();
        assert_eq!(text(&document, root).as_deref(), Some("xy&z"));
        assert!(has_comments(&document));
        assert_eq!(escape("<a b=\"&'\">"), "&lt;a b=&quot;&amp;&apos;&quot;&gt;");
    }
}
