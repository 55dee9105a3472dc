"""The runner's and the player's own tests: `python3 -m unittest discover -s conformance/tests`."""
