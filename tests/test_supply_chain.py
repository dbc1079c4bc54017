"""What is installed is listed whole, and asking for vulnerabilities never says "none" when nobody answered."""

from __future__ import annotations

import json
import os
import subprocess
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.servers import free_port

ROOT = Path(__file__).resolve().parent.parent
UV = ROOT / "var/tools/bin/uv"
Component = tuple[str, str]
"""A package's name and version."""


def installed(lock: dict[str, Any]) -> dict[Component, set[str]]:
    """Return what running the product needs, from the lock alone: each package with the hashes of all its files."""
    packages: dict[str, list[dict[str, Any]]] = {}
    for package in lock["package"]:
        packages.setdefault(package["name"], []).append(package)
    found: dict[Component, set[str]] = {}
    wanted = [(each["name"], tuple(each.get("extra", ()))) for each in packages["midpoint"][0]["dependencies"]]
    visited = set()
    while wanted:
        name, extras = wanted.pop()
        if (name, extras) in visited:
            continue
        visited.add((name, extras))
        for package in packages[name]:
            files = [*package.get("wheels", []), *filter(None, [package.get("sdist")])]
            found[name, package["version"]] = {each["hash"].removeprefix("sha256:") for each in files}
            needs = list(package.get("dependencies", []))
            for extra in extras:
                needs += package.get("optional-dependencies", {}).get(extra, [])
            wanted += [(each["name"], tuple(each.get("extra", ()))) for each in needs]
    return found


def listed(bill: dict[str, Any]) -> dict[Component, set[str]]:
    """Return what a CycloneDX document lists: each component with the SHA-256 of every file of it."""
    return {
        (each["name"], each["version"]): {
            digest["content"]
            for reference in each["externalReferences"]
            for digest in reference["hashes"]
            if digest["alg"] == "SHA-256"
        }
        for each in bill["components"]
    }


def test_bill_of_materials_lists_what_is_locked_for_running_and_nothing_else() -> None:
    quietly = ["make", "--no-print-directory", "sbom"]
    made = subprocess.run(quietly, cwd=ROOT, capture_output=True, text=True, check=True)
    bill = json.loads((ROOT / made.stdout.strip()).read_text())
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.5")
    assert bill["metadata"]["component"]["name"] == "midpoint"
    expected = installed(tomllib.loads((ROOT / "uv.lock").read_text()))
    assert "pytest" not in {name for name, _version in expected}
    assert {"django", "weasyprint", "fido2", "cffi"} <= {name for name, _version in expected}  # some of them indirectly
    assert all(expected.values())
    assert listed(bill) == expected
    assert all(each["purl"] == f"pkg:pypi/{each['name']}@{each['version']}" for each in bill["components"])


@contextmanager
def advisories(*about: str) -> Iterator[str]:
    """Serve what OSV says when these packages have a known vulnerability and no other; yield its address."""

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
            known = {"vulns": [{"id": "MADE-UP-1", "modified": "2026-01-01T00:00:00Z"}]}
            self.say({"results": [known if each["package"]["name"] in about else {} for each in asked]})

        def do_GET(self) -> None:
            self.say({"id": "MADE-UP-1", "modified": "2026-01-01T00:00:00Z", "summary": "Made up", "affected": []})

        def say(self, what: object) -> None:
            body = json.dumps(what).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def audit(address: str) -> subprocess.CompletedProcess[str]:
    """Ask a service of this address about everything that is locked."""
    command = [str(ROOT / ".ci/audit"), str(UV), "--service-url", address]
    environment = {**os.environ, "UV_HTTP_RETRIES": "0", "NO_PROXY": "127.0.0.1"}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("about", "status"), [((), 0), (("django",), 1)])
def test_audit_fails_exactly_when_something_is_known(about: tuple[str, ...], status: int) -> None:
    with advisories(*about) as address:
        asked = audit(address)
    assert asked.returncode == status, asked.stderr
    assert ("MADE-UP-1" in asked.stdout) == bool(about)
    assert "Could not ask" not in asked.stderr


def test_audit_that_reaches_nobody_says_so_and_fails() -> None:
    asked = audit(f"http://127.0.0.1:{free_port()}")
    assert asked.returncode == 2
    assert "Could not ask about vulnerabilities" in asked.stderr
    assert "no known vulnerabilities" not in asked.stdout + asked.stderr
