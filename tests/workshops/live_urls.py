"""The addresses of the tests of the two doors: each says how the request arrived, or answers at length."""

import threading
from collections.abc import Iterator

from django.db import connection
from django.http import HttpRequest, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.urls import re_path
from django.views.decorators.csrf import csrf_exempt

from eip2review import urls as product
from workshops.models import Workshop

CHUNKS = 500
CHUNK = b"x" * 10_000


@csrf_exempt
def echo(request: HttpRequest) -> JsonResponse:
    """Say what arrived, in which thread, and over which connection to the database."""
    Workshop.objects.exists()
    told: dict[str, object] = {"body": request.body.decode()}
    told |= {"thread": threading.get_ident(), "connection": id(connection.connection)}
    told |= {"path": request.path, "query": request.GET.get("q"), "header": request.headers.get("X-Seen")}
    return JsonResponse(told)


def flood(request: HttpRequest) -> HttpResponseBase:
    """Answer with five megabytes, piece by piece."""

    def pieces() -> Iterator[bytes]:
        for _ in range(CHUNKS):
            yield CHUNK

    return StreamingHttpResponse(pieces())


@csrf_exempt
def weigh(request: HttpRequest) -> JsonResponse:
    """Say how much arrived, without reading it at once."""
    return JsonResponse({"bytes": sum(map(len, iter(lambda: request.read(65_536), b"")))})


urlpatterns = [
    re_path("^w/flood/$", flood),
    re_path("^desk/take-in/$", weigh),
    re_path("", echo),
    *product.urlpatterns,  # these only for their names
]
