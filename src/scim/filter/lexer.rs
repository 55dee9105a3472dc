//! The tokens of filters and paths: names, operators, strings, numbers.

use nom::branch::alt;
use nom::bytes::complete::{tag, tag_no_case, take_while, take_while1};
use nom::character::complete::{anychar, char, digit1, one_of, satisfy};
use nom::combinator::{all_consuming, not, opt, peek, recognize};
use nom::error::ParseError;
use nom::multi::many0_count;
use nom::sequence::{delimited, pair, preceded, terminated};
use nom::{IResult, Parser};

use super::Operator;

/// The result of a token. It has no error text: the caller knows what was expected.
pub(crate) type Lexed<'a, T> = IResult<&'a str, T, ()>;

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

fn is_name_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}

/// Matches white space, possibly none.
pub(super) fn blanks<'a, E: ParseError<&'a str>>(input: &'a str) -> IResult<&'a str, &'a str, E> {
    take_while(is_blank).parse(input)
}

/// Matches one attribute name (RFC 7644 §3.4.2.2 `ATTRNAME`, RFC 7643 §2.1), or `$ref`.
pub(crate) fn name(input: &str) -> Lexed<'_, &str> {
    alt((
        recognize(pair(satisfy(|c| c.is_ascii_alphabetic()), take_while(is_name_character))),
        tag_no_case("$ref"),
    ))
    .parse(input)
}

/// Matches everything up to white space, a bracket, a parenthesis or a quote: an attribute path, an
/// operator, or an unquoted value.
pub(super) fn word(input: &str) -> Lexed<'_, &str> {
    take_while1(|c| !is_blank(c) && !matches!(c, '[' | ']' | '(' | ')' | '"')).parse(input)
}

/// Matches `and` or `or` between two expressions, in any letter case.
pub(super) fn keyword<'a, E: ParseError<&'a str>>(
    keyword: &'static str,
) -> impl Parser<&'a str, Output = &'a str, Error = E> {
    delimited(blanks, tag_no_case(keyword), peek(not(satisfy(is_name_character))))
}

/// Matches `not (` in any letter case, with or without the space.
pub(super) fn negation(input: &str) -> Lexed<'_, &str> {
    terminated(tag_no_case("not"), (blanks, char('('))).parse(input)
}

/// Matches a parenthesis or bracket, with white space before it.
pub(super) fn mark<'a>(mark: &'static str, input: &'a str) -> Lexed<'a, &'a str> {
    preceded(blanks, tag(mark)).parse(input)
}

/// Matches a quoted string including its quotes; escapes are not decoded.
pub(super) fn quoted(input: &str) -> Lexed<'_, &str> {
    let plain = take_while1(|c| c != '"' && c != '\\');
    let escape = recognize(pair(char('\\'), anychar));
    recognize(delimited(char('"'), many0_count(alt((plain, escape))), char('"'))).parse(input)
}

/// Returns `true` if the word is a JSON number.
pub(super) fn is_number(word: &str) -> bool {
    let fraction = pair(char('.'), digit1);
    let exponent = (one_of("eE"), opt(one_of("+-")), digit1);
    let number: Lexed<'_, &str> =
        all_consuming(recognize((opt(char('-')), digit1, opt(fraction), opt(exponent))))
            .parse(word);
    number.is_ok()
}

/// Parses a comparison operator in any letter case. `pr` is not one of them.
pub(super) fn operator(word: &str) -> Option<Operator> {
    Operator::ALL.into_iter().find(|operator| operator.as_str().eq_ignore_ascii_case(word))
}
