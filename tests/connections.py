"""A connection for raw requests, which have no server around them."""

from collections.abc import Callable


class Notebook:
    """Keeps what a stream writes past the answer, and is full when it is told to be."""

    def __init__(self) -> None:
        self.is_full = False
        self.when_ready: Callable[[], None] | None = None
        self.written: list[bytes] = []
        self.write: Callable[[bytes], None] = self.written.append

    def empty(self) -> None:
        """Take more, and say so."""
        self.is_full = False
        if self.when_ready is not None:
            self.when_ready()
