"""One browser for all end-to-end tests, one installation for most; each test's pages must be free of troubles."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from playwright.sync_api import Browser, expect
from pytest_django.plugin import DjangoDbBlocker

from tests.e2e.browsing import PATIENCE, Visitors, chromium
from tests.e2e.installation import Installation, installed

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="package")
def installation(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[Installation]:
    """The real server, with a database of its own that the tests may write to."""
    with django_db_blocker.unblock(), installed(tmp_path_factory.mktemp("var")) as installation:
        yield installation


@pytest.fixture(scope="package")
def pair(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker, postgres_url: str, redis_url: str
) -> Iterator[Installation]:
    """Two processes on PostgreSQL and Redis: phones are served by one, desks and walls by the other."""
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute("CREATE DATABASE pair")
    env = {"DATABASE_URL": postgres_url.replace("/postgres", "/pair"), "REDIS_URL": redis_url}
    var_dir = tmp_path_factory.mktemp("var")
    with django_db_blocker.unblock(), installed(var_dir, processes=2, **env) as installation:
        yield installation


@pytest.fixture(scope="package")
def chromium_browser() -> Iterator[Browser]:
    """A browser; it ends with this package, and with it the event loop that keeps other tests from the database."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def visitors(request: pytest.FixtureRequest, chromium_browser: Browser) -> Iterator[Visitors]:
    """Browsers of one test, which fails when anything goes wrong in one of their pages.

    A test may ask for another installation by the name of its fixture.
    """
    visitors = Visitors(chromium_browser, request.getfixturevalue(getattr(request, "param", "installation")))
    yield visitors
    visitors.close()
    assert visitors.unexpected() == []
