"""The units of systemd as shipped: it understands them, and what they run works as written."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.deployment.proxies import SHIPPED, replaced
from tests.servers import ROOT, Process, app_server, free_port
from tests.workshops.conftest import migrate

UNITS = sorted(path.name for path in SHIPPED.glob("midpoint*"))


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The settings of an installation with a migrated database."""
    env = app_server(var_dir=tmp_path_factory.mktemp("var")).env
    migrate(env)
    return env


def command(unit: str, var_dir: Path) -> list[str]:
    """Return what a service runs, with this Python and the folder of a test."""
    line = re.findall(r"^ExecStart=(.+)$", (SHIPPED / unit).read_text(), re.MULTILINE)[0]
    return shlex.split(
        line.replace("/opt/midpoint/.venv/bin/python", sys.executable).replace("/var/lib/midpoint", str(var_dir))
    )


def test_systemd_understands_every_unit(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze") or pytest.skip("systemd is not installed")
    assert len(UNITS) == 6
    for name in UNITS:
        changes = {"/opt/midpoint": str(ROOT)} if name.endswith(".service") else {}
        (tmp_path / name).write_text(replaced(name, changes))
    verify = [program, "verify", "--man=no", *(str(tmp_path / name) for name in UNITS)]
    verified = subprocess.run(verify, capture_output=True, text=True, check=False)
    assert (verified.returncode, verified.stdout + verified.stderr) == (0, "")


def test_second_process_has_the_units_that_the_page_makes(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze") or pytest.skip("systemd is not installed")
    page = (ROOT / "docs" / "deployment.md").read_text()
    made = re.findall(r"^ +for unit in socket service; do\n.+\n +done$", page, re.MULTILINE)[0]
    subprocess.run(["sh", "-c", made.replace("/etc/systemd/system", str(tmp_path))], cwd=ROOT, check=True)
    socket, service = tmp_path / "midpoint-2.socket", tmp_path / "midpoint-2.service"
    assert "ListenStream=127.0.0.1:8001\n" in socket.read_text()
    text = service.read_text().replace("/opt/midpoint", str(ROOT))
    assert re.findall(r"\S+\.socket", text) == ["Requires=midpoint-2.socket", "After=midpoint-2.socket"]
    service.write_text(text)
    verify = [program, "verify", "--man=no", str(socket), str(service)]
    verified = subprocess.run(verify, capture_output=True, text=True, check=False)
    assert (verified.returncode, verified.stdout + verified.stderr) == (0, "")


def test_server_serves_on_the_address_that_systemd_opened(env: dict[str, str]) -> None:
    """Started by the first who connects, as the socket's unit and the service's say."""
    program = shutil.which("systemd-socket-activate") or pytest.skip("systemd is not installed")
    port = free_port()
    address = re.findall(r"^ListenStream=(.+)$", (SHIPPED / "midpoint.socket").read_text(), re.MULTILINE)[0]
    passed_on = [f"--setenv={name}={value}" for name, value in env.items()]
    listen = [program, f"--listen={address.replace(':8000', f':{port}')}", *passed_on]
    with Process([*listen, *command("midpoint.service", Path(env["VAR_DIR"]))], port=port) as server:
        for _ in range(2):
            connection = HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("GET", "/ready/")
            assert connection.getresponse().status == 200
            connection.close()
        assert server.process is not None
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(60) == 0


@pytest.mark.parametrize("unit", ["midpoint-erase.service", "midpoint-backup.service"])
def test_what_a_timer_runs_works(unit: str, env: dict[str, str]) -> None:
    var_dir = Path(env["VAR_DIR"])
    for folder in re.findall(r"^StateDirectory=(.+)$", (SHIPPED / unit).read_text(), re.MULTILINE)[0].split():
        (var_dir / folder.removeprefix("midpoint").strip("/")).mkdir(exist_ok=True)
    ran = subprocess.run(
        command(unit, var_dir), cwd=ROOT, env={**os.environ, **env}, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr


def test_every_timer_has_its_service_and_one_user_owns_the_folder() -> None:
    services = [name for name in UNITS if name.endswith(".service")]
    for name in services:
        text = (SHIPPED / name).read_text()
        assert {"User=midpoint", "WorkingDirectory=/opt/midpoint", "NoNewPrivileges=true"} <= set(text.splitlines())
        assert re.search(r"^StateDirectory=midpoint\b", text, re.MULTILINE)
    timers = {name.removesuffix(".timer") for name in UNITS if name.endswith(".timer")}
    assert timers == {name.removesuffix(".service") for name in services} - {"midpoint"}
