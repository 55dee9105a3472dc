"""Variables of a transcript: `{{name}}` in any text, with an optional way of writing it."""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Callable
from typing import Any

PLACE = re.compile(r"\{\{([\w.]+)(?:\|(\w+))?\}\}")
WRITINGS: dict[str, Callable[[str], str]] = {
    "upper": str.upper,
    "lower": str.lower,
    "percent": lambda text: urllib.parse.quote(text, safe=""),
    "form": urllib.parse.quote_plus,
}


class UnknownVariable(Exception):
    """A text names a variable that no earlier step kept."""


def fill(template: Any, variables: dict[str, Any]) -> Any:
    """The template with every `{{name}}` replaced, in texts, lists, objects and object keys.

    A text that is nothing but `{{name}}` becomes the variable's value with its own type.
    """
    if isinstance(template, str):
        return _fill_text(template, variables)
    if isinstance(template, list):
        return [fill(item, variables) for item in template]
    if isinstance(template, dict):
        return {fill(key, variables): fill(item, variables) for key, item in template.items()}
    return template


def _fill_text(template: str, variables: dict[str, Any]) -> Any:
    """One text."""
    whole = PLACE.fullmatch(template)
    if whole and not whole[2]:
        return _look_up(whole[1], variables)

    def write(place: re.Match[str]) -> str:
        text = str(_look_up(place[1], variables))
        return WRITINGS[place[2]](text) if place[2] else text

    return PLACE.sub(write, template)


def _look_up(name: str, variables: dict[str, Any]) -> Any:
    """The value of a variable."""
    if name not in variables:
        raise UnknownVariable(name)
    return variables[name]
