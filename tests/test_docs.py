"""The documentation names only what there is."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import BaseCommand, get_commands, load_command_class

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md")])
WORDS = "\n".join(path.read_text() for path in DOCUMENTS)
DEPLOYMENT = ROOT / "docs" / "deployment"


def test_every_make_command_exists() -> None:
    named = set(re.findall(r"(?:`|^)make ([a-z]+)", WORDS, re.MULTILINE))
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {"run", "test"} <= named <= targets


def test_readme_or_docs_explain_every_make_command() -> None:
    explained = re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert [target for target in explained if target != "help" and f"make {target}" not in WORDS] == []


def test_every_management_command_exists() -> None:
    named = set(re.findall(r"manage\.py ([a-z_]+)", WORDS))
    assert named
    assert named - set(get_commands()) == set()


def test_every_option_of_a_management_command_exists() -> None:
    commands = get_commands()
    units = "\n".join(path.read_text() for path in DEPLOYMENT.iterdir())
    named = {
        (command, option)
        for command, rest in re.findall(r"manage\.py ([a-z_]+)([^`\n\\]*)", WORDS + units)
        for option in re.findall(r"(?<= )--[a-z-]+", rest)
    }
    assert len(named) > 5
    for command, option in sorted(named):
        app = commands[command]
        loaded = app if isinstance(app, BaseCommand) else load_command_class(app, command)
        assert option in loaded.create_parser("manage.py", command)._option_string_actions, f"{command} {option}"


def test_every_file_for_deployment_is_named_and_every_named_one_exists() -> None:
    page = (ROOT / "docs/deployment.md").read_text()
    there = {path.name for path in DEPLOYMENT.iterdir()}
    named = set(re.findall(r"docs/deployment/([\w.-]*\w)", page)) - {"midpoint"}  # midpoint*: all of the units
    named |= set(re.findall(r"\bmidpoint(?:-[a-z]+)?\.(?:service|socket|timer)\b", page)) | {
        "compose.yaml",
        "away.html",
    }
    assert named <= there
    assert {name for name in there - named if not name.startswith("midpoint")} == set()


def test_every_test_that_is_named_exists() -> None:
    """A claim that is tied to a test falls with it."""
    named = set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", WORDS))
    assert len(named) > 20
    missing = [
        f"{path}::{name}"
        for path, name in sorted(named)
        if not re.search(rf"^\s*(?:def|class) {name}\b", (ROOT / path).read_text(), re.MULTILINE)
    ]
    assert missing == []
    assert not re.findall(r"tests/[\w/]+\.py::\w+(?!\w|`)", WORDS), "a test is named in backticks, so that it is found"


def test_every_claim_of_the_threat_model_names_its_test() -> None:
    model = (ROOT / "docs/threat-model.md").read_text()
    rows = model.split("## What is done")[1].split("\n\n")[0].splitlines()[3:]
    assert len(rows) >= 12
    assert [row for row in rows if "`tests/" not in row.rsplit(" | ", 1)[1]] == []


def test_every_setting_that_is_named_exists() -> None:
    """In capitals with an underscore: a setting of ours or of the environment, or one that Django or the system has."""
    others = {"TCP_USER_TIMEOUT", "ERR_CERT_AUTHORITY_INVALID"}
    others |= set(re.findall(r"\$\{([A-Z_]+)", (DEPLOYMENT / "compose.yaml").read_text()))
    source = (ROOT / "eip2review/settings.py").read_text()
    named = set(re.findall(r"\b[A-Z]{2,}(?:_[A-Z]+)+\b", WORDS)) - others
    assert {"SEAL_AFTER", "KEEP_DAYS", "TRUSTED_PROXIES"} <= named
    unknown = {name for name in named if not hasattr(settings, name) and f'"{name}"' not in source}
    assert unknown == set()


def test_every_file_of_ours_that_is_named_exists() -> None:
    named = set(
        re.findall(r"`((?:eip2review|workshops|ratings|templates|static|fixtures|tests|\.ci)/[\w./-]*[\w-])`", WORDS)
    )
    assert len(named) > 5
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []
