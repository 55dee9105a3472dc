"""scim-sanity: a create-read-update-delete sequence with strict reading of every answer."""

from __future__ import annotations

import json
from pathlib import Path

from .. import tools
from ..results import Case, Outcome, number_repeated
from ..server import Server
from .base import Suite, SuiteFault, run_program


class ScimSanity(Suite):
    """Neither failures nor warnings are accepted; skipped are the Agent types we do not offer."""

    minimum = 20

    def __init__(self, name: str, options: list[str]) -> None:
        self.name = name
        self.options = options
        self.about = " ".join(["scim-sanity probe", "--strict", *options])

    def run(self, server: Server, workspace: Path) -> list[Case]:
        program = tools.python().parent / "scim-sanity"
        done = run_program(
            [str(program), "probe", server.scim_base_url, f"--token={server.scim_token}"]
            + ["--strict", "--json-output", "--i-accept-side-effects"]
            + ["--user-domain=conformance.example", *self.options]
        )
        return number_repeated([_case(check) for check in _checks(done.stdout, done.stderr)])


def _checks(output: str, errors: str) -> list[dict[str, str]]:
    """The results of the last JSON object on standard output; a notice may come before it."""
    decoder = json.JSONDecoder()
    position = output.find("{")
    while position >= 0:
        try:
            document, end = decoder.raw_decode(output, position)
        except ValueError:
            break
        if "results" in document:
            return list(document["results"])
        position = output.find("{", end)
    raise SuiteFault(f"scim-sanity printed no results: {(output + errors)[-2000:]}")


def _case(check: dict[str, str]) -> Case:
    """One result: pass, fail, warn, skip or error."""
    name = f"{check.get('phase', '')}: {check['name']}".removeprefix(": ")
    status = check["status"].lower()
    detail = f"{status}: {check.get('message', '')}"
    if status == "skip":
        return Case(name, Outcome.SKIPPED, detail)
    return Case.of(name, status == "pass", detail)
