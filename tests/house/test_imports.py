"""The floors of the house hold: who may import whom."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.house.source import ROOT

CLI = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()"
WRONG = """\
[importlinter]
root_packages = cards, commerce

[importlinter:contract:upside-down]
name = Upside down
type = forbidden
source_modules = cards
forbidden_modules = commerce
"""


def lint(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", CLI, "--no-cache", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_contracts_are_kept() -> None:
    done = lint()
    assert done.returncode == 0, done.stdout
    assert " 0 broken" in done.stdout


def test_broken_contract_is_found(tmp_path: Path) -> None:
    config = tmp_path / "wrong.ini"
    config.write_text(WRONG.replace("cards, commerce", "\n    cards\n    commerce"))
    done = lint("--config", str(config))
    assert done.returncode == 1, done.stdout
    assert "Upside down BROKEN" in done.stdout
