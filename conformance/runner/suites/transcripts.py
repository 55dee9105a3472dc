"""Recorded conversations of identity providers: the shared ones and our own."""

from __future__ import annotations

import sys
from pathlib import Path

from player.transcript import play_directory

from ..paths import OWN_TRANSCRIPTS, SHARED
from ..results import Case, number_repeated
from ..server import Server
from .base import Suite, read_report, run_program

REPLAY = "replay.py"
TRANSCRIPTS = "transcripts"
FAULTS = "faults"


class SharedTranscripts(Suite):
    """The transcripts beside the checkout, played by the player that belongs to them."""

    name = "transcripts"
    about = "../shared/conformance/transcripts, 269 steps"
    minimum = 269
    shared_files = [REPLAY, TRANSCRIPTS]

    def run(self, server: Server, workspace: Path) -> list[Case]:
        return replayed(SHARED / TRANSCRIPTS, server, workspace)


class SharedFaults(Suite):
    """Those of the faults beside the checkout that were mended: from then on they pass."""

    name = "faults"
    about = "what was mended of ../shared/conformance/faults"
    minimum = 71
    mended = ["username-precis", "username-blanks"]
    mended += ["urn-dot-known-schema", "foreign-schema-urn", "unadvertised-extension-in-schemas"]
    mended += ["bulk-location", "email-equal-by-case", "head-method", "url-not-encoded"]
    mended += ["service-provider-config-public"]
    shared_files = [REPLAY, FAULTS]

    def run(self, server: Server, workspace: Path) -> list[Case]:
        return replayed(SHARED / FAULTS, server, workspace, "--only", *self.mended)


def replayed(folder: Path, server: Server, workspace: Path, *options: str) -> list[Case]:
    """The steps of the transcripts in a folder, played by the shared player."""
    report = workspace / "transcripts.json"
    done = run_program(
        [sys.executable, str(SHARED / REPLAY), "--base", server.scim_base_url]
        + ["--token", server.scim_token, "--dir", str(folder)]
        + ["--json", str(report), *options]
    )
    cases = []
    for step in read_report(report, done):
        name = f"{step['transcript'].removesuffix('.json')} #{step['step']}: {step['name']}"
        detail = "\n".join(
            [*step["problems"], f"status {step['status']}", f"basis: {step['basis']}"]
        )
        cases.append(Case.of(name, step["ok"], detail))
    return number_repeated(cases)


class OwnTranscripts(Suite):
    """Our own transcripts, for what the shared ones leave out."""

    name = "own-transcripts"
    about = "conformance/transcripts, played by conformance/replay.py"
    minimum = 450

    def run(self, server: Server, workspace: Path) -> list[Case]:
        played = play_directory(OWN_TRANSCRIPTS, server.scim_base_url, server.scim_token)
        return number_repeated(
            [Case.of(step.name, not step.problems, "\n".join(step.problems)) for step in played]
        )
