"""Markdown out of texts that policies bring: prose stays prose, an example stays code, a link goes where it says.

Help in a SARIF log is shown on pages of others. So nothing in a text may open an HTML element, a link, an image or the
end of a code block; code spans (backticks) are what authors may use.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_ACTIVE = re.compile(r"[\\`*_\[\]<>#!&|~]")
_LINE_START = re.compile(r"^(?:[+=]|-(?!\s)|-(?=\s*$)|\d+(?=[.)]))")
_BACKTICKS = re.compile(r"`+")
_IN_ADDRESSES = "%/:?#[]@!$&'()*+,;=~"
_FENCE = 3


def escape_prose(text: str) -> str:
    """*text* as Markdown that reads like it: its lines, paragraphs, lists of dashes and code spans stay."""
    return "\n".join(map(_escape_line, text.strip().splitlines()))


def _escape_line(line: str) -> str:
    line = line.strip()  # four blanks would begin a code block
    parts: list[str] = []
    end = 0
    for span in _CODE_SPAN.finditer(line):
        parts += _escape_characters(line[end : span.start()]), span[0]
        end = span.end()
    parts.append(_escape_characters(line[end:]))
    return _LINE_START.sub(_escape_start, "".join(parts))


def _escape_characters(text: str) -> str:
    return _ACTIVE.sub(r"\\\g<0>", text)


def _escape_start(found: re.Match[str]) -> str:
    mark = found[0]
    return f"{mark}\\" if mark.isdigit() else f"\\{mark}"


def fence_code(code: str, language: str) -> str:
    """*code* as a block whose fence is longer than any that the code holds."""
    code = code.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    longest = max((len(run) for run in _BACKTICKS.findall(code)), default=0)
    fence = "`" * max(_FENCE, longest + 1)
    return f"{fence}{language}\n{code}\n{fence}"


def link(words: str, address: str) -> str:
    """A link with these *words* to *address*, or the words alone where that is no address of the web."""
    address = web_address(address)
    words = escape_prose(" ".join(words.split()))
    return f"[{words}](<{address}>)" if address else words


def web_address(text: str) -> str:
    """*text* as an absolute address of the web, percent-encoded where it has to be, or `""` where it is none."""
    address = quote(text.strip(), safe=_IN_ADDRESSES, errors="replace")
    address = re.sub("%(?![0-9A-Fa-f]{2})", "%25", address)
    try:
        parts = urlsplit(address)
        is_web = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return ""
    return address if is_web and "[" not in address and "]" not in address else ""
