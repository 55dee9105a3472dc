"""Compares an answer with what a transcript expects of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

ABSENT = object()
KINDS: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "list": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}


def at(document: Any, path: str) -> Any:
    """What stands at a path: names, list positions and `name=value` selections between slashes.

    `emails/type=work/value` is the value of the first e-mail whose type is `work`;
    `members/*/value` is the list of all members' values. ABSENT when there is nothing. An empty
    path is the document.
    """
    return _descend(document, path.split("/") if path else [])


def _descend(value: Any, segments: list[str]) -> Any:
    """Follows the segments one by one."""
    if not segments:
        return value
    segment, rest = segments[0], segments[1:]
    if segment == "*":
        items = value if isinstance(value, list) else []
        found = [_descend(item, rest) for item in items]
        return [item for item in found if item is not ABSENT]
    return _descend(_step(value, segment), rest) if value is not ABSENT else ABSENT


def _step(value: Any, segment: str) -> Any:
    """One segment: a name within an object, a position or a selection within a list."""
    if isinstance(value, dict):
        return value.get(segment, ABSENT)
    if not isinstance(value, list):
        return ABSENT
    name, selection, wanted = segment.partition("=")
    if selection:
        selected = (item for item in value if isinstance(item, dict) and item.get(name) == wanted)
        return next(selected, ABSENT)
    if segment.isdigit() and int(segment) < len(value):
        return value[int(segment)]
    return ABSENT


def difference(value: Any, expected: Any) -> str:
    """Why the value is not what is expected; empty when it is.

    An object with one key that begins with `$` is a rule. Any other object is a pattern: the value
    has at least these members. Lists have the same length and match item by item. Everything else
    is equal, in type as well.
    """
    rule = _rule(expected)
    if rule:
        return RULES[rule](value, expected[rule])
    if isinstance(expected, dict) and isinstance(value, dict):
        return _pattern_difference(value, expected)
    if isinstance(expected, list) and isinstance(value, list):
        return _list_difference(value, expected)
    if type(value) is type(expected) and value == expected:
        return ""
    return f"is {shown(value)}, want {shown(expected)}"


def _rule(expected: Any) -> str:
    """The name of the rule, when the expectation is one. Raises ValueError for an unknown rule."""
    if not isinstance(expected, dict) or len(expected) != 1:
        return ""
    name = str(next(iter(expected)))
    # `$ref` is an attribute of SCIM; it is no rule.
    if not name.startswith("$") or name == "$ref":
        return ""
    if name not in RULES:
        raise ValueError(f"unknown rule {name}")
    return name


def matches(value: Any, expected: Any) -> bool:
    """Whether the value is what is expected."""
    return not difference(value, expected)


def shown(value: Any) -> str:
    """A value for a message, in at most 300 characters."""
    return "absent" if value is ABSENT else json.dumps(value, ensure_ascii=False)[:300]


def _pattern_difference(value: dict[str, Any], pattern: dict[str, Any]) -> str:
    """The first member of the pattern that the value does not match."""
    for name, expected in pattern.items():
        found = difference(value.get(name, ABSENT), expected)
        if found:
            return f"{name} {found}"
    return ""


def _list_difference(value: list[Any], expected: list[Any]) -> str:
    """The first position that does not match."""
    if len(value) != len(expected):
        return f"has {len(value)} items, want {len(expected)}: {shown(value)}"
    for position, (item, pattern) in enumerate(zip(value, expected, strict=True)):
        found = difference(item, pattern)
        if found:
            return f"[{position}] {found}"
    return ""


def _verdict(holds: bool, value: Any, wish: str) -> str:
    """The message of a rule."""
    return "" if holds else f"is {shown(value)}, want {wish}"


def _exactly(value: Any, patterns: list[Any]) -> str:
    """The list holds one item for every pattern, in any order, and no other."""
    if not isinstance(value, list) or len(value) != len(patterns):
        return f"is {shown(value)}, want exactly {len(patterns)} items {shown(patterns)}"
    left = list(value)
    for pattern in patterns:
        found = next((item for item in left if matches(item, pattern)), ABSENT)
        if found is ABSENT:
            return f"is {shown(value)}, want an item like {shown(pattern)}"
        left.remove(found)
    return ""


def _has(value: Any, pattern: Any) -> str:
    """The list has an item like the pattern, or the text has this part."""
    if isinstance(value, str):
        return _verdict(str(pattern) in value, value, f"a text with {shown(pattern)}")
    holds = isinstance(value, list) and any(matches(item, pattern) for item in value)
    return _verdict(holds, value, f"an item like {shown(pattern)}")


def _lacks(value: Any, pattern: Any) -> str:
    """The list has no item like the pattern, or the text lacks this part; nothing lacks all."""
    if value is ABSENT or value is None:
        return ""
    return _verdict(bool(_has(value, pattern)), value, f"nothing like {shown(pattern)}")


def _disjoint(value: Any, other: list[Any]) -> str:
    """The list shares no item with the other one."""
    holds = isinstance(value, list) and not any(item in other for item in value)
    return _verdict(holds, value, f"nothing of {shown(other)}")


def _sorted(value: Any, direction: str) -> str:
    """The list of texts is in this order, without regard to case."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        return f"is {shown(value)}, want a list of texts"
    folded = [item.casefold() for item in value]
    ordered = sorted(folded, reverse=direction == "descending")
    return _verdict(folded == ordered, value, f"{direction} order")


def _count(value: Any, wanted: int) -> str:
    """The list has this many items; a list that is not there has none."""
    items = [] if value is ABSENT or value is None else value
    holds = isinstance(items, list) and len(items) == wanted
    return _verdict(holds, value, f"{wanted} items")


def _at_least(value: Any, bound: int) -> str:
    """The value is a number and no smaller."""
    return _verdict(KINDS["integer"](value) and value >= bound, value, f"at least {bound}")


def _unassigned(value: Any, _argument: Any) -> str:
    """RFC 7643 §2.5: absent, null and an empty list mean the same."""
    return _verdict(value is ABSENT or value is None or value == [], value, "it unassigned")


def _same_text(value: Any, wanted: str) -> str:
    """The same text in any letter case."""
    holds = isinstance(value, str) and value.casefold() == wanted.casefold()
    return _verdict(holds, value, f"{shown(wanted)} in any letter case")


def _matching(value: Any, pattern: str) -> str:
    """A text in which the regular expression is found."""
    holds = isinstance(value, str) and re.search(pattern, value) is not None
    return _verdict(holds, value, f"a text like /{pattern}/")


RULES: dict[str, Callable[[Any, Any], str]] = {
    "$absent": lambda value, _: _verdict(value is ABSENT, value, "it absent"),
    "$unassigned": _unassigned,
    "$kind": lambda value, kind: _verdict(KINDS[kind](value), value, f"a {kind}"),
    "$not": lambda value, other: _verdict(
        not matches(value, other), value, f"anything but {shown(other)}"
    ),
    "$all": lambda value, rules: "; ".join(filter(None, (difference(value, r) for r in rules))),
    "$any": lambda value, options: _verdict(
        any(matches(value, option) for option in options), value, f"one of {shown(options)}"
    ),
    "$same_text": _same_text,
    "$matching": _matching,
    "$at_least": _at_least,
    "$count": _count,
    "$exactly": _exactly,
    "$has": _has,
    "$lacks": _lacks,
    "$disjoint": _disjoint,
    "$sorted": _sorted,
}
