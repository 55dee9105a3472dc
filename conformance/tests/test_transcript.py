"""The player against a server of a few lines, and the transcripts against their format."""

import http.server
import json
import tempfile
import threading
import unittest
from pathlib import Path
from typing import Any

from player.transcript import STEP_KEYS, play
from player.values import UnknownVariable, fill

TRANSCRIPTS = Path(__file__).resolve().parent.parent / "transcripts"


class Echo(http.server.BaseHTTPRequestHandler):
    """Answers every request with its own line, in SCIM's media type; /broken with a 500."""

    def do_GET(self) -> None:
        """Answers GET."""
        status = 500 if self.path == "/broken" else 200
        media_type = "text/plain" if self.path == "/plain" else "application/scim+json"
        body = json.dumps({"target": self.path, "accept": self.headers.get("Accept")}).encode()
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Keeps the test's output clean."""


class Playing(unittest.TestCase):
    """What a played step reports."""

    def setUp(self) -> None:
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)

    def play(self, *steps: dict[str, Any], **transcript: Any) -> list[list[str]]:
        """The problems of each step."""
        with tempfile.TemporaryDirectory() as directory:
            file = Path(directory) / "test.json"
            file.write_text(json.dumps({"steps": steps, **transcript}), encoding="utf-8")
            base_url = f"http://127.0.0.1:{self.server.server_port}"
            return [step.problems for step in play(file, base_url, "token")]

    def test_a_query_is_encoded_as_written(self) -> None:
        query = {"filter": 'a eq "b+c"'}
        plain = {"why": "", "do": "GET /U", "query": query, "status": 200}
        percent = {**plain, "see": {"target": "/U?filter=a%20eq%20%22b%2Bc%22"}}
        form = {**plain, "written": "form", "see": {"target": "/U?filter=a+eq+%22b%2Bc%22"}}
        self.assertEqual(self.play(percent, form), [[], []])

    def test_no_header_is_sent_that_the_step_does_not_name(self) -> None:
        step = {"why": "", "do": "GET /", "status": 200, "see": {"accept": None}}
        self.assertEqual(self.play(step), [[]])

    def test_kept_values_serve_later_steps(self) -> None:
        first = {"why": "", "do": "GET /kept", "status": 200, "keep": {"target": "target"}}
        second = {"why": "", "do": "GET {{target}}/{{each}}", "status": 200, "each": [1, 2]}
        second["see"] = {"target": "/kept/{{each}}"}
        self.assertEqual(self.play(first, second), [[], [], []])

    def test_a_step_without_its_variable_is_blocked(self) -> None:
        problems = self.play({"why": "", "do": "GET /{{nothing}}", "status": 200})
        self.assertIn("blocked", problems[0][0])

    def test_a_wrong_status_and_a_wrong_value_are_problems(self) -> None:
        problems = self.play({"why": "", "do": "GET /", "status": 201, "see": {"target": "/x"}})
        self.assertEqual(len([p for p in problems[0] if "want" in p]), 2)

    def test_server_errors_and_other_media_types_are_problems_whatever_the_step_wants(self) -> None:
        broken, plain = self.play(
            {"why": "", "do": "GET /broken", "status": 500},
            {"why": "", "do": "GET /plain", "status": 200},
        )
        self.assertTrue(any("server error" in problem for problem in broken))
        self.assertTrue(any("text/plain" in problem for problem in plain))

    def test_a_misspelt_key_is_an_error(self) -> None:
        with self.assertRaises(ValueError):
            self.play({"why": "", "do": "GET /", "status": 200, "sees": {}})


class Variables(unittest.TestCase):
    """How texts are filled."""

    def test_a_lone_variable_keeps_its_type(self) -> None:
        self.assertEqual(fill(["{{n}}", "n{{n}}"], {"n": 1}), [1, "n1"])

    def test_writings(self) -> None:
        self.assertEqual(
            fill("{{a|upper}} {{a|percent}} {{a|form}}", {"a": "a b"}), "A B a%20b a+b"
        )

    def test_an_unknown_variable_is_an_error(self) -> None:
        with self.assertRaises(UnknownVariable):
            fill("{{a}}", {})


class Transcripts(unittest.TestCase):
    """Every transcript is in the format."""

    def test_each_has_title_basis_and_whole_steps(self) -> None:
        for file in TRANSCRIPTS.glob("*.json"):
            transcript = json.loads(file.read_text(encoding="utf-8"))
            self.assertTrue(transcript["title"] and transcript["basis"], file.name)
            for step in [*transcript["steps"], *transcript.get("finally", [])]:
                self.assertLessEqual(set(step), STEP_KEYS, file.name)
                self.assertLessEqual({"why", "do", "status"}, set(step), file.name)


if __name__ == "__main__":
    unittest.main()
