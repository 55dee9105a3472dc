"""Tests of the page that --report writes."""

from __future__ import annotations

import unittest

from runner import report
from runner.deviations import Deviation
from runner.results import Case, Outcome, SuiteResult


class Render(unittest.TestCase):
    def test_the_page_has_versions_sums_and_a_row_for_each_suite(self) -> None:
        deviating = Case("b", Outcome.SKIPPED, deviation="because")
        done = SuiteResult("sqlite", "postman", [Case("a", Outcome.PASSED), deviating], seconds=1.5)
        absent = SuiteResult("sqlite", "okta-spec", left_out="no data")
        page = report.render([done, absent], [Deviation("postman", "b", "RFC", "because")])
        self.assertIn("1 passed, 0 failed, 1 known deviations (1 named", page)
        self.assertIn("| postman | sqlite | 1 | 0 | 0 | 1 | 1.5 |", page)
        self.assertIn("| okta-spec | sqlite | left out: no data |", page)
        self.assertIn("schemathesis 4.", page)
        self.assertIn("Product: commit ", page)


if __name__ == "__main__":
    unittest.main()
