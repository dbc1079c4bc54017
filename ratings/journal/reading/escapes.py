"""Write any text on one line of a journal in Markdown, so that neither Markdown nor the reader takes it for a mark.

A character that could be taken for a mark stands as a numeric reference (`&#42;`), a new line as `<br>`. Both mean the
same in Markdown, so the page shows the words as they were given.
"""

from __future__ import annotations

import re

from ratings.journal.reading.lines import Kind, is_link, read_lines

_CODED = re.compile(r"<br>|&#(?P<code>\d{1,7});")
_INLINE = re.compile(r"\n|[\\`*_\[<#~\ufeff\u200b\u2060]|&(?=[#\w])|^ | $|(?<=\s) |(?! )\s|[\x00-\x1f\x7f]")
_STARTS_BLOCK = re.compile(r"[-+=>]|\d+[.)]")


def escape(text: str) -> str:
    """Return a text as one line to stand after a mark; NUL, which no journal can hold, is left out."""
    line = _INLINE.sub(lambda found: _code(found.group()), text.replace("\0", ""))
    return _code(line[0]) + line[1:] if _STARTS_BLOCK.match(line) else line


def escape_line(text: str) -> str:
    """Return a text as a line of its own that the reader takes for words and nothing else."""
    line = escape(text)
    read = read_lines(line)
    is_words = bool(read) and read[0].kind is Kind.LOOSE and read[0].words == line and not is_link(line)
    return line if is_words or not line else _code(line[0]) + line[1:]


def unescape(line: str) -> str:
    """Return the text that a line stands for; a reference to no character stays as it is."""
    return _CODED.sub(_decode, line)


def _code(char: str) -> str:
    return "<br>" if char == "\n" else f"&#{ord(char)};"


def _decode(found: re.Match[str]) -> str:
    if found["code"] is None:
        return "\n"
    code = int(found["code"])
    return chr(code) if 0 < code < 0xD800 or 0xE000 <= code < 0x110000 else found.group()
