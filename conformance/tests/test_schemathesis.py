"""Tests of how schemathesis' events become cases, and of the changes to Okta's document."""

from __future__ import annotations

import json
import unittest
from typing import Any

from runner.results import Outcome
from runner.suites.schemathesis import adapt, read_events


def scenario(phase: str, status: int, checks: list[dict[str, Any]]) -> str:
    """An event of one request, GET /Users/{id}, with these checks."""
    recorder = {
        "label": "GET /Users/{id}",
        "cases": {"a": {"value": {"method": "GET", "path": "/Users/{id}"}}},
        "checks": {"a": checks},
        "interactions": {
            "a": {
                "request": {"method": "GET", "uri": "http://x/Users/1"},
                "response": {"status_code": status},
            }
        },
    }
    return json.dumps({"ScenarioFinished": {"phase": phase, "recorder": recorder}})


def failed(message: str) -> dict[str, Any]:
    """A failed check of the server's errors."""
    failure = {"title": "Server error", "message": message}
    info = {"failure": failure}
    return {"name": "not_a_server_error", "status": "failure", "failure_info": info}


PASSED = {"name": "not_a_server_error", "status": "success"}


class ReadEvents(unittest.TestCase):
    def test_each_check_of_each_operation_is_one_case_with_its_count(self) -> None:
        events = [scenario(phase, 200, [PASSED]) for phase in ("fuzzing", "stateful")]
        cases = read_events(events, False)
        self.assertEqual(len(cases), 1)
        self.assertEqual(cases[0].name, "GET /Users/{id}: not_a_server_error")
        self.assertIs(cases[0].outcome, Outcome.PASSED)
        self.assertEqual(cases[0].detail, "2 requests")

    def test_a_failure_fails_the_case_and_is_told_once(self) -> None:
        events = [scenario("fuzzing", 500, [failed("boom")]) for _ in range(2)]
        case = read_events([*events, scenario("fuzzing", 200, [PASSED])], True)[0]
        self.assertIs(case.outcome, Outcome.FAILED)
        self.assertEqual(case.detail.count("Server error: boom"), 1)
        self.assertIn("GET http://x/Users/1 -> 500", case.detail)
        self.assertIn("1 different failures in 3 requests", case.detail)

    def test_an_operation_that_never_succeeds_is_a_failure(self) -> None:
        for status, outcome in [(404, Outcome.FAILED), (204, Outcome.PASSED)]:
            case = read_events([scenario("fuzzing", status, [PASSED])], True)[-1]
            self.assertEqual(case.name, "GET /Users/{id}: answered with success at least once")
            self.assertIs(case.outcome, outcome)

    def test_what_cannot_be_tested_is_a_failure(self) -> None:
        case = read_events([json.dumps({"NonFatalError": {"message": "unresolvable"}})], True)[0]
        self.assertIs(case.outcome, Outcome.FAILED)
        self.assertIn("unresolvable", case.detail)


class Adapt(unittest.TestCase):
    def test_what_contradicts_the_rfc_is_changed_and_counted(self) -> None:
        email = {"properties": {"type": {"type": "string", "enum": ["work"]}}}
        urns = {"items": {"type": "string", "enum": ["urn:x"]}}
        user = {"properties": {"id": {}, "schemas": urns}}
        put = {"responses": {200: {}, 400: {"description": "error"}}}
        document = {
            "components": {"schemas": {"Email": email, "User": user}},
            "paths": {"/Groups/{id}": {"put": put}},
        }
        self.assertEqual(list(adapt(document).values()), [1, 1, 1])
        self.assertNotIn("enum", email["properties"]["type"])
        self.assertNotIn("enum", urns["items"])
        self.assertEqual(put["responses"]["409"], {"description": "error"})
        self.assertEqual(list(adapt(document).values()), [0, 0, 0])


if __name__ == "__main__":
    unittest.main()
