"""`.env.example` against the settings: the same names, values that hold, and words that are true."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

from dotenv import dotenv_values

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = (ROOT / ".env.example").read_text()
READ = {
    node.args[0].value
    for node in ast.walk(ast.parse((ROOT / "eip2review/settings.py").read_text()))
    if isinstance(node, ast.Call)
    and isinstance(node.func, ast.Attribute)
    and isinstance(node.func.value, ast.Name)
    and node.func.value.id == "env"
    and node.args
    and isinstance(node.args[0], ast.Constant)
    and isinstance(node.args[0].value, str)
}
"""What settings read of the environment."""
SAID = re.findall(r"Default: (\S+)(?:[^\n]*\n#)*?[^\n]*\n#([A-Z_]+)=", EXAMPLE)
"""The defaults that are said in words, each with the setting below it."""
SHOW = (
    "import json; from eip2review import settings; print(json.dumps({name: getattr(settings, name) for name in NAMES}))"
)


def load(folder: Path, names: list[str], **env: str) -> dict[str, object]:
    """Return these settings as they are with this environment alone."""
    inherited = {name: value for name, value in os.environ.items() if name not in READ}
    command = [sys.executable, "-c", SHOW.replace("NAMES", repr(names))]
    loaded = subprocess.run(
        command,
        cwd=ROOT,
        env={**inherited, "VAR_DIR": str(folder), "BUILT_DIR": "", **env},
        capture_output=True,
        text=True,
        check=False,
    )
    assert loaded.returncode == 0, loaded.stderr
    values: dict[str, object] = json.loads(loaded.stdout)
    return values


def test_it_names_exactly_what_settings_read() -> None:
    named = re.findall(r"^#?([A-Z_]+)=", EXAMPLE, re.MULTILINE)
    assert sorted(named) == sorted(READ)
    assert len(named) > 20


def test_every_setting_has_words_above_it() -> None:
    """Those that belong together may share them."""
    for block in re.split(r"\n{2,}", EXAMPLE):
        assert re.match(r"# \w.*", block), block


def test_all_of_its_values_hold_together(tmp_path: Path) -> None:
    """Uncommented as it is, with folders of the test, it is a server behind TLS that Django finds no fault with."""
    uncommented = tmp_path / "env"
    uncommented.write_text(re.sub(r"^#(?=[A-Z_]+=)", "", EXAMPLE, flags=re.MULTILINE))
    env = {name: value or "" for name, value in dotenv_values(uncommented).items()}
    assert set(env) == set(READ)
    env |= {"VAR_DIR": str(tmp_path), "BUILT_DIR": str(tmp_path / "built")}
    check = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    checked = subprocess.run(check, cwd=ROOT, env={**os.environ, **env}, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    loaded = load(tmp_path, ["DEBUG", "ALLOWED_HOSTS", "TRUSTED_PROXIES", "SECURE_COOKIES", "KEEP_DAYS"], **env)
    assert loaded == {
        "DEBUG": False,
        "ALLOWED_HOSTS": ["midpoint.example.org"],
        "TRUSTED_PROXIES": 1,
        "SECURE_COOKIES": True,
        "KEEP_DAYS": 365,
    }


def test_defaults_that_are_said_are_true(tmp_path: Path) -> None:
    assert len(SAID) >= 8
    loaded = load(tmp_path, [name for _, name in SAID])
    for said, name in SAID:
        value = loaded[name]
        assert said == (
            ",".join(value)
            if isinstance(value, list)
            else str(value).lower()
            if isinstance(value, bool)
            else str(value)
        ), name


def test_threads_are_as_many_as_it_says(tmp_path: Path) -> None:
    assert "1 on SQLite, 4 on PostgreSQL unless set" in EXAMPLE
    for url, threads in ("", 1), ("postgres://midpoint@127.0.0.1/midpoint", 4):
        env = {"DATABASE_URL": url} if url else {}
        assert load(tmp_path, ["DJANGO_THREADS"], **env) == {"DJANGO_THREADS": threads}
