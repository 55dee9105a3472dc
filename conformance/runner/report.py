"""The results of a run as a Markdown page, for the record."""

from __future__ import annotations

import datetime
import subprocess

from . import tools
from .deviations import Deviation
from .paths import REPORT, REPOSITORY, REQUIREMENTS
from .results import Outcome, SuiteResult

PACKAGES = ["scim2-tester", "scim-sanity", "schemathesis"]


def render(results: list[SuiteResult], known: list[Deviation]) -> str:
    """The whole page. A run of a few suites makes a page of those."""
    failed = sum(result.count(Outcome.FAILED) for result in results)
    passed = sum(result.count(Outcome.PASSED) for result in results)
    deviating = sum(result.deviating for result in results)
    lines = [
        "# Results",
        "",
        "Written by `conformance/run --report`.",
        "",
        f"- Date: {datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d %H:%M} UTC",
        f"- Product: commit {commit()}",
        f"- Suites: {', '.join(versions())}; the others as `conformance/README.md` says",
        f"- Sum: {passed} passed, {failed} failed, {deviating} known deviations"
        f" ({len(known)} named in `KNOWN_DEVIATIONS.md`, which holds for each database)",
        "",
        *table(results),
        "",
    ]
    return "\n".join(lines)


def table(results: list[SuiteResult]) -> list[str]:
    """One row for each suite on each database. Skipped are cases that the suite left out."""
    rows = ["| suite | database | passed | failed | skipped | known deviations | seconds |"]
    rows.append("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
    for result in results:
        cells = [result.suite, result.database]
        if result.left_out:
            cells += [f"left out: {result.left_out}", "", "", "", ""]
        else:
            cells += [
                str(result.count(Outcome.PASSED)),
                str(result.count(Outcome.FAILED)),
                str(result.count(Outcome.SKIPPED) - result.deviating),
                str(result.deviating),
                f"{result.seconds:.1f}",
            ]
        rows.append(f"| {' | '.join(cells)} |")
    return rows


def versions() -> list[str]:
    """The suites that have versions, as they are pinned."""
    pins = REQUIREMENTS.read_text(encoding="utf-8").split()
    pinned = [pin for name in PACKAGES for pin in pins if pin.startswith(f"{name}==")]
    return [pin.replace("==", " ") for pin in pinned] + [tools.NEWMAN.replace("@", " ")]


def commit() -> str:
    """The commit of the checkout, and whether files that belong to it were changed."""
    try:
        head = _git("rev-parse", "--short=12", "HEAD")
        page = REPORT.relative_to(REPOSITORY)
        changed = _git("status", "--porcelain", "--", ".", f":(exclude){page}")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return f"{head}, with changes" if changed else head


def _git(*arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=REPOSITORY, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()
