"""An installation as docs/deployment.md describes it, and both proxies in front of it."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.deployment.proxies import APP, Proxy, caddy, nginx
from tests.e2e.installation import Installation, installed


@pytest.fixture(scope="package")
def installation(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker, postgres_url: str, redis_url: str
) -> Iterator[Installation]:
    """Two processes on PostgreSQL and Redis, which say something on a quiet stream twice a second."""
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute("CREATE DATABASE deployed")
    env = {**APP, "DATABASE_URL": postgres_url.replace("/postgres", "/deployed"), "REDIS_URL": redis_url}
    module = "tests.deployment.talkative_server"
    with (
        django_db_blocker.unblock(),
        installed(tmp_path_factory.mktemp("var"), processes=2, module=module, **env) as installation,
    ):
        yield installation


@pytest.fixture(scope="package")
def proxies(installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Proxy]]:
    """Both proxies, each in front of both processes."""
    folders, ports = [tmp_path_factory.mktemp("proxy") for _ in range(2)], installation.ports
    with nginx(folders[0], ports) as one, caddy(folders[1], ports) as other:
        yield {"nginx": one, "caddy": other}


@pytest.fixture(params=["nginx", "caddy"])
def proxy(request: pytest.FixtureRequest, proxies: dict[str, Proxy]) -> Proxy:
    """Each proxy in turn."""
    return proxies[request.param]
