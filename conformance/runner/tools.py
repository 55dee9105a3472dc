"""The suites' own programs: a virtual environment with the pinned packages, and newman."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

from .database import Unavailable
from .paths import NODE, REQUIREMENTS, VENV, WORK

NEWMAN = "newman@6.2.2"
INSTALL_SECONDS = 900


# Suites on different databases begin at the same time.
_installing = threading.Lock()


def python() -> Path:
    """The interpreter of the virtual environment with the packages of requirements.txt.

    Made on first use and again when requirements.txt changes. Raises Unavailable.
    """
    with _installing:
        return _python()


def _python() -> Path:
    interpreter = VENV / "bin" / "python"
    stamp = VENV / "requirements.sha256"
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return interpreter
    shutil.rmtree(VENV, ignore_errors=True)
    WORK.mkdir(parents=True, exist_ok=True)
    print("installing the Python suites into conformance/.work/venv", flush=True)
    _install([sys.executable, "-m", "venv", str(VENV)])
    _install(
        [str(interpreter), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        + ["--requirement", str(REQUIREMENTS)]
    )
    stamp.write_text(wanted, encoding="utf-8")
    return interpreter


def newman() -> Path:
    """The newman program, installed with npm on first use. Raises Unavailable."""
    with _installing:
        return _newman()


def _newman() -> Path:
    program = NODE / "node_modules" / ".bin" / "newman"
    stamp = NODE / "installed"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == NEWMAN:
        return program
    if shutil.which("npm") is None:
        raise Unavailable("npm is not installed")
    shutil.rmtree(NODE, ignore_errors=True)
    NODE.mkdir(parents=True)
    print("installing newman into conformance/.work/node", flush=True)
    _install(["npm", "install", "--silent", "--no-audit", "--no-fund", f"--prefix={NODE}", NEWMAN])
    stamp.write_text(NEWMAN, encoding="utf-8")
    return program


def _install(command: list[str]) -> None:
    """Runs one installation step."""
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=INSTALL_SECONDS)
    except subprocess.CalledProcessError as error:
        raise Unavailable(f"{command[0]} failed: {error.stderr.strip()[-500:]}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"{command[0]} could not be run: {error}") from error


def in_ci() -> bool:
    """Whether something that cannot be run must count as a failure."""
    return os.environ.get("CI") == "true"
