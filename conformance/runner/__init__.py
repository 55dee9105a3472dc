"""Runs outside test suites against the real binary. `conformance/run --help` says how."""
