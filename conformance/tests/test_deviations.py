"""Known deviations excuse what they name, and nothing else."""

import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from runner import deviations, paths
from runner.results import Case, Outcome, SuiteResult, number_repeated, write_junit

HEADING = "| suite | case | RFC section | reason |\n| --- | --- | --- | --- |\n"


def read(text: str) -> list[deviations.Deviation]:
    """Reads a table from a text."""
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "KNOWN_DEVIATIONS.md"
        file.write_text(text, encoding="utf-8")
        return deviations.read(file)


class Deviations(unittest.TestCase):
    """Reading the table and applying it."""

    def test_our_own_table_can_be_read(self) -> None:
        self.assertTrue(deviations.read(paths.DEVIATIONS))

    def test_other_tables_and_text_are_passed_over(self) -> None:
        text = (
            f"# Title\n\n| a | b |\n| --- | --- |\n| x | y |\n\n{HEADING}| s | a \\| b | §1 | r |\n"
        )
        self.assertEqual(read(text), [deviations.Deviation("s", "a | b", "§1", "r")])

    def test_a_row_without_a_reason_or_given_twice_is_refused(self) -> None:
        for rows in ("| s | c | §1 |  |\n", "| s | c | §1 | r |\n| s | c | §2 | q |\n"):
            with self.assertRaises(ValueError):
                read(HEADING + rows)

    def test_named_failures_are_excused_and_stale_names_fail(self) -> None:
        known = read(HEADING + "".join(f"| s | {c} | §1 | r |\n" for c in ("bad", "good", "gone")))
        cases = [Case.of("bad", False, "x"), Case.of("good", True), Case.of("worse", False, "y")]
        result = SuiteResult("sqlite", "s", cases)
        deviations.apply(known, result)
        outcomes = {case.name: case.outcome for case in result.cases}
        self.assertEqual(outcomes.pop("bad"), Outcome.SKIPPED)
        self.assertEqual(set(outcomes), {"good", "worse", "gone"})
        self.assertEqual(set(outcomes.values()), {Outcome.FAILED})

    def test_other_suites_and_left_out_ones_are_not_touched(self) -> None:
        known = read(HEADING + "| s | c | §1 | r |\n")
        for result in (SuiteResult("sqlite", "t"), SuiteResult("sqlite", "s", left_out="x")):
            deviations.apply(known, result)
            self.assertEqual(result.cases, [])


class Results(unittest.TestCase):
    """Lines and files made from results."""

    def test_the_line_has_counts_and_the_command(self) -> None:
        result = SuiteResult("sqlite", "s", [Case.of("a", True), Case.of("b", False, "why")])
        self.assertEqual(
            result.line(),
            "sqlite s: 1 passed, 1 failed, 0 skipped  (repeat: conformance/run sqlite s)",
        )
        self.assertEqual(result.details(), ["  FAILED b", "         why"])

    def test_repeated_names_are_numbered(self) -> None:
        cases = number_repeated([Case.of("a", True), Case.of("a", True), Case.of("b", True)])
        self.assertEqual([case.name for case in cases], ["a", "a (2)", "b"])

    def test_junit_survives_control_characters(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            file = Path(directory) / "sub" / "results.xml"
            write_junit(file, [SuiteResult("sqlite", "s", [Case.of("a\0", False, "b\x1b[0m")])])
            root = ElementTree.parse(file).getroot()
        self.assertEqual(root[0].get("failures"), "1")
        self.assertEqual(root[0][0].get("name"), "a")


if __name__ == "__main__":
    unittest.main()
