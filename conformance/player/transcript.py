"""Reads transcripts and plays their steps."""

from __future__ import annotations

import http.client
import json
import secrets
import urllib.parse
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .client import Answer, send
from .matching import ABSENT, at, difference, shown
from .values import UnknownVariable, fill

STEP_KEYS = {
    *("do", "why", "query", "written", "headers", "send", "raw", "each", "status", "see"),
    *("see_headers", "text", "keep", "keep_headers"),
}


@dataclass
class Played:
    """One step that was played: where it stands, and what was wrong with the answer."""

    name: str
    problems: list[str]


def play_directory(
    directory: Path, base_url: str, token: str, only: list[str] | None = None
) -> list[Played]:
    """Plays every transcript of the directory whose name contains one of `only`."""
    files = sorted(directory.glob("*.json"))
    chosen = [file for file in files if not only or any(part in file.stem for part in only)]
    return [step for file in chosen for step in play(file, base_url, token)]


def play(file: Path, base_url: str, token: str) -> list[Played]:
    """Plays one transcript. A step that needs what an earlier one did not yield fails.

    Raises ValueError when the transcript is not in the format.
    """
    transcript = json.loads(file.read_text(encoding="utf-8"))
    run = secrets.token_hex(4)
    variables: dict[str, Any] = {
        "run": run,
        "uuid": str(uuid.uuid4()),
        "token": token,
        "base": base_url,
    }
    for name, value in transcript.get("let", {}).items():
        variables[name] = fill(value, variables)
    played = []
    steps = [*transcript["steps"], *transcript.get("finally", [])]
    for number, step in enumerate(steps, 1):
        unknown = set(step) - STEP_KEYS
        if unknown:
            raise ValueError(f"{file.name} step {number}: unknown {', '.join(sorted(unknown))}")
        for item in step.get("each", [None]):
            variables["each"] = item
            problems = _play_step(step, base_url, variables)
            suffix = "" if item is None else f" [{shown(item)}]"
            name = f"{file.stem} #{number}{suffix}: {step['why']}"
            played.append(Played(name, problems))
    return played


def _play_step(step: dict[str, Any], base_url: str, variables: dict[str, Any]) -> list[str]:
    """Sends the request of a step and judges the answer; keeps what the step wants kept."""
    try:
        method, target = _target(step, variables)
        answer = send(base_url, method, target, _headers(step, variables), _body(step, variables))
        problems = _judge(fill(_expectations(step), variables), answer)
        problems += _keep(step, answer, variables)
    except UnknownVariable as name:
        return [f"blocked: no earlier step yielded {name}"]
    except (OSError, http.client.HTTPException) as error:
        return [f"no answer: {type(error).__name__}: {error}"]
    if problems:
        problems.append(f"{method} {target} -> {answer.status} {answer.text[:500]}")
    return problems


def _target(step: dict[str, Any], variables: dict[str, Any]) -> tuple[str, str]:
    """Method and request target; `query` is encoded in the way that `written` names."""
    method, target = fill(step["do"], variables).split(" ", 1)
    if "query" in step:
        quote = urllib.parse.quote_plus if step.get("written") == "form" else urllib.parse.quote
        query = fill(step["query"], variables)
        target += "?" + "&".join(f"{key}={quote(str(value))}" for key, value in query.items())
    return method, target


def _headers(step: dict[str, Any], variables: dict[str, Any]) -> dict[str, str]:
    """Authorization, a content type where there is a body, and the step's own; null drops one."""
    headers: dict[str, str | None] = {"Authorization": "Bearer {{token}}"}
    if "send" in step or "raw" in step:
        headers["Content-Type"] = "application/scim+json"
    headers.update(step.get("headers", {}))
    return {
        name: str(fill(value, variables)) for name, value in headers.items() if value is not None
    }


def _body(step: dict[str, Any], variables: dict[str, Any]) -> str | None:
    """The body, if there is one: `send` as JSON, or `raw` as it stands."""
    if "raw" in step:
        return str(fill(step["raw"], variables))
    return json.dumps(fill(step["send"], variables)) if "send" in step else None


def _expectations(step: dict[str, Any]) -> dict[str, Any]:
    """The part of a step that speaks of the answer."""
    return {key: step[key] for key in ("status", "see", "see_headers", "text") if key in step}


def _judge(expected: dict[str, Any], answer: Answer) -> list[str]:
    """Everything that is not as expected, and what must be so of every answer."""
    problems = _always(answer)
    statuses = expected["status"]
    if answer.status not in (statuses if isinstance(statuses, list) else [statuses]):
        problems.append(f"status {answer.status}, want {statuses}")
    for name, rule in expected.get("see_headers", {}).items():
        found = difference(answer.headers.get(name.lower(), ABSENT), rule)
        problems += [f"header {name} {found}"] if found else []
    if "text" in expected:
        found = difference(answer.text, expected["text"])
        problems += [f"the body {found}"] if found else []
    for path, rule in expected.get("see", {}).items():
        found = difference(at(answer.document, path), rule)
        problems += [f"{path or 'the body'} {found}"] if found else []
    return problems


def _always(answer: Answer) -> list[str]:
    """RFC 7644: never a server error, SCIM's media type, and errors in SCIM's form (§3.12)."""
    problems = []
    if answer.status >= 500:
        problems.append(f"status {answer.status}: no request may cause a server error")
    if answer.text:
        media_type = answer.headers.get("content-type", "")
        if not media_type.startswith("application/scim+json"):
            problems.append(f"the body is {media_type!r}, want application/scim+json")
    if answer.status == 204 and answer.text:
        problems.append("204 came with a body")
    if answer.status >= 400:
        form = {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
            "status": str(answer.status),
            "detail": {"$matching": r"\S"},
        }
        found = difference(answer.document, form)
        problems += [f"the error's form: {found}"] if found else []
    return problems


def _keep(step: dict[str, Any], answer: Answer, variables: dict[str, Any]) -> list[str]:
    """Keeps values of the answer in variables; what is not there is a problem."""
    problems = []
    for name, path in fill(step.get("keep", {}), variables).items():
        value = at(answer.document, path)
        if value is ABSENT or value is None:
            variables.pop(name, None)
            problems.append(f"nothing to keep as {name} at {path}")
        else:
            variables[name] = value
    for name, header in step.get("keep_headers", {}).items():
        if header.lower() in answer.headers:
            variables[name] = answer.headers[header.lower()]
        else:
            problems.append(f"nothing to keep as {name} in header {header}")
    return problems
