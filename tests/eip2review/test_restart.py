"""One server takes another's place: who asks meanwhile waits, who was heard is answered, nothing is lost."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from eip2review.systemd import NO_ADDRESS
from ratings.choices import PrintState
from tests.eip2review.activation import HAND_ON, Activated, wait_until
from tests.servers import PATIENCE, ROOT, app_server
from tests.workshops.conftest import migrate

SLOW = ("-m", "tests.eip2review.slow_server")


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a server with an empty, migrated database."""
    env = app_server(var_dir=tmp_path_factory.mktemp("restart")).env
    migrate(env)
    return env


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """An address that was opened for a server."""
    with socket.create_server(("127.0.0.1", 0), backlog=4096) as opened:
        yield opened


@pytest.fixture
def env(migrated: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """The same with a directory of the test's own."""
    return {**migrated, "VAR_DIR": str(tmp_path)}


def parts(answer: tuple[int, str, str | None]) -> dict[str, bool]:
    """Return the parts that an answer of /ready/ names."""
    told: dict[str, bool] = json.loads(answer[1])["parts"]
    return told


def ask(connection: http.client.HTTPConnection, path: str) -> tuple[int, str, str | None]:
    """Return an answer's status, text, and whether it says that the connection ends."""
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.read().decode(), answer.getheader("connection")


def test_restart_refuses_nobody_and_loses_no_answer_and_no_screen(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.eip2review.restarting", str(tmp_path)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    noticed = json.loads(ran.stdout)
    print(f"one restart: stopped in {noticed['stopped']:.1f} s; the longest that a save took: {noticed['gap']:.1f} s")  # noqa: T201
    assert (noticed["failed"], noticed["wrong"]) == ([], [])
    assert (noticed["code"], noticed["back"]) == (0, noticed["screens"])
    assert noticed["saved"] >= 80
    assert noticed["prints"] in ([PrintState.WAITING], [PrintState.DONE])


def test_stopping_server_answers_what_it_has_taken_and_what_is_on_its_way(
    env: dict[str, str], listener: socket.socket, tmp_path: Path
) -> None:
    server = Activated(listener, tmp_path, {**env, "LINGER": "30", "GOODBYE": "60", "STUCK": "0.2"}, *SLOW)
    connections = [http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE) for _ in range(4)]
    silent, phone, known, slow = connections
    with server:
        server.wait_for("WATCHDOG=1")
        for each in (silent, phone):
            each.connect()
        assert ask(known, "/health/") == (200, '{"alive": true}', None)  # so the two before it have been taken too
        slow.request("GET", "/slow/")
        wait_until((tmp_path / "begun").exists)
        wait_until(lambda: not parts(ask(known, "/ready/"))["threads"])
        assert ask(known, "/health/")[0] == 200
        assert server.process is not None
        server.process.terminate()
        server.wait_for("STOPPING=1")
        last = ask(known, "/ready/")
        assert (last[0], parts(last)["running"], last[2]) == (503, False, "close")
        (tmp_path / "go").touch()
        assert ask(phone, "/")[::2] == (200, "close")
        assert slow.getresponse().read() == b"at last"
        silent.close()
        assert server.process.wait(PATIENCE) == 0
    for each in connections:
        each.close()


def test_server_that_has_to_cut_somebody_off_does_not_say_that_all_is_well(
    env: dict[str, str], listener: socket.socket, tmp_path: Path
) -> None:
    with Activated(listener, tmp_path, {**env, "GOODBYE": "1"}, *SLOW) as server:
        with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)) as slow:
            slow.request("GET", "/slow/")
            wait_until((tmp_path / "begun").exists)
            server.stop()
            answer = slow.getresponse()
            assert (answer.status, b"Go back in a moment" in answer.read()) == (503, True)
        assert server.process is not None
        assert server.process.returncode != 0


def test_ctrl_c_ends_it_with_no_traceback(env: dict[str, str], listener: socket.socket, tmp_path: Path) -> None:
    server = Activated(listener, tmp_path, env, "-m", "eip2review.server")
    server.asking = signal.SIGINT
    with server:
        pass
    assert server.log.read_text().endswith("Stopped\n")


@pytest.mark.parametrize("kind", [socket.SOCK_DGRAM, socket.SOCK_STREAM], ids=["datagrams", "not listening"])
def test_server_that_is_given_no_address_says_so(kind: socket.SocketKind) -> None:
    with socket.socket(socket.AF_INET, kind) as given:
        given.bind(("127.0.0.1", 0))
        number = given.fileno()
        command = [sys.executable, "-c", HAND_ON, str(number), sys.executable, *SLOW]
        ran = subprocess.run(command, cwd=ROOT, env={**os.environ}, pass_fds=[number], capture_output=True, text=True)
    assert (ran.returncode, ran.stderr.strip()) == (1, NO_ADDRESS)
