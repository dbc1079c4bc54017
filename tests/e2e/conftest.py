"""One installation and one browser for all end-to-end tests; each test's pages must be free of troubles."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from pytest_django.plugin import DjangoDbBlocker

from tests.e2e.browsing import Visitors, chromium
from tests.e2e.installation import Installation, installed


@pytest.fixture(scope="package")
def installation(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[Installation]:
    """The real server, with a database of its own that the tests may write to."""
    with django_db_blocker.unblock(), installed(tmp_path_factory.mktemp("var")) as installation:
        yield installation


@pytest.fixture(scope="package")
def chromium_browser() -> Iterator[Browser]:
    """A browser; it ends with this package, and with it the event loop that keeps other tests from the database."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def visitors(chromium_browser: Browser, installation: Installation) -> Iterator[Visitors]:
    """Browsers of one test. The test fails when anything goes wrong in one of their pages."""
    visitors = Visitors(chromium_browser, installation)
    yield visitors
    visitors.close()
    assert visitors.unexpected() == []
