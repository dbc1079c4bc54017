"""What every test shares: static files without collecting them, cheap passwords, one hypothesis profile."""

import os
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import override_settings

from ratings import append_only as signed
from workshops.append_only import lift_guards

pytest_plugins = ["tests.servers", "tests.older"]

hypothesis.settings.register_profile("quick", max_examples=30, deadline=None)
hypothesis.settings.register_profile("ci", max_examples=30, deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "quick")


@pytest.fixture(autouse=True)
def nothing_tried_before() -> None:
    """Forget what was tried too often: passwords, codes from an app, join codes."""
    cache.clear()


@pytest.fixture(autouse=True)
def trail_and_signatures_go_at_the_end(request: pytest.FixtureRequest, _django_db_marker: None) -> Iterator[None]:
    """Let SQLite be emptied after a test that commits; emptying it raises the guards again."""
    if named := "transactional_db" in request.fixturenames:
        request.getfixturevalue("transactional_db")
    yield
    commits = (named or request.node.get_closest_marker("django_db")) and not connection.in_atomic_block
    if commits and connection.vendor == "sqlite":
        lift_guards()
        signed.lift_guards()


@pytest.fixture(scope="session", autouse=True)
def settings_for_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Serve static files from where they lie; hash passwords fast; let coverage see template lines; print alone."""
    templates: list[dict[str, Any]] = deepcopy(settings.TEMPLATES)
    templates[0]["OPTIONS"]["debug"] = True
    with override_settings(
        STORAGES={
            **settings.STORAGES,
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
        WHITENOISE_AUTOREFRESH=True,
        WHITENOISE_USE_FINDERS=True,
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        TEMPLATES=templates,
        CACHES={"default": {"BACKEND": "eip2review.steady.SteadyCache"}},
        CLOCK_FILE=tmp_path_factory.mktemp("clock") / "clock",
        PRESS_DIR=tmp_path_factory.mktemp("press"),
    ):
        yield
