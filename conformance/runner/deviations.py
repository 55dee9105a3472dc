"""Reads KNOWN_DEVIATIONS.md and applies it: excuses named failures, reports stale names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .results import Case, Outcome, SuiteResult

COLUMNS = ["suite", "case", "RFC section", "reason"]


@dataclass(frozen=True)
class Deviation:
    """One row: a case of a suite that fails because it contradicts the RFC or the domain."""

    suite: str
    case: str
    section: str
    reason: str


def read(path: Path) -> list[Deviation]:
    """Reads the table whose heading is `suite | case | RFC section | reason`.

    Raises ValueError for a row that is incomplete or given twice.
    """
    rows: list[Deviation] = []
    in_table = False
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = _cells(line)
        if cells == COLUMNS:
            in_table = True
        elif not cells:
            in_table = False
        elif in_table and not set("".join(cells)) <= set("-: "):
            rows.append(_row(path, line, cells))
    if len({(row.suite, row.case) for row in rows}) != len(rows):
        raise ValueError(f"{path.name} names a case twice")
    return rows


def _cells(line: str) -> list[str]:
    """The cells of a Markdown table line; `\\|` is a bar within a cell. Empty for other lines."""
    stripped = line.strip()
    if not (stripped.startswith("|") and stripped.endswith("|")):
        return []
    inner = stripped[1:-1].replace("\\|", "\0")
    return [cell.strip().replace("\0", "|") for cell in inner.split("|")]


def _row(path: Path, line: str, cells: list[str]) -> Deviation:
    """One row, complete or refused."""
    if len(cells) != len(COLUMNS) or not all(cells):
        raise ValueError(f"{path.name}: all of {', '.join(COLUMNS)} are needed in: {line}")
    return Deviation(*cells)


def apply(deviations: list[Deviation], result: SuiteResult) -> None:
    """Turns named failures into skipped cases, and adds a failure for every stale name."""
    if result.left_out:
        return
    named = {row.case: row for row in deviations if row.suite == result.suite}
    for case in result.cases:
        row = named.pop(case.name, None)
        if row is None:
            continue
        if case.outcome is Outcome.FAILED:
            case.outcome = Outcome.SKIPPED
            case.deviation = f"{row.reason} ({row.section})"
        elif case.outcome is Outcome.PASSED:
            case.outcome = Outcome.FAILED
            case.detail = "stale: KNOWN_DEVIATIONS.md names this case, but it passes now"
    for name in named:
        detail = "stale: KNOWN_DEVIATIONS.md names a case that this suite does not have"
        result.cases.append(Case(name, Outcome.FAILED, detail))
