"""What every suite is: a name, what it needs, and a run against a server."""

from __future__ import annotations

import json
import subprocess
import urllib.request
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

from ..paths import SHARED
from ..results import Case, Outcome
from ..server import Server

SUITE_SECONDS = 900


class SuiteFault(Exception):
    """The suite's program did not report results: neither passed nor failed can be said."""


class Suite(ABC):
    """One suite from outside. Subclasses say how it is run and how its report is read."""

    name: str
    about: str
    # The number of checks below which something was silently left out.
    minimum: int = 1
    # Files under ../shared/conformance without which the suite cannot run.
    shared_files: list[str] = []

    @abstractmethod
    def run(self, server: Server, workspace: Path) -> list[Case]:
        """Runs the suite. Raises SuiteFault or Unavailable."""

    def missing(self) -> str:
        """Why the suite must be left out here; empty when it need not be."""
        if self.shared_files and not SHARED.is_dir():
            return "../shared/conformance is not there"
        absent = [file for file in self.shared_files if not (SHARED / file).exists()]
        return f"../shared/conformance has no {', '.join(absent)}" if absent else ""

    def complete(self, cases: list[Case]) -> list[Case]:
        """Adds a failure when fewer checks ran than the suite is known to have."""
        ran = sum(case.outcome is not Outcome.SKIPPED for case in cases)
        if ran < self.minimum:
            detail = f"{ran} checks ran, at least {self.minimum} were to be expected"
            cases.append(Case("the suite ran completely", Outcome.FAILED, detail))
        return cases


def run_program(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
    """Runs a suite's program and returns its output; its exit status is for the caller to read."""
    try:
        return subprocess.run(
            command, capture_output=True, text=True, timeout=SUITE_SECONDS, check=False, **options
        )
    except subprocess.TimeoutExpired as error:
        raise SuiteFault(f"{command[0]} did not end within {SUITE_SECONDS} s") from error


def read_report(path: Path, done: subprocess.CompletedProcess[str]) -> Any:
    """Reads the JSON report that a program wrote. Raises SuiteFault when there is none."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        output = (done.stdout + done.stderr)[-2000:]
        raise SuiteFault(f"no report (exit status {done.returncode}): {output}") from error


def scim(server: Server, method: str, path: str, body: Any = None) -> Any:
    """One SCIM request of the runner's own, such as seeding a user. Raises SuiteFault."""
    request = urllib.request.Request(
        server.scim_base_url + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Authorization": f"Bearer {server.scim_token}",
            "Content-Type": "application/scim+json",
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b"null")
    except (OSError, ValueError) as error:
        raise SuiteFault(f"{method} {path}: {error}") from error
