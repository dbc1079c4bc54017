"""Two machines with a cable between them: network namespaces of their own, which go when the test is over."""

from __future__ import annotations

import ctypes
import os
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

NEW_NETWORK = 0x40000000  # CLONE_NEWNET
libc = ctypes.CDLL(None, use_errno=True)


class Machine:
    """A network namespace with a loopback of its own, and a cable to another one."""

    def __init__(self, name: str, address: str) -> None:
        self.name = name
        self.address = address

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Let this thread open its connections, and start its processes, on this machine."""
        with Path("/proc/thread-self/ns/net").open() as home, Path("/run/netns", self.name).open() as there:
            _enter(there.fileno())
            try:
                yield
            finally:
                _enter(home.fileno())

    def pull_cable(self) -> None:
        """Cut it off from the other machine: nothing says so to either of them."""
        _ip("-n", self.name, "link", "set", "cable", "down")

    def plug_in(self) -> None:
        """Connect it again."""
        _ip("-n", self.name, "link", "set", "cable", "up")


@contextmanager
def two_machines() -> Iterator[tuple[Machine, Machine]]:
    """Make two machines and connect them; skip the test where the kernel does not let us."""
    mark = secrets.token_hex(4)
    machines = Machine(f"midpoint-{mark}-1", "10.77.0.1"), Machine(f"midpoint-{mark}-2", "10.77.0.2")
    one, other = machines
    try:
        try:
            for machine in machines:
                _ip("netns", "add", machine.name)
        except (OSError, subprocess.CalledProcessError):
            pytest.skip("network namespaces can be made by root alone, with iproute2, where the kernel has them")
        _ip("-n", one.name, "link", "add", "cable", "type", "veth", "peer", "name", "cable", "netns", other.name)
        for machine in machines:
            _ip("-n", machine.name, "address", "add", f"{machine.address}/24", "dev", "cable")
            for link in ("lo", "cable"):
                _ip("-n", machine.name, "link", "set", link, "up")
        yield machines
    finally:
        for machine in machines:
            if Path("/run/netns", machine.name).exists():
                _ip("netns", "delete", machine.name)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


def _enter(namespace: int) -> None:
    if libc.setns(namespace, NEW_NETWORK) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
