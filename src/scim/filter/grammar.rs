//! The grammar of filters (RFC 7644 §3.4.2.2, figure 1). Every rule decides by the next word alone,
//! so nothing is parsed twice. Each opening parenthesis or bracket counts against the depth limit.

use std::cell::Cell;

use nom::error::{ErrorKind, ParseError};
use nom::{Err, IResult, Parser};

use super::{Filter, FilterError, MAX_DEPTH, MAX_LENGTH, MAX_TERMS, lexer, literal};
use crate::excerpt::excerpt;
use crate::path::{AttributeRef, Named, PathError, sub_attribute};
use crate::schema::{Kind, ResourceType, Returned};

impl Filter {
    /// Parses a filter and resolves it against the resource type.
    ///
    /// The tree is canonical: no `And` is directly inside an `And`, no `Or` inside an `Or`, and
    /// both have at least two members; `eq null` is `Not(Present)`, `ne null` is `Present`; a
    /// comparison of a complex attribute is one of its `value`.
    ///
    /// # Errors
    /// Fails if the filter is malformed, names an unknown attribute, has a value that does not fit
    /// the attribute's type, or exceeds [`MAX_LENGTH`], [`MAX_DEPTH`] or [`MAX_TERMS`].
    pub fn parse(text: &str, resource_type: &ResourceType) -> Result<Self, FilterError> {
        filter(text, resource_type)
    }
}

/// Why a rule failed. After a mismatch the combinators try the next alternative; a refusal is
/// final.
#[derive(Debug)]
enum Rejection {
    Mismatch,
    Refused(FilterError),
}

impl<'a> ParseError<&'a str> for Rejection {
    fn from_error_kind(_: &'a str, _: ErrorKind) -> Self {
        Self::Mismatch
    }

    fn append(_: &'a str, _: ErrorKind, other: Self) -> Self {
        other
    }
}

type Parsed<'a, T> = IResult<&'a str, T, Rejection>;

/// What names refer to: attributes of the resource, or sub-attributes of the attribute before `[`.
#[derive(Clone, Copy)]
enum Scope<'s> {
    Resource,
    Values(&'s Named),
}

struct Grammar<'a> {
    text: &'a str,
    resource_type: &'a ResourceType,
    terms: Cell<usize>,
}

/// Parses a whole text as a filter.
pub(super) fn filter(text: &str, resource_type: &ResourceType) -> Result<Filter, FilterError> {
    let grammar = Grammar::new(text, resource_type)?;
    let (rest, filter) =
        grammar.disjunction(text, Scope::Resource, 0).map_err(|e| grammar.refusal(e))?;
    let (rest, _) = lexer::blanks::<()>(rest).unwrap_or((rest, ""));
    match rest.chars().next() {
        None => Ok(filter),
        Some(')') => Err(grammar.syntax(rest, "this parenthesis was never opened; remove it")),
        Some(_) => Err(grammar.unexpected(rest, "and, or, or the end of the filter")),
    }
}

/// Parses the `[filter]` of a PATCH path; `bracketed` is the suffix of `text` that starts with the
/// bracket. Returns the text after the closing bracket, and the filter.
pub(crate) fn values_filter<'a>(
    text: &'a str,
    bracketed: &'a str,
    reference: &AttributeRef,
    resource_type: &'a ResourceType,
) -> Result<(&'a str, Filter), FilterError> {
    let grammar = Grammar::new(text, resource_type)?;
    grammar.values(text, bracketed, reference, 0).map_err(|e| grammar.refusal(e))
}

impl<'a> Grammar<'a> {
    fn new(text: &'a str, resource_type: &'a ResourceType) -> Result<Self, FilterError> {
        if text.len() > MAX_LENGTH {
            return Err(FilterError::TooLong { length: text.len() });
        }
        Ok(Self { text, resource_type, terms: Cell::new(0) })
    }

    /// Parses `a or b or c`.
    fn disjunction(&self, input: &'a str, scope: Scope<'_>, depth: usize) -> Parsed<'a, Filter> {
        joined(input, "or", Filter::any, |input| self.conjunction(input, scope, depth))
    }

    /// Parses `a and b and c`.
    fn conjunction(&self, input: &'a str, scope: Scope<'_>, depth: usize) -> Parsed<'a, Filter> {
        joined(input, "and", Filter::all, |input| self.factor(input, scope, depth))
    }

    /// Parses `not (…)`, `(…)` or a comparison.
    fn factor(&self, input: &'a str, scope: Scope<'_>, depth: usize) -> Parsed<'a, Filter> {
        let (input, _) = lexer::blanks(input)?;
        if let Ok((inside, _)) = lexer::negation(input) {
            let (rest, filter) = self.group(input, inside, scope, depth, ")")?;
            return Ok((rest, Filter::Not(Box::new(filter))));
        }
        match lexer::mark("(", input) {
            Ok((inside, _)) => self.group(input, inside, scope, depth, ")"),
            Err(_) => self.term(input, scope, depth),
        }
    }

    /// Parses the text between the opening mark at `opening` and its closing mark.
    fn group(
        &self,
        opening: &'a str,
        inside: &'a str,
        scope: Scope<'_>,
        depth: usize,
        closing: &'static str,
    ) -> Parsed<'a, Filter> {
        if depth >= MAX_DEPTH {
            return refuse(FilterError::TooDeep { position: self.position(opening) });
        }
        let (rest, filter) = self.disjunction(inside, scope, depth + 1)?;
        match lexer::mark(closing, rest) {
            Ok((rest, _)) => Ok((rest, filter)),
            Err(_) => {
                let (rest, _) = lexer::blanks(rest)?;
                refuse(self.unexpected(rest, &format!("and, or, or the closing {closing}")))
            }
        }
    }

    /// Parses `attr op value`, `attr pr`, `attr[…]` or `attr[…].sub op value`.
    fn term(&self, input: &'a str, scope: Scope<'_>, depth: usize) -> Parsed<'a, Filter> {
        self.count_term(input)?;
        let Ok((rest, word)) = lexer::word(input) else {
            return refuse(self.unexpected(input, "the name of an attribute"));
        };
        let reference = self.resolve(input, word, scope).or_else(refuse)?;
        if !rest.starts_with('[') {
            return self.comparison(rest, reference);
        }
        if matches!(scope, Scope::Values(_)) {
            return refuse(self.syntax(rest, "brackets cannot stand inside brackets"));
        }
        let (rest, inner) = self.values(input, rest, &reference, depth)?;
        let (rest, inner) = match rest.strip_prefix('.') {
            // Not in the RFC's grammar, but Entra sends `emails[type eq "work"].value eq "x"`. The
            // same value must match both conditions, so the comparison moves inside the brackets.
            Some(after_dot) => {
                self.count_term(after_dot)?;
                let Ok((after_name, name)) = lexer::word(after_dot) else {
                    return refuse(self.unexpected(after_dot, "the name of a sub-attribute"));
                };
                let scope = Scope::Values(&reference.attribute);
                let sub_reference = self.resolve(after_dot, name, scope).or_else(refuse)?;
                let (rest, comparison) = self.comparison(after_name, sub_reference)?;
                (rest, Filter::all(vec![inner, comparison]))
            }
            None => (rest, inner),
        };
        Ok((rest, Filter::ValuePath { attribute: reference, filter: Box::new(inner) }))
    }

    /// Parses the `[filter]` after an attribute that starts at `at`.
    fn values(
        &self,
        at: &'a str,
        bracketed: &'a str,
        reference: &AttributeRef,
        depth: usize,
    ) -> Parsed<'a, Filter> {
        let definition = reference.attribute.definition;
        if reference.sub_attribute.is_some() {
            return refuse(self.syntax(
                bracketed,
                "brackets follow an attribute, not a sub-attribute: write emails[…].value",
            ));
        }
        if !definition.multi_valued && !matches!(definition.kind, Kind::Complex | Kind::Any) {
            return refuse(
                self.syntax(
                    at,
                    &format!("{reference} has one simple value; leave the brackets out"),
                ),
            );
        }
        let inside = bracketed.strip_prefix('[').unwrap_or(bracketed);
        self.group(bracketed, inside, Scope::Values(&reference.attribute), depth, "]")
    }

    /// Parses the operator and the value.
    fn comparison(&self, input: &'a str, attribute: AttributeRef) -> Parsed<'a, Filter> {
        let (input, _) = lexer::blanks(input)?;
        let expected = "an operator (eq, ne, co, sw, ew, gt, ge, lt, le or pr)";
        let Ok((rest, word)) = lexer::word(input) else {
            return refuse(self.unexpected(input, expected));
        };
        if word.eq_ignore_ascii_case("pr") {
            return Ok((rest, Filter::Present(attribute)));
        }
        let Some(operator) = lexer::operator(word) else {
            return refuse(self.unexpected(input, expected));
        };
        let (at, _) = lexer::blanks(rest)?;
        let position = self.position(at);
        let (rest, literal) = literal::literal(at, position).or_else(refuse)?;
        match literal::compare(attribute, operator, literal, position) {
            Ok(filter) => Ok((rest, filter)),
            Err(error) => refuse(error),
        }
    }

    fn resolve(
        &self,
        at: &'a str,
        word: &str,
        scope: Scope<'_>,
    ) -> Result<AttributeRef, FilterError> {
        let position = self.position(at);
        if word.eq_ignore_ascii_case("not") {
            return Err(self.syntax(at, "not is followed by parentheses: not (title pr)"));
        }
        let reference = match scope {
            Scope::Resource => AttributeRef::sought(word, self.resource_type),
            Scope::Values(attribute) => element_reference(attribute, word),
        }
        .map_err(|error| match error {
            PathError::UnknownAttribute { name, hint } => {
                FilterError::UnknownAttribute { name, position, hint }
            }
            PathError::ForeignSchema { urn, hint } => {
                FilterError::UnknownAttribute { name: urn, position, hint }
            }
            PathError::Syntax { position: inside, message } => {
                FilterError::Syntax { position: position + inside, message }
            }
            PathError::Filter(error) => error,
        })?;
        if reference.definition().returned == Returned::Never {
            return Err(FilterError::BadValue {
                attribute: reference.in_an_error(),
                position,
                message: "is never returned, so it cannot be searched; leave it out".into(),
            });
        }
        Ok(reference)
    }

    fn count_term(&self, at: &'a str) -> Result<(), Err<Rejection>> {
        if self.terms.get() >= MAX_TERMS {
            return refuse(FilterError::TooManyTerms { position: self.position(at) });
        }
        self.terms.set(self.terms.get() + 1);
        Ok(())
    }

    /// Returns the offset of `rest`, which is a suffix of the text.
    fn position(&self, rest: &str) -> usize {
        self.text.len() - rest.len()
    }

    fn syntax(&self, at: &str, message: &str) -> FilterError {
        FilterError::Syntax { position: self.position(at), message: message.into() }
    }

    fn unexpected(&self, at: &str, expected: &str) -> FilterError {
        let found = match (lexer::word(at), at.chars().next()) {
            (Ok((_, word)), _) => format!("\"{}\"", excerpt(word)),
            (_, Some(mark)) => format!("{mark:?}"),
            (_, None) => "the end".into(),
        };
        self.syntax(at, &format!("expected {expected}, found {found}"))
    }

    fn refusal(&self, error: Err<Rejection>) -> FilterError {
        match error {
            Err::Error(Rejection::Refused(error)) | Err::Failure(Rejection::Refused(error)) => {
                error
            }
            _ => self.syntax(self.text, "expected attribute, operator and value"),
        }
    }
}

/// Parses the operands between keywords. A single operand, the most common case, needs no list.
fn joined<'a>(
    input: &'a str,
    keyword: &'static str,
    join: fn(Vec<Filter>) -> Filter,
    member: impl Fn(&'a str) -> Parsed<'a, Filter>,
) -> Parsed<'a, Filter> {
    let next = |rest| lexer::keyword::<()>(keyword).parse(rest).map(|(after, _)| after);
    let (mut rest, first) = member(input)?;
    let Ok(mut after) = next(rest) else { return Ok((rest, first)) };
    let mut members = vec![first];
    loop {
        let one_more;
        (rest, one_more) = member(after)?;
        members.push(one_more);
        match next(rest) {
            Ok(further) => after = further,
            Err(_) => return Ok((rest, join(members))),
        }
    }
}

/// Resolves a sub-attribute as an attribute of its own, because the inner filter is evaluated on
/// single values. In a simple attribute, `value` is the value itself.
fn element_reference(attribute: &Named, word: &str) -> Result<AttributeRef, PathError> {
    let name = match lexer::name(word) {
        Ok(("", name)) => name,
        _ => {
            return Err(PathError::Syntax {
                position: 0,
                message: format!(
                    "write only the name of a sub-attribute of {} inside the brackets",
                    attribute.name
                ),
            });
        }
    };
    let definition = attribute.definition;
    let is_simple = !matches!(definition.kind, Kind::Complex | Kind::Any);
    let named = if is_simple && name.eq_ignore_ascii_case("value") {
        Named { name: "value".into(), definition }
    } else {
        sub_attribute(attribute, name)?
    };
    Ok(AttributeRef { extension: None, attribute: named, sub_attribute: None })
}

fn refuse<T>(error: FilterError) -> Result<T, Err<Rejection>> {
    Err(Err::Failure(Rejection::Refused(error)))
}
