"""What no response may be, whatever was sent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import tinyhtml5
from django.http import HttpResponse
from django.http.response import HttpResponseBase

from tests.fuzz.hostile import MARK

ADDRESSES = ("href", "src", "action", "formaction", "poster", "data", "hx-get", "hx-post", "hx-push-url", "xlink:href")
VOID = {"meta", "link", "img", "input", "br", "hr", "base", "source", "wbr", "col"}
COOKIES = re.compile(r"sessionid|csrftoken|midpoint-[0-9]{6}")
WORDS_NEEDED = 15
"""Letters that a refusal says at least: fewer are no sentence."""


class Page(HTMLParser):
    """A page as a browser takes it: what its main part says, what its alerts say, and what it should not hold."""

    def __init__(self, *, host_is_ours: bool = True) -> None:
        super().__init__()
        self.host_is_ours = host_is_ours
        self.wrong: list[str] = []
        self.path: list[str] = []
        self.main = ""
        self.everything = ""
        self.alerts: list[str] = []
        self.alert_at = 0
        self.invalid = 0
        self.explained = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        self.wrong += element_faults(tag, {name: value or "" for name, value in attrs}, self.host_is_ours)
        self.invalid += has.get("aria-invalid") == "true"
        self.explained += "error" in (has.get("class") or "").split()
        if tag not in VOID:
            self.path.append(tag)
            if has.get("role") == "alert" and not self.alert_at:
                self.alerts.append("")
                self.alert_at = len(self.path)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.path:
            while self.path.pop() != tag:
                pass
        if len(self.path) < self.alert_at:
            self.alert_at = 0

    def handle_data(self, data: str) -> None:
        if self.path and self.path[-1] in ("script", "style"):
            self.wrong += [f"<{self.path[-1]}> with words in it"] if data.strip() else []
            return
        words = " ".join(data.split())
        self.everything += words
        if "main" in self.path:
            self.main += words
        if self.alert_at:
            self.alerts[-1] += words

    def handle_comment(self, data: str) -> None:
        if MARK in data:
            self.wrong.append("a comment that was sent")


def element_faults(tag: str, has: dict[str, str], host_is_ours: bool) -> Iterator[str]:
    """Yield what is wrong with an element: sent by somebody, or doing something that none of ours does."""
    if MARK in tag or any(MARK in name for name in has):
        yield f"markup that was sent: <{tag}>"
    if tag in ("iframe", "object", "embed", "base", "math") or (tag == "script" and "src" not in has):
        yield f"<{tag}>"
    for name, value in has.items():
        if name.startswith("on") or name == "srcdoc":
            yield f"{name} on <{tag}>"
        if name == "style" and MARK in value:
            yield f"style that was sent on <{tag}>"
        if name in ADDRESSES and host_is_ours and not (tag == "img" and value.startswith("data:image/svg")):
            parts = urlsplit(urljoin("http://testserver/", value.strip()))
            if parts.scheme not in ("http", "https", "mailto", "tel", "") or MARK in (parts.netloc or ""):
                yield f"{name} that leads elsewhere on <{tag}>"
        if name == "http-equiv" and (value != "refresh" or "=" in has.get("content", "")):
            yield f"http-equiv on <{tag}>"


def as_browsers_do(page: str) -> list[str]:
    """Return what is wrong with the elements of a page, read by the HTML standard's own algorithm."""
    faults: list[str] = []
    for element in tinyhtml5.parse(page).iter():
        if isinstance(element.tag, str):
            tag = element.tag.rpartition("}")[2]
            has = {str(name).rpartition("}")[2]: str(value) for name, value in element.attrib.items()}
            has.setdefault("src", "") if tag == "script" and not element.text else None
            faults += element_faults(tag, has, host_is_ours=False)
    return faults


def faults(
    response: HttpResponseBase, *, method: str, host_is_ours: bool = True, thorough: bool = False
) -> Iterator[str]:
    """Yield a sentence for each thing that is wrong with a response."""
    status = response.status_code
    if status >= 500 and not _press_is_busy(response):
        yield f"status {status}"
    yield from header_faults(response, host_is_ours=host_is_ours)
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    refused = status >= 400 and method != "HEAD"
    if not isinstance(response, HttpResponse):
        return
    body = response.content.decode("utf-8", "replace")
    if kind == "application/json":
        json.loads(body)
    if kind != "text/html":
        if refused and (kind != "application/json" or len(body) < WORDS_NEEDED):
            yield f"a refusal ({status}) that is no page"
        return
    if thorough or refused or MARK in body or (method == "POST" and "alert" in body):
        yield from page_faults(body, refused=refused, posted=method == "POST", host_is_ours=host_is_ours)
    if thorough and MARK in body:
        yield from (f"read by the standard: {each}" for each in as_browsers_do(body))


@lru_cache(maxsize=256)
def page_faults(body: str, *, refused: bool, posted: bool, host_is_ours: bool) -> tuple[str, ...]:
    """Return what is wrong with a page; many refusals are the same page."""
    page = Page(host_is_ours=host_is_ours)
    page.feed(body)
    wrong = list(page.wrong)
    if refused and len(page.main or page.everything) < WORDS_NEEDED:
        wrong.append("a refusal without a sentence")
    if posted and any(len(alert) < WORDS_NEEDED for alert in page.alerts):
        wrong.append("an alert that says nothing")
    if posted and page.invalid and not (page.explained or any(page.alerts)):
        wrong.append("a form in error that does not say why")
    return tuple(wrong)


def _press_is_busy(response: HttpResponseBase) -> bool:
    return response.status_code == 503 and isinstance(response, HttpResponse) and b"journal" in response.content


def header_faults(response: HttpResponseBase, *, host_is_ours: bool) -> Iterator[str]:
    """Yield what is wrong with the headers of a response and with its cookies."""
    for name in ("Content-Security-Policy", "Cache-Control", "X-Content-Type-Options", "X-Frame-Options"):
        if name not in response.headers:
            yield f"no {name}"
    for name, value in response.headers.items():
        if MARK in name or "\r" in value or "\n" in value:
            yield f"a header that was sent: {name}"
        if name in ("Location", "HX-Redirect", "HX-Location", "HX-Push-Url", "Refresh") and host_is_ours:
            place = urlsplit(urljoin("http://testserver/", value.replace("\\", "/")))
            if place.netloc != "testserver" or place.scheme not in ("http", "https"):
                yield f"{name} that leads elsewhere"
    for name, cookie in response.cookies.items():
        if not COOKIES.fullmatch(name) or MARK in cookie.output():
            yield f"a cookie that was sent: {name}"
