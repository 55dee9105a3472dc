"""Okta's published SPEC test, which an app must pass before Okta lists it."""

from __future__ import annotations

import sys
from pathlib import Path

from ..paths import SHARED
from ..results import Case, number_repeated
from ..server import Server
from .base import Suite, read_report, run_program, scim

REPLAY = "runscope_replay.py"
TEST = "data/okta/Okta-SCIM-20-SPEC-Test.json"
SEED = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
    "userName": "seed@conformance.example",
    "name": {"givenName": "Sam", "familyName": "Seed"},
    "emails": [{"primary": True, "type": "work", "value": "seed@conformance.example"}],
    "active": True,
}


class OktaSpec(Suite):
    """The test reads the first user it finds, so one complete user is made beforehand."""

    name = "okta-spec"
    about = "Okta's SPEC test, 53 checks"
    minimum = 53
    shared_files = [REPLAY, TEST]

    def run(self, server: Server, workspace: Path) -> list[Case]:
        scim(server, "POST", "/Users", SEED)
        report = workspace / "okta-spec.json"
        done = run_program(
            [sys.executable, str(SHARED / REPLAY), str(SHARED / TEST), server.scim_base_url]
            + [f"Bearer {server.scim_token}", "--json", str(report)]
        )
        return number_repeated(
            [
                Case.of(f"{check['step']} {check['check']}".strip(), check["ok"], _detail(check))
                for check in read_report(report, done)
            ]
        )


def _detail(check: dict[str, object]) -> str:
    """What a failed check saw."""
    return f"{check['note']}\ngot: {str(check['got'])[:500]}"
