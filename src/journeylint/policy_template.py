"""Texts with CEL inside `${ }`, as policy files write them."""

from __future__ import annotations

import re

from journeylint.policies import Expression, Template

UNCLOSED_PLACEHOLDER = "a ${ is not closed by a matching }: write ${expression}"

_PLACEHOLDER = re.compile(r"\$\{((?:[^{}\"']|\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|\{[^{}]*\})*)\}")


def read_template(text: str, pointer: str) -> Template:
    """The template that *text*, which stands at *pointer* in its file, is, without the blanks around it."""
    text = text.strip()
    texts, expressions, end = [], [], 0
    for match in _PLACEHOLDER.finditer(text):
        texts.append(text[end : match.start()])
        expressions.append(Expression(match[1], pointer))
        end = match.end()
    return Template((*texts, text[end:]), tuple(expressions))
