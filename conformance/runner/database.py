"""Fresh databases: a SQLite file in a temporary directory, or a new database on PostgreSQL."""

from __future__ import annotations

import os
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .paths import THROWAWAY_POSTGRES

KINDS = ["sqlite", "postgres"]


class Unavailable(Exception):
    """Something that a suite needs is not on this machine and could not be had."""


class Postgres:
    """A PostgreSQL server: the one the environment names, or a throw-away cluster of our own."""

    def __init__(self) -> None:
        self._url = os.environ.get("INSOMNIA_SCIM_TEST_POSTGRES", "")
        self._cluster: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        """The URL of the server; starts the cluster on first use. Raises Unavailable."""
        if not self._url:
            self._url = self._start()
        return self._url

    def _start(self) -> str:
        self._cluster = subprocess.Popen(
            [str(THROWAWAY_POSTGRES), "volatile"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._cluster.stdout is not None
        url = self._cluster.stdout.readline().strip()
        if not url:
            raise Unavailable("PostgreSQL could not be had; the reason is above")
        return url

    def stop(self) -> None:
        """Stops the cluster if it is ours: it ends when its standard input closes."""
        if self._cluster is None:
            return
        assert self._cluster.stdin is not None
        self._cluster.stdin.close()
        self._cluster.wait(timeout=90)
        self._cluster = None

    def execute(self, statement: str) -> None:
        """Runs one SQL statement through psql."""
        command = ["psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"]
        command += [f"--command={statement}", self.url]
        try:
            subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
        except FileNotFoundError as error:
            raise Unavailable("psql is not installed") from error
        except subprocess.CalledProcessError as error:
            raise Unavailable(f"PostgreSQL refused {statement}: {error.stderr.strip()}") from error


@contextmanager
def fresh(kind: str, directory: Path, postgres: Postgres) -> Iterator[str]:
    """The URL of a new, empty database, which is gone afterwards. Raises Unavailable."""
    if kind == "sqlite":
        yield f"sqlite://{directory / 'conformance.db'}"
        return
    name = f"conformance_{secrets.token_hex(6)}"
    postgres.execute(f"CREATE DATABASE {name}")
    try:
        yield postgres.url.rsplit("/", 1)[0] + "/" + name
    finally:
        postgres.execute(f"DROP DATABASE {name} WITH (FORCE)")
