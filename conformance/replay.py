#!/usr/bin/env python3
"""Plays our transcripts against a SCIM base URL. The format: transcripts/README.md.

The last line is `N passed, N failed`; exit status 0 when none failed, 1 otherwise.
"""

import argparse
import sys
from pathlib import Path

from player.transcript import play_directory


def main(arguments: list[str]) -> int:
    """Plays and prints; returns the exit status."""
    parser = argparse.ArgumentParser(prog="conformance/replay.py", description=__doc__)
    parser.add_argument("base", help="base URL, such as http://127.0.0.1:8080/scim/v2/CONNECTOR")
    parser.add_argument("token", help="bearer token of the connector")
    parser.add_argument("only", nargs="*", help="only transcripts whose name contains this")
    parser.add_argument(
        "--directory", type=Path, default=Path(__file__).resolve().parent / "transcripts"
    )
    options = parser.parse_args(arguments)
    base_url = options.base.rstrip("/")
    played = play_directory(options.directory, base_url, options.token, options.only)
    for step in played:
        print(f"{'FAILED' if step.problems else 'passed'} {step.name}")
        for problem in step.problems:
            print(f"       {problem}")
    failed = sum(bool(step.problems) for step in played)
    print(f"{len(played) - failed} passed, {failed} failed")
    return 1 if failed or not played else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
