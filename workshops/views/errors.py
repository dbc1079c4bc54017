"""The pages for what went wrong: each says in a sentence what to do next."""

import logging
import sys
from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DatabaseError, InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.log import log_response

from workshops.trail import WasCarried

logger = logging.getLogger(__name__)

BARE = {400: "400.html", 403: "403.html", 404: "404.html", 405: "405.html"}
"""The page of each refusal that a view may give without a word."""
AGAIN = 5  # seconds until a page that could not be made is worth another try


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that nothing is at this address, and where to go."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours, or the database's, and that what was saved is safe; needs no database."""
    if is_away(sys.exception()):
        return not_just_now(request)
    return HttpResponse(render_to_string("500.html"), status=500)  # no request: who is signed in, the database knows


def not_just_now(request: HttpRequest) -> HttpResponse:
    """Say that the database is away and how to go on; a page that was only looked at tries again by itself."""
    seconds = AGAIN if request.method in ("GET", "HEAD") else None
    page = render_to_string("503.html", {"seconds": seconds})
    return HttpResponse(page, status=503, headers={"Retry-After": str(AGAIN)})


def is_away(error: BaseException | None) -> bool:
    """Whether an error says that the database is locked, full, unreadable or gone, not that a query is wrong.

    SQLite calls a query of a table or a column that is not there an operational error too.
    """
    if error and getattr(error.__cause__, "sqlite_errorname", "") == "SQLITE_ERROR":
        return False
    return isinstance(error, (OperationalError, InterfaceError, InternalError)) or type(error) is DatabaseError


class DatabaseAway:
    """A middleware that answers with a page when a view finds the database away, and logs one line about it."""

    def __init__(self, respond: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on."""
        return self.respond(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the page for a database that is away; leave every other error alone."""
        if not is_away(exception):
            return None
        cause = exception.__cause__  # what SQLite or PostgreSQL calls it: a name, nothing of what was to be saved
        name = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or "not said why"
        answer = not_just_now(request)
        said = "The database is away: %s (%s)", type(exception).__name__, name
        log_response(
            *said, response=answer, request=request, logger=logger, level="warning"
        )  # and Django logs no other
        return answer


def stale_page(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the page was too old to send, or that cookies are off, and how to go on."""
    return render(request, "403_csrf.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that what came cannot be read, or that it is more than a form holds, and how to go on."""
    if isinstance(exception, (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)):
        return HttpResponse(render_to_string("413.html"), status=413)
    return HttpResponse(render_to_string("400.html"), status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that this is for others, and where to go."""
    return render(request, "403.html", status=403)


class CarriedMeanwhile:
    """A middleware that gives a page to whoever changes a workshop in the moment in which it is packed."""

    def __init__(self, respond: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer as the views do."""
        return self.respond(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Say that nothing was changed, and where the workshop goes on."""
        if not isinstance(exception, WasCarried):
            return None
        context = {"workshop": exception.workshop, "not_now": True}
        return render(request, "workshops/facilitate/may_not.html", context, status=409)


def worded_refusals(
    respond: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Return a middleware that gives every refusal without a word its page; the refusal's headers stay."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = respond(request)
        page = BARE.get(response.status_code)
        if page and isinstance(response, HttpResponse) and not response.content:
            response.content = render_to_string(page, request=request)
            response.headers["Content-Type"] = "text/html; charset=utf-8"
        return response

    return middleware
