"""Where things are in the repository, and beside it."""

from __future__ import annotations

from pathlib import Path

CONFORMANCE = Path(__file__).resolve().parent.parent
REPOSITORY = CONFORMANCE.parent
WORK = CONFORMANCE / ".work"
VENV = WORK / "venv"
NODE = WORK / "node"
RESULTS = WORK / "results.xml"
REPORT = CONFORMANCE / "RESULTS.md"
REQUIREMENTS = CONFORMANCE / "requirements.txt"
DEVIATIONS = CONFORMANCE / "KNOWN_DEVIATIONS.md"
OWN_TRANSCRIPTS = CONFORMANCE / "transcripts"
THROWAWAY_POSTGRES = REPOSITORY / "tests" / "lib" / "throwaway-postgres"
# Suites that are not ours to copy into the repository lie beside the checkout.
SHARED = REPOSITORY.parent / "shared" / "conformance"
