"""scim2-tester: checks generated from what the server's own /Schemas announces."""

from __future__ import annotations

from pathlib import Path

from .. import tools
from ..results import Case, number_repeated
from ..server import Server
from .base import Suite, read_report, run_program

# Runs inside the virtual environment, so it is a program of its own.
PROBE = Path(__file__).resolve().parent.parent / "scim2_tester_probe.py"


class Scim2Tester(Suite):
    """Every check must end as SUCCESS: what the RFC merely allows is not enough."""

    name = "scim2-tester"
    about = "checks generated from /Schemas; every one must be SUCCESS, at least 135 of them"
    minimum = 135

    def run(self, server: Server, workspace: Path) -> list[Case]:
        report = workspace / "scim2-tester.json"
        done = run_program(
            [str(tools.python()), str(PROBE), server.scim_base_url, str(report)],
            env={"SCIM_TOKEN": server.scim_token},
        )
        return number_repeated([_case(check) for check in read_report(report, done)])


def _case(check: dict[str, str]) -> Case:
    """One check of the report."""
    name = f"{check['resource_type']} {check['title']}".strip()
    detail = f"{check['status']}: {check['reason']}\n{check['data']}".strip()
    return Case.of(name, check["status"] == "SUCCESS", detail)
