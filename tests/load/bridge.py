"""The two doors with a plain bridge in place of a2wsgi, to compare: one hop to a thread, the answer joined."""

import argparse
import asyncio
import io
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings

from eip2review import asgi, server
from workshops.live.stream import Message, Receive, Send


class Bridge:
    """A WSGI application as an ASGI application, for whole requests and whole answers."""

    def __init__(self, workers: int) -> None:
        self.threads = ThreadPoolExecutor(workers)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        environ = self.environ(scope, (await receive())["body"])
        loop = asyncio.get_running_loop()
        status, headers, body = await loop.run_in_executor(self.threads, self.call, environ)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def call(self, environ: dict[str, Any]) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        """Call Django, in a thread."""
        begun: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], error: Any = None) -> Any:
            begun[:] = [
                int(status[:3]),
                [(name.lower().encode("latin1"), value.encode("latin1")) for name, value in headers],
            ]

        answer = asgi.django(environ, start)
        try:
            body = b"".join(answer)
        finally:
            if hasattr(answer, "close"):
                answer.close()
        return begun[0], begun[1], body

    def environ(self, scope: Message, body: bytes) -> dict[str, Any]:
        """Return the request as WSGI has it."""
        environ = {
            "REQUEST_METHOD": scope["method"],
            "SCRIPT_NAME": "",
            "PATH_INFO": scope["path"].encode().decode("latin1"),
            "QUERY_STRING": scope["query_string"].decode("latin1"),
            "SERVER_NAME": scope["server"][0],
            "SERVER_PORT": str(scope["server"][1]),
            "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
            "REMOTE_ADDR": scope["client"][0],
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": scope["scheme"],
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in scope["headers"]:
            key = name.decode("latin1").upper().replace("-", "_")
            environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value.decode("latin1")
        return environ


if __name__ == "__main__":
    asgi.doors["participants"] = Bridge(settings.DJANGO_THREADS).__call__
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int)
    server.run(port=parser.parse_args().port, application="eip2review.asgi:application")
