"""The reverse proxies as shipped, in front of running servers: only ports, paths and the user change."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.servers import ROOT, Process, free_port

SHIPPED = ROOT / "docs" / "deployment"
HOST = "midpoint.example.org"
APP = {
    "SECURE_COOKIES": "true",
    "TRUSTED_PROXIES": "1",
    "ALLOWED_HOSTS": HOST,
    "DJANGO_THREADS": "1",
}
"""What docs/deployment.md sets of an installation behind a proxy."""


@dataclass(frozen=True)
class Proxy:
    """A proxy that runs: its name, its ports, the certificate that it shows, and all that it has written."""

    name: str
    process: Process
    http: int
    https: int
    certificate: Path
    log: Path

    @property
    def url(self) -> str:
        """Return the address that browsers open."""
        return f"https://{HOST}:{self.https}"

    def trusting(self) -> ssl.SSLContext:
        """Return what a client needs to trust this proxy."""
        return ssl.create_default_context(cafile=str(self.certificate))

    def call(self, address: str = "127.0.0.1", *, protocols: Sequence[str] = ("http/1.1",)) -> HTTPConnection:
        """Return a connection over TLS from an address of this machine."""
        context = self.trusting()
        context.set_alpn_protocols(list(protocols))
        raw = socket.create_connection(("127.0.0.1", self.https), timeout=60, source_address=(address, 0))
        connection = HTTPConnection(HOST, self.https)
        connection.sock = context.wrap_socket(raw, server_hostname=HOST)
        return connection


def replaced(name: str, changes: dict[str, str]) -> str:
    """Return a shipped file with these changes. Raises AssertionError when it has nothing to change any more."""
    text = (SHIPPED / name).read_text()
    for old, new in changes.items():
        assert old in text, f"{name} has no longer {old!r}"
        text = text.replace(old, new)
    return text


@contextmanager
def nginx(folder: Path, apps: Sequence[int], *, patience: int = 60, most: int = 2000) -> Iterator[Proxy]:
    """Run nginx in front of servers on these ports.

    `patience` is after how many seconds it gives a silent one up; `most`: how many connections a network may hold.
    """
    http, https = free_port(), free_port()
    changes = {
        "user www-data;": f"user {'root' if os.geteuid() == 0 else 'nobody'};",
        "worker_processes auto;": "worker_processes 1;",  # as on a machine with one core
        "/run/nginx.pid": f"{folder}/nginx.pid",
        "/var/log/nginx/error.log": f"{folder}/log",
        "/var/cache/midpoint-static": f"{folder}/static",
        f"/etc/letsencrypt/live/{HOST}": str(folder),
        "/opt/midpoint/docs/deployment": str(SHIPPED),
        "server 127.0.0.1:8000 max_fails=0;": " ".join(f"server 127.0.0.1:{port} max_fails=0;" for port in apps),
        "proxy_read_timeout 60s;": f"proxy_read_timeout {patience}s;",
        "limit_conn networks 2000;": f"limit_conn networks {most};",
        "listen 80;": f"listen 127.0.0.1:{http};",
        "listen [::]:80;": f"listen 127.0.0.2:{http};",
        "listen 443 ": f"listen 127.0.0.1:{https} ",
        "listen [::]:443 ": f"listen 127.0.0.2:{https} ",
        "http {": "http {\n" + "".join(f"{kind}_temp_path {folder}/on-disk;\n" for kind in TEMPORARY),
    }
    configuration = folder / "nginx.conf"
    configuration.write_text(replaced("nginx.conf", changes))
    _certify(folder)
    program = _installed("nginx")
    process = Process([program, "-c", str(configuration), "-e", f"{folder}/log", "-g", "daemon off;"], port=https)
    with process:
        (folder / "on-disk").rmdir()  # what it would write to disk now fails
        yield Proxy("nginx", process, http, https, folder / "fullchain.pem", folder / "log")


TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
"""What nginx may write to disk on its way."""


@contextmanager
def caddy(folder: Path, apps: Sequence[int]) -> Iterator[Proxy]:
    """Run Caddy in front of servers on these ports."""
    http, https = free_port(), free_port()
    own = f"tls {folder}/fullchain.pem {folder}/privkey.pem"
    ports = f"http_port {http}\n\thttps_port {https}\n\tdefault_bind 127.0.0.1\n\tadmin off"
    changes = {
        "log default {": f"{ports}\n\tlog default {{\n\t\toutput file {folder}/log",
        "# tls /etc/ssl/midpoint.pem /etc/ssl/midpoint.key": own,
    }
    configuration = folder / "Caddyfile"
    configuration.write_text(replaced("Caddyfile", changes))
    env = {
        "MIDPOINT_UPSTREAM": " ".join(f"127.0.0.1:{port}" for port in apps),
        "MIDPOINT_PAGES": str(SHIPPED),
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
    }
    _certify(folder)
    program = _installed("caddy")
    process = Process([program, "run", "--config", str(configuration)], port=https, env=env)
    with process:
        yield Proxy("caddy", process, http, https, folder / "fullchain.pem", folder / "log")


def _certify(folder: Path) -> None:
    """Put a certificate for HOST and its key where the configuration looks for them."""
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc"]
    command += ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem"), "-days", "2"]
    command += ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"]
    subprocess.run(command, check=True, capture_output=True)


def _installed(program: str) -> str:
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin")
    if found is None:
        pytest.skip(f"{program} is not installed")
    return found
