"""The command line of conformance/run: which suites, on which databases, and what came of it."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FrameType

from . import database, deviations, paths, report, server, suites, tools
from .database import Postgres, Unavailable
from .results import Case, Outcome, SuiteResult, write_junit
from .server import ServerFault
from .suites.base import Suite, SuiteFault

DESCRIPTION = """\
Runs suites from outside against the real binary, each on a fresh database, and prints one line per
suite with the failures below it. Failures that KNOWN_DEVIATIONS.md names do not count; a named case
that passes does. The last line is `N passed, N failed`; exit status 0 when none failed."""
EPILOGUE = """\
environment:
  INSOMNIA_SCIM_TEST_BIN            the binary to test (default: the release binary, built when absent)
  INSOMNIA_SCIM_TEST_POSTGRES  URL of a PostgreSQL server (default: a throw-away cluster)
  CI                           true: a suite whose tools cannot be had is a failure"""

CAN_BE_RUN = "the suite can be run"


def main(arguments: list[str]) -> int:
    """Runs the program; returns its exit status."""
    options = _parse(arguments)
    if options.list:
        return _list()
    signal.signal(signal.SIGTERM, _end_on_signal)
    chosen = [suite for suite in suites.ALL if not options.suites or suite.name in options.suites]
    kinds = database.KINDS if options.database == "both" else [options.database]
    known = deviations.read(paths.DEVIATIONS)
    results = _run_all(kinds, chosen, known)
    write_junit(paths.RESULTS, results)
    if options.report:
        paths.REPORT.write_text(report.render(results, known), encoding="utf-8")
    passed = sum(result.count(Outcome.PASSED) for result in results)
    failed = sum(result.count(Outcome.FAILED) for result in results)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def _parse(arguments: list[str]) -> argparse.Namespace:
    """Reads the command line; ends the program with status 2 when it is wrong."""
    parser = argparse.ArgumentParser(
        prog="conformance/run",
        description=DESCRIPTION,
        epilog=EPILOGUE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    names = [suite.name for suite in suites.ALL]
    parser.add_argument(
        "database",
        nargs="?",
        default="both",
        choices=[*database.KINDS, "both"],
        help="the database to run on (default: both)",
    )
    parser.add_argument("suites", nargs="*", metavar="suite", help="only these suites; see --list")
    parser.add_argument("--list", action="store_true", help="list the suites and end")
    parser.add_argument(
        "--report", action="store_true", help="also write the results into conformance/RESULTS.md"
    )
    options = parser.parse_args(arguments)
    unknown = [name for name in options.suites if name not in names]
    if unknown:
        parser.error(f"no suite {', '.join(unknown)}; there are {', '.join(names)}")
    return options


def _list() -> int:
    """Names the suites. A reader that has seen enough, such as `head`, is no failure."""
    try:
        for suite in suites.ALL:
            print(f"{suite.name:20} {suite.about}{_missing_note(suite)}")
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes once more at its end, into the closed pipe if it still were there.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _missing_note(suite: Suite) -> str:
    """What --list says of a suite that cannot run here."""
    missing = suite.missing()
    return f"  (left out: {missing})" if missing else ""


def _end_on_signal(number: int, _frame: FrameType | None) -> None:
    """Ends through the `finally` blocks, so that servers, databases and clusters are cleaned up.

    Suites that run are waited for; no other one begins.
    """
    _ending.set()
    sys.exit(128 + number)


_ending = threading.Event()


def _run_all(
    kinds: list[str], chosen: list[Suite], known: list[deviations.Deviation]
) -> list[SuiteResult]:
    """Runs every suite on every database, the databases side by side, printing as it goes."""
    program = server.binary()
    postgres = Postgres()
    said = threading.Lock()

    def run_on(kind: str) -> list[SuiteResult]:
        results = []
        for suite in chosen:
            if _ending.is_set():
                break
            result = _run_one(program, kind, suite, postgres)
            with said:
                if not any(case.name == CAN_BE_RUN for case in result.cases):
                    deviations.apply(known, result)
                print("\n".join([result.line(), *result.details()]), flush=True)
            results.append(result)
        return results

    try:
        with ThreadPoolExecutor(max_workers=len(kinds)) as pool:
            return [result for results in pool.map(run_on, kinds) for result in results]
    finally:
        postgres.stop()


def _run_one(program: Path, kind: str, suite: Suite, postgres: Postgres) -> SuiteResult:
    """Runs one suite on one fresh database."""
    result = SuiteResult(kind, suite.name, left_out=suite.missing())
    if result.left_out:
        return result
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="insomnia-scim-conformance-") as directory:
        workspace = Path(directory)
        try:
            with database.fresh(kind, workspace, postgres) as url:
                with server.running(program, url, workspace) as target:
                    result.cases = suite.complete(suite.run(target, workspace))
                faults = server.faults_after_stop(target)
                result.cases += [Case("server", Outcome.FAILED, fault) for fault in faults]
        except Unavailable as reason:
            if tools.in_ci():
                result.cases = [Case(CAN_BE_RUN, Outcome.FAILED, str(reason))]
            else:
                result.left_out = str(reason)
        except (ServerFault, SuiteFault) as fault:
            result.cases.append(Case(CAN_BE_RUN, Outcome.FAILED, str(fault)))
    result.seconds = time.monotonic() - started
    return result
