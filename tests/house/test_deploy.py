"""What `deploy/` names is there: commands, settings, files. (Nothing is built here.)"""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from typing import Any

import pytest
import yaml
from pydantic import SecretStr

from bot.cli import build_parser
from bot.roles import ROLES
from bot.settings import NAMES, Settings
from tests.house.source import PACKAGES, ROOT

DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "kaituan"}
OTHERS_ENVIRONMENT = {"PATH", "PYTHONUNBUFFERED"}


def lines_of(word: str) -> list[str]:
    joined = DOCKERFILE.replace("\\\n", " ")
    return re.findall(rf"^{word} (.*)$", joined, re.MULTILINE)


def understood(words: list[str]) -> bool:
    return callable(build_parser().parse_args(words).run)


def test_two_stages_and_nobodys_root() -> None:
    assert len(lines_of("FROM")) == 2
    assert lines_of("USER") == ["kaituan"]
    assert DOCKERFILE.index("\nUSER ") < DOCKERFILE.index("\nENTRYPOINT ")


def test_image_runs_commands_that_exist() -> None:
    assert json.loads(lines_of("ENTRYPOINT")[0]) == ["kaituan"]
    assert understood(json.loads(lines_of("CMD")[0]))
    [check] = lines_of("HEALTHCHECK")
    program, *words = json.loads(check.partition("CMD ")[2])
    assert (program, understood(words)) == ("kaituan", True)


def test_image_holds_all_rooms_and_what_the_build_needs() -> None:
    copied = [word for line in lines_of("COPY") for word in shlex.split(line)[:-1]]
    from_here = {word for word in copied if not word.startswith(("--", "/"))}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    files = {"requirements.lock", "pyproject.toml", "README.md", "LICENSE"}
    assert from_here == {*PACKAGES, *files}
    assert set(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) == set(PACKAGES)
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {word[1:] for word in ignored if word.startswith("!")} == from_here


def test_image_sets_settings_that_exist() -> None:
    names = {line.partition("=")[0] for line in lines_of("ENV")}
    assert names - OTHERS_ENVIRONMENT <= set(NAMES)


@pytest.mark.parametrize("name", OURS)
def test_service_runs_a_command_with_settings_that_are_valid(name: str) -> None:
    service = OURS[name]
    assert understood(service["command"])
    environment: dict[str, str] = service["environment"]
    assert set(environment) <= set(NAMES)
    values = {
        key: value.replace("${POSTGRES_PASSWORD:-}", "x") for key, value in environment.items()
    }
    values["DATABASE_URL"] = values["DATABASE_URL"].replace("/data/", "/tmp/")
    settings = Settings(_env_file=None, **{key.lower(): value for key, value in values.items()})  # type: ignore[arg-type]
    assert (settings.web_host, settings.health_port) == ("0.0.0.0", 8081)
    assert isinstance(settings.database_url, SecretStr)


def test_one_is_a_single_process_that_keeps_its_file() -> None:
    [shop] = [service for service in SERVICES.values() if service["profiles"] == ["one"]]
    assert shop["command"] == ["run"]
    folder = shop["volumes"][0].partition(":")[2]
    assert shop["environment"]["DATABASE_URL"] == f"sqlite:///{folder}/kaituan.db"
    assert [f"{folder}"] == lines_of("VOLUME")


def test_scaled_is_every_role_after_the_migration() -> None:
    roles = {
        service["command"][2]: service
        for service in OURS.values()
        if service["command"][:2] == ["run", "--role"]
    }
    assert set(roles) == set(ROLES) - {"all"}
    for role, service in roles.items():
        assert service["profiles"] == ["scaled"]
        assert service["depends_on"] == {
            "migration": {"condition": "service_completed_successfully"},
            "redis": {"condition": "service_healthy"},
        }
        assert service.get("deploy", {}).get("replicas", 1) == (1 if role == "web" else 2)
    assert SERVICES["migration"]["command"] == ["db", "upgrade"]
    assert SERVICES["migration"]["restart"] == "no"


def test_every_volume_is_declared() -> None:
    used = {v.partition(":")[0] for s in SERVICES.values() for v in s.get("volumes", ())}
    assert used == set(COMPOSE["volumes"])


def test_commands_of_the_page_are_understood() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    written = re.findall(r"`kaituan ([a-z][^`]*)`", page)
    assert len(written) >= 10
    for line in written:
        assert understood([{"ID": "1", "FILE": "new-file"}.get(w, w) for w in line.split()]), line


def test_every_figure_is_explained() -> None:
    from bot.exposition import exposition
    from storage.figures import Figures, Waiting

    empty = Figures(Waiting(), 0.0, 0, {0: Waiting(), 1: Waiting()}, {}, Waiting(), {})
    body = exposition("all", empty, {}).decode()
    shown = set(re.findall(r"^# TYPE (kaituan_\w+?)(?:_total|_created)? ", body, re.MULTILINE))
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`(kaituan_\w+)`", page)) == shown
