"""The container files as shipped name only what there is; building an image is for a machine with an engine."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml
from django.core.management import get_commands

from tests.deployment.proxies import SHIPPED
from tests.servers import ROOT
from tests.test_env_example import READ

RECIPE = (SHIPPED / "Containerfile").read_text()
TEXT = (SHIPPED / "compose.yaml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]


def test_image_installs_what_make_installs() -> None:
    system = re.findall(r"^SYSTEM := (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)[0].split()
    assert set(system) <= set(RECIPE.split())


def test_image_takes_what_there_is_and_nothing_that_is_secret() -> None:
    first, *let_in = re.findall(r"^[^#\n].*$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)
    assert first == "*"
    taken = {line.removeprefix("!") for line in let_in if line.startswith("!")}
    assert taken >= {"eip2review", "workshops", "ratings", "templates", "static", "fixtures", "uv.lock"}
    assert [name for name in taken if not (ROOT / name).exists()] == []
    assert not taken & {".env", "var", ".git", "docs", "tests"}
    assert set(re.findall(r"^COPY (?!--from)(.+) \S+$", RECIPE, re.MULTILINE)) <= {
        ".",
        "pyproject.toml uv.lock",
        *taken,
    }


def test_image_runs_as_nobody_in_particular_and_says_whether_it_lives() -> None:
    last = RECIPE.rsplit("FROM ", 1)[1]
    assert re.search(r"^USER midpoint$", last, re.MULTILINE)
    assert re.search(r"^VOLUME /var/lib/midpoint$", last, re.MULTILINE)
    assert "/health/" in re.findall(r"^HEALTHCHECK (?:.*\\\n)*.*$", last, re.MULTILINE)[0]


def test_every_command_of_a_container_exists() -> None:
    commands = [service["command"] for name, service in SERVICES.items() if name == "prepare"]
    commands += [re.findall(r'"([^"]+)"', line) for line in re.findall(r"^CMD (.+)$", RECIPE, re.MULTILINE)]
    assert len(commands) == 2
    for program, *rest in commands:
        assert program == ".venv/bin/python"
        assert rest[1] in get_commands() if rest[0] == "manage.py" else find_spec(rest[1]), rest


def test_every_setting_of_a_container_is_one() -> None:
    for name in ("prepare", "process-1", "process-2"):
        assert set(SERVICES[name]["environment"]) <= READ
    assert set(re.findall(r"(?<=[ =])([A-Z_]+)=", "\n".join(re.findall(r"^ENV (.+)$", RECIPE, re.MULTILINE)))) <= {
        *READ,
        "PYTHONUNBUFFERED",
    }


def test_what_has_to_be_said_is_said_at_the_top_and_missed_in_words() -> None:
    said = set(re.findall(r"^# +([A-Z_]+)=", TEXT, re.MULTILINE))
    assert said == set(re.findall(r"\$\{([A-Z_]+)", TEXT)) == set(re.findall(r"\$\{([A-Z_]+):\?", TEXT))


def test_proxy_gets_the_shipped_files_and_all_that_they_ask_for() -> None:
    proxy = SERVICES["proxy"]
    mounted = [volume.split(":")[0] for volume in proxy["volumes"] if volume.startswith(".")]
    assert len(mounted) == 2
    assert all((SHIPPED / path).is_file() for path in mounted)
    asked = set(re.findall(r"\{\$([A-Z_]+)", (SHIPPED / "Caddyfile").read_text()))
    assert set(proxy["environment"]) == asked
    upstream = [address.split(":")[0] for address in proxy["environment"]["MIDPOINT_UPSTREAM"].split()]
    assert upstream == [name for name in SERVICES if name.startswith("process-")] == proxy["depends_on"]


def test_every_image_has_a_version_and_every_volume_a_place() -> None:
    images = [service["image"] for service in SERVICES.values() if "build" not in service]
    images += re.findall(r"^FROM (\S+:\S*)", RECIPE, re.MULTILINE)
    assert len(images) == 4
    assert all(re.fullmatch(r"docker\.io/library/[a-z]+:[0-9]+(-slim)?", image) for image in images)
    named = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    assert {name for name in named if not name.startswith(".")} == set(COMPOSE["volumes"])
    assert (
        SHIPPED / COMPOSE["x-midpoint"]["build"]["context"] / COMPOSE["x-midpoint"]["build"]["dockerfile"]
    ).is_file()
    assert Path(COMPOSE["x-midpoint"]["build"]["dockerfile"]) == SHIPPED.relative_to(ROOT) / "Containerfile"
