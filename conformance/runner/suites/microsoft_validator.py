"""Microsoft's SCIM Validator, replayed from a recorded run."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from ..paths import SHARED
from ..results import Case, number_repeated
from ..server import Server
from .base import Suite, SuiteFault, run_program

REPLAY = "msvalidator_replay.py"
RECORD = "data/ms-validator/scim-results-9.json"
VERDICT = re.compile(r"^(ok|DIFF)\s+(\w+)\s+(.*?)\s+\[(.*)\]$")


class MicrosoftValidator(Suite):
    """A case passes when the answer is like the recorded answer of a server that passed."""

    name = "ms-validator"
    about = "a recorded run of Microsoft's SCIM Validator, 31 cases"
    minimum = 31
    shared_files = [REPLAY, RECORD]

    def run(self, server: Server, workspace: Path) -> list[Case]:
        done = run_program(
            [sys.executable, str(SHARED / REPLAY), str(SHARED / RECORD), server.scim_base_url]
            + [f"Bearer {server.scim_token}"]
        )
        cases = number_repeated(_cases(done.stdout))
        if not cases or "Traceback" in done.stderr:
            raise SuiteFault(f"the replayer broke: {(done.stdout + done.stderr)[-2000:]}")
        return cases


def _cases(output: str) -> list[Case]:
    """Reads the lines `ok|DIFF KIND DESCRIPTION [REQUEST -> STATUS]` and the reasons after them."""
    cases: list[Case] = []
    set_up: list[str] = []
    for line in output.splitlines():
        verdict = VERDICT.match(line)
        if verdict:
            passed, kind, description, request = verdict.groups()
            detail = "\n".join([request, *set_up])
            cases.append(Case.of(f"{kind}: {description}", passed == "ok", detail))
            set_up = []
        elif line.startswith("     set-up"):
            set_up.append(line.strip())
        elif line.startswith("     ") and cases:
            cases[-1].detail += f"\n{line.strip()}"
    return cases
