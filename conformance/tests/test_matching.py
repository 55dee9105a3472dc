"""What the player's paths and rules accept and refuse."""

import unittest
from typing import Any

from player.matching import ABSENT, at, difference, matches

DOCUMENT = {
    "emails": [{"type": "work", "value": "w"}, {"type": "home", "value": "h"}],
    "urn:x:2.0:User": {"department": "Flight"},
    "active": True,
}


class Paths(unittest.TestCase):
    """Where a path leads."""

    def test_reaches_names_with_dots_and_colons(self) -> None:
        self.assertEqual(at(DOCUMENT, "urn:x:2.0:User/department"), "Flight")

    def test_selects_positions_items_and_all_items(self) -> None:
        self.assertEqual(at(DOCUMENT, "emails/1/value"), "h")
        self.assertEqual(at(DOCUMENT, "emails/type=work/value"), "w")
        self.assertEqual(at(DOCUMENT, "emails/*/value"), ["w", "h"])

    def test_is_absent_where_nothing_stands(self) -> None:
        for path in ("name", "emails/2", "emails/type=other/value", "active/x", "name/givenName"):
            self.assertIs(at(DOCUMENT, path), ABSENT, path)

    def test_the_empty_path_is_the_document(self) -> None:
        self.assertIs(at(DOCUMENT, ""), DOCUMENT)


class Expectations(unittest.TestCase):
    """Each rule with a value that it accepts and values that it refuses."""

    CASES: list[tuple[Any, list[Any], list[Any]]] = [
        (True, [True], [1, "true", "True", None, ABSENT]),
        (1, [1], [True, "1", 1.0]),
        ({"a": 1}, [{"a": 1}, {"a": 1, "b": 2}], [{}, {"a": 2}, [], ABSENT]),
        ([1, {"a": 1}], [[1, {"a": 1, "b": 2}]], [[1], [{"a": 1}, 1], [1, {"a": 1}, 2]]),
        ({"$ref": "x"}, [{"$ref": "x", "value": 1}], [{"value": 1}]),
        ({"$absent": True}, [ABSENT], [None, [], ""]),
        ({"$unassigned": True}, [ABSENT, None, []], ["", {}, [1], False]),
        ({"$kind": "integer"}, [1], [True, "1", None, ABSENT]),
        ({"$kind": "boolean"}, [False], [0, "false"]),
        ({"$not": 1}, [2, ABSENT], [1]),
        ({"$any": [1, {"$kind": "string"}]}, [1, "x"], [2, ABSENT]),
        ({"$all": [{"$has": 1}, {"$has": 2}]}, [[2, 1]], [[1], [2]]),
        ({"$same_text": "Ann"}, ["ANN"], ["Ann ", 1, ABSENT]),
        ({"$matching": "^W/"}, ['W/"1"'], ['"1"', 1, ABSENT]),
        ({"$at_least": 2}, [2, 3], [1, True, "2", ABSENT]),
        ({"$count": 0}, [[], ABSENT, None], [[1], "x"]),
        ({"$count": 2}, [[1, 2]], [[1], "ab"]),
        ({"$exactly": [{"v": 1}, {"v": 2}]}, [[{"v": 2}, {"v": 1}]], [[{"v": 1}], [{"v": 1}] * 2]),
        ({"$has": {"v": 1}}, [[{"v": 2}, {"v": 1, "x": 0}]], [[], [{"v": 2}], ABSENT]),
        ({"$has": "Us"}, ["/Users"], ["/Groups", ABSENT]),
        ({"$lacks": {"v": 1}}, [[], [{"v": 2}], ABSENT], [[{"v": 1}]]),
        ({"$lacks": "pw"}, ["x"], ["a pw b"]),
        ({"$disjoint": [1, 2]}, [[3], []], [[2], ABSENT]),
        ({"$sorted": "ascending"}, [["a", "B", "c"]], [["B", "a"], "ab"]),
        ({"$sorted": "descending"}, [["c", "B", "a"]], [["a", "B"]]),
    ]

    def test_rules_accept_and_refuse(self) -> None:
        for expected, accepted, refused in self.CASES:
            for value in accepted:
                self.assertEqual(difference(value, expected), "", f"{value} for {expected}")
            for value in refused:
                self.assertFalse(matches(value, expected), f"{value} for {expected}")

    def test_an_unknown_rule_is_an_error(self) -> None:
        with self.assertRaises(ValueError):
            difference(1, {"$nope": 1})

    def test_a_difference_names_the_member(self) -> None:
        self.assertIn("name givenName is", difference({"name": {}}, {"name": {"givenName": "A"}}))


if __name__ == "__main__":
    unittest.main()
