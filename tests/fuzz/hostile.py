"""What a hostile person or program may put where words, numbers and ids are expected, as the bytes that travel."""

from __future__ import annotations

import random

MARK = "zqfuzz"
"""Stands in every text that would be markup, a script, a header or an address if it were taken for one."""
MARKUP = (
    f"<{MARK}>",
    f"<b data-{MARK}>",
    f"<script>{MARK}()</script>",
    f"\"'><img src=x onerror={MARK}()>",
    f"' onfocus={MARK}() autofocus x='",
    f"</textarea></title></style></script><svg/onload={MARK}()>",
    f"<!--{MARK}--><a href=javascript:{MARK}()>",
    f"</main></body><iframe srcdoc={MARK}>",
    f"<base href=//{MARK}.example/>",
    f'<meta http-equiv=refresh content="0;url=//{MARK}.example">',
    f"javascript:{MARK}()",
    f"<math><mtext></form><form><mglyph><style></math><img src onerror={MARK}()>",
)
ELSEWHERE = (
    f"//{MARK}.example/",
    f"https://{MARK}.example/desk/",
    f"/\\{MARK}.example",
    f"\thttps:{MARK}.example",
    f"https:///{MARK}.example",
    f"data:text/html,{MARK}",
    f"/desk/\r\nX-{MARK}: 1",
    f"http://testserver@{MARK}.example/",
)
FORMULAS = ("=1+1", "+cmd|' /C calc'!A0", "-1+1", "@SUM(1)", "\t=1", "＝1+1", "\u200b=1", "\r=HYPERLINK(1)")
WORDS = (
    *("", " ", "   \t\n ", "\x00", "a\x00b", "\x1b[31m", "\x7f", "\x85", "\u2028", "\ufeff", "\ufffe"),
    *("\u202egpj.exe\u202c", "\u2066\u2067\u202e", "\u200b" * 30, "\u0301" * 300, "a\u0337" * 80, "ﷺ" * 60),
    *("{{ 7|add:7 }}{% load x %}", "{% include 'base.html' %}", "%s%n%(x)s", "${7*7}", "{0.__class__}", "#{7*7}"),
    *("' OR 1=1 --", '"; DROP TABLE x; --', "1) UNION SELECT 1", "../../etc/passwd", "..%2f..%2f", "C:\\con", "|id"),
    *("x" * 3000, "<" * 500, "&" * 500, "'" * 300, "word " * 600, "\n" * 2000, "aA1 " * 900, "(" * 400, "a@" * 400),
    *("İstanbul", "ß" * 200, "ﬀ", "𝔘𝔫𝔦", "😀👩‍👩‍👧‍👦", "العربية", "عربي\u202eabc", "Ωμέγα", "аdmin", "\U0010ffff"),
    *("[" * 3000, '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"AA","userHandle":"AA"}}'),
    *("null", "None", "undefined", "true", "[]", "{}", '{"a":1}', "NaN", "Infinity", "-Infinity", "unsure", "sealed"),
)
NUMBERS = (
    *("-1", "0", "1", "11", "10.0", "1e9", "1e999", "0x10", "1_0", " 5 ", "5\n", "+5", "--5", "٣", "²", "Ⅷ", "½", "五"),
    *("2147483648", "9223372036854775807", "9223372036854775808", "99999999999999999999", "9" * 400, "9" * 5000, "-0"),
    *("0001-01-01", "9999-12-31", "10000-01-01", "2026-02-30", "0000-00-00", "2026-13-01", "31/12/26", "1-1-1"),
)
RAW = (
    *(
        b"\xff",
        b"\xfe\xff",
        b"\xc3\x28",
        b"\xed\xa0\x80",
        b"\xed\xbf\xbf",
        b"\xf4\x90\x80\x80",
        b"\xc0\xaf",
        b"\xe2\x82",
    ),
    *(b"a\xffb", b"\x80" * 50, "é".encode("latin-1"), "£".encode("utf-16"), b"+ADw-script+AD4-", b"\x1b$B"),
)


def text(chance: random.Random) -> bytes:
    """Return one hostile text."""
    kind = chance.random()
    if kind < 0.3:
        return chance.choice(MARKUP).encode()
    if kind < 0.4:
        return chance.choice(ELSEWHERE).encode()
    if kind < 0.6:
        return chance.choice(WORDS).encode()
    if kind < 0.75:
        return chance.choice(NUMBERS).encode()
    if kind < 0.8:
        return chance.choice(FORMULAS).encode()
    if kind < 0.88:
        return chance.choice(RAW)
    if kind < 0.94:
        return _letters(chance).encode("utf-8", "surrogatepass")
    return text(chance) + text(chance)


def _letters(chance: random.Random) -> str:
    """Return letters from everywhere in Unicode, lone surrogates among them."""
    tops = (0x7F, 0x250, 0x3000, 0xFFFF, 0x10FFFF)
    return "".join(chr(chance.randrange(chance.choice(tops))) for _ in range(chance.randrange(1, 40)))


def header(chance: random.Random) -> str:
    """Return a hostile value of a header, as WSGI hands it on: bytes as Latin-1, no line ends (servers refuse them)."""
    value = text(chance).decode("latin-1").replace("\r", "").replace("\n", "").replace("\x00", "")
    return value[:4000]
