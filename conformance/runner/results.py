"""What a suite reports: cases with an outcome, and the JUnit file made from them."""

from __future__ import annotations

import enum
import xml.etree.ElementTree as ElementTree
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path


class Outcome(enum.Enum):
    """How one case ended."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass
class Case:
    """One check of a suite. `name` is stable between runs: KNOWN_DEVIATIONS.md refers to it."""

    name: str
    outcome: Outcome
    detail: str = ""
    deviation: str = ""

    @classmethod
    def of(cls, name: str, passed: bool, detail: str = "") -> Case:
        """A case that passed or failed; the detail is kept for failures only."""
        if passed:
            return cls(name, Outcome.PASSED)
        return cls(name, Outcome.FAILED, detail)


@dataclass
class SuiteResult:
    """All cases of one suite on one database."""

    database: str
    suite: str
    cases: list[Case] = field(default_factory=list)
    left_out: str = ""
    seconds: float = 0.0

    def count(self, outcome: Outcome) -> int:
        """How many cases ended this way."""
        return sum(case.outcome is outcome for case in self.cases)

    @property
    def deviating(self) -> int:
        """How many cases failed in a way that KNOWN_DEVIATIONS.md names."""
        return sum(bool(case.deviation) for case in self.cases)

    @property
    def repeat(self) -> str:
        """The command that runs just this."""
        return f"conformance/run {self.database} {self.suite}"

    def line(self) -> str:
        """The one line that sums the suite up."""
        if self.left_out:
            return f"{self.database} {self.suite}: left out: {self.left_out}"
        counts = (
            f"{self.count(Outcome.PASSED)} passed, {self.count(Outcome.FAILED)} failed, "
            f"{self.count(Outcome.SKIPPED)} skipped"
        )
        if self.deviating:
            counts += f" ({self.deviating} of them known deviations)"
        return f"{self.database} {self.suite}: {counts}  (repeat: {self.repeat})"

    def details(self) -> list[str]:
        """Each failure with its reason, and each known deviation in a line."""
        lines = []
        for case in self.cases:
            if case.outcome is Outcome.FAILED:
                lines.append(f"  FAILED {case.name}")
                lines += [f"         {line}" for line in case.detail.splitlines()]
            elif case.deviation:
                lines.append(f"  known  {case.name}: {case.deviation}")
        return lines


def number_repeated(cases: list[Case]) -> list[Case]:
    """Gives cases of the same name the suffixes ` (2)`, ` (3)`…, so that each name is one case."""
    seen: Counter[str] = Counter()
    for case in cases:
        seen[case.name] += 1
        if seen[case.name] > 1:
            case.name = f"{case.name} ({seen[case.name]})"
    return cases


def write_junit(path: Path, results: list[SuiteResult]) -> None:
    """Writes every case as JUnit XML; known deviations are skipped ones with their reason."""
    root = ElementTree.Element("testsuites")
    for result in results:
        suite = ElementTree.SubElement(
            root,
            "testsuite",
            name=f"{result.database}.{result.suite}",
            tests=str(len(result.cases)),
            failures=str(result.count(Outcome.FAILED)),
            skipped=str(result.count(Outcome.SKIPPED)),
            time=f"{result.seconds:.3f}",
        )
        for case in result.cases:
            _append_case(suite, f"{result.database}.{result.suite}", case)
    path.parent.mkdir(parents=True, exist_ok=True)
    ElementTree.indent(root)
    ElementTree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _append_case(suite: ElementTree.Element, class_name: str, case: Case) -> None:
    """Adds one `testcase` element."""
    element = ElementTree.SubElement(
        suite, "testcase", classname=class_name, name=_printable(case.name)
    )
    if case.outcome is Outcome.FAILED:
        failure = ElementTree.SubElement(element, "failure")
        failure.text = _printable(case.detail)
    elif case.outcome is Outcome.SKIPPED:
        ElementTree.SubElement(
            element, "skipped", message=_printable(case.deviation or case.detail)
        )
    elif case.detail:
        ElementTree.SubElement(element, "system-out").text = _printable(case.detail)


def _printable(text: str) -> str:
    """Drops the control characters that XML 1.0 cannot hold."""
    return "".join(char for char in text if char >= " " or char in "\t\n")
