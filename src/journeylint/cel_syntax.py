"""Reads a CEL source into the tree of `cel_nodes`.

What compiles is read as CEL reads it; what is wrong with a source that does not compile, CEL itself says better.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from journeylint.cel_nodes import (
    Binary,
    Call,
    Conditional,
    Entry,
    Index,
    Item,
    ListLiteral,
    Literal,
    LiteralKind,
    Logical,
    MapLiteral,
    Member,
    Name,
    Node,
    Unary,
)

DEEPEST = 50
"""Levels of nesting, and links of a chain such as `a.b.c` or `a + b + c`; CEL itself allows 32."""


class CelSyntaxError(ValueError):
    """A source is not CEL; `offset` is the 0-based code point at which that shows."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


def parse(source: str) -> Node:
    """The tree of *source*; raises CelSyntaxError."""
    return _Parser(source).parse()


_TOKEN = re.compile(
    r"""(?P<blank>[ \t\r\n\f]+|//[^\n]*)"""
    r"""|(?P<raw>(?:[rR]|[bB][rR])(?:\"{3}.*?\"{3}|'{3}.*?'{3}|"[^"\n\r]*"|'[^'\n\r]*'))"""
    r"""|(?P<string>[bB]?(?:\"{3}(?:\\.|[^\\])*?\"{3}|'{3}(?:\\.|[^\\])*?'{3}|"(?:\\.|[^"\\\n\r])*"|'(?:\\.|[^'\\\n\r])*'))"""
    r"""|(?P<double>(?:[0-9]*\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+))"""
    r"""|(?P<uint>(?:0[xX][0-9a-fA-F]+|[0-9]+)[uU])"""
    r"""|(?P<int>0[xX][0-9a-fA-F]+|[0-9]+)"""
    r"""|(?P<word>[A-Za-z_][A-Za-z0-9_]*)"""
    r"""|(?P<quoted>`[A-Za-z0-9_.\-/ ]+`)"""
    r"""|(?P<sign>&&|\|\||[=!<>]=|[-+*/%!<>?:.,()\[\]{}])""",
    re.DOTALL,
)
_NUMBERS = {"double": LiteralKind.DOUBLE, "uint": LiteralKind.UINT, "int": LiteralKind.INT}
_WORD_LITERALS = {"true": True, "false": False, "null": None}
_NO_NAMES = frozenset({*_WORD_LITERALS, "in"})
_LOGICAL = ("||", "&&")
_BINARY = (("<", "<=", ">", ">=", "==", "!=", "in"), ("+", "-"), ("*", "/", "%"))
"""Operators by strength, the weakest first; all take their operands from the left."""

_ESCAPE = re.compile(
    r"\\(?:(?P<hex>[xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})|(?P<octal>[0-3][0-7]{2})|(?P<one>.))|(?P<plain>[^\\]+)",
    re.DOTALL,
)
_ESCAPED = {
    "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
    "\\": "\\", "?": "?", '"': '"', "'": "'", "`": "`",
}  # fmt: skip


class _Token(NamedTuple):
    start: int
    end: int
    kind: str
    text: str


def _tokens(source: str) -> list[_Token]:
    """The tokens of *source* without blanks and comments, and one with the kind `end`."""
    tokens, at = [], 0
    while at < len(source):
        match = _TOKEN.match(source, at)
        if match is None:
            raise CelSyntaxError(f"{source[at]!r} is not CEL", at)
        kind = match.lastgroup or ""
        if kind != "blank":
            tokens.append(_Token(at, match.end(), kind, match[0]))
        at = match.end()
    return [*tokens, _Token(len(source), len(source), "end", "")]


class _Parser:
    """Reads an expression by descent, one method a rule of the grammar."""

    def __init__(self, source: str) -> None:
        self._tokens = _tokens(source)
        self._at = 0
        self._depth = 0

    def parse(self) -> Node:
        node = self._expression()
        if self._next.kind != "end":
            raise self._unexpected("an operator, or the end,")
        return node

    # -- tokens

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    @property
    def _end(self) -> int:
        """Where the last token taken ends."""
        return self._tokens[self._at - 1].end

    def _take(self) -> _Token:
        token = self._next
        self._at += 1
        return token

    def _sees(self, *texts: str) -> bool:
        return self._next.kind in ("sign", "word") and self._next.text in texts

    def _takes(self, text: str) -> bool:
        """Whether the next token is *text*; if so, it is taken."""
        if not self._sees(text):
            return False
        self._at += 1
        return True

    def _demand(self, text: str) -> None:
        if not self._takes(text):
            raise self._unexpected(f"{text!r}")

    def _unexpected(self, expected: str) -> CelSyntaxError:
        token = self._next
        found = "the end" if token.kind == "end" else repr(token.text[:20])
        return CelSyntaxError(f"{expected} is expected instead of {found}", token.start)

    # -- operators

    def _expression(self) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise CelSyntaxError("it is nested too deeply", self._next.start)
        start = self._next.start
        node = self._logical(0)
        if self._takes("?"):
            yes = self._logical(0)
            self._demand(":")
            no = self._expression()
            node = Conditional(start, self._end, node, yes, no)
        self._depth -= 1
        return node

    def _logical(self, level: int) -> Node:
        if level == len(_LOGICAL):
            return self._binary(0)
        operator, start = _LOGICAL[level], self._next.start
        operands, operator_starts = [self._logical(level + 1)], []
        while self._sees(operator):
            operator_starts.append(self._take().start)
            operands.append(self._logical(level + 1))
        if not operator_starts:
            return operands[0]
        return Logical(start, self._end, operator, tuple(operator_starts), tuple(operands))

    def _binary(self, level: int) -> Node:
        if level == len(_BINARY):
            return self._unary()
        start, count = self._next.start, 0
        node = self._binary(level + 1)
        while self._sees(*_BINARY[level]):
            operator = self._take()
            count = self._count_link(count)
            right = self._binary(level + 1)
            node = Binary(start, self._end, operator.text, operator.start, node, right)
        return node

    def _unary(self) -> Node:
        operators: list[_Token] = []
        while self._sees("!") or (self._sees("-") and self._tokens[self._at + 1].kind not in _NUMBERS):
            if operators and operators[-1].text != self._next.text:
                break
            operators.append(self._take())
            self._count_link(len(operators))
        if operators and self._sees("!"):
            raise self._unexpected("an operand")
        node = self._member()
        for operator in reversed(operators):
            node = Unary(operator.start, self._end, operator.text, node)
        return node

    def _count_link(self, count: int) -> int:
        if count >= DEEPEST:
            raise CelSyntaxError("it is nested too deeply", self._next.start)
        return count + 1

    # -- members

    def _member(self) -> Node:
        start, count = self._next.start, 0
        node = self._primary()
        while self._sees(".", "["):
            count = self._count_link(count)
            if self._take().text == "[":
                is_optional = self._takes("?")
                index = self._expression()
                self._demand("]")
                node = Index(start, self._end, node, index, is_optional)
            else:
                node = self._selected(start, node)
        return node

    def _selected(self, start: int, operand: Node) -> Node:
        """What follows a dot."""
        is_optional = self._takes("?")
        field = self._next
        if field.kind not in ("word", "quoted") or field.text in _NO_NAMES:
            raise self._unexpected("a name")
        self._take()
        if field.kind == "word" and not is_optional and self._takes("("):
            arguments = self._arguments()
            return Call(start, self._end, operand, field.text, field.start, arguments)
        return Member(start, self._end, operand, field.text.strip("`"), field.start, is_optional)

    def _arguments(self) -> tuple[Node, ...]:
        """What stands between a parenthesis that is open and its end."""
        arguments: list[Node] = []
        if not self._takes(")"):
            arguments.append(self._expression())
            while self._takes(","):
                arguments.append(self._expression())
            self._demand(")")
        return tuple(arguments)

    def _primary(self) -> Node:
        token = self._next
        if token.kind in _NUMBERS or (token.text == "-" and token.kind == "sign"):
            return self._number()
        if token.kind in ("string", "raw"):
            return _string(self._take())
        if token.kind == "word" and token.text in _WORD_LITERALS:
            self._take()
            kind = LiteralKind.NULL if token.text == "null" else LiteralKind.BOOL
            return Literal(token.start, token.end, kind, _WORD_LITERALS[token.text])
        if self._takes("("):
            node = self._expression()
            self._demand(")")
            return node
        if self._takes("["):
            return self._list(token.start)
        if self._takes("{"):
            return self._map(token.start)
        return self._named()

    def _named(self) -> Node:
        """A variable or a call."""
        start = self._next.start
        dot = "." if self._takes(".") else ""
        word = self._next
        if word.kind != "word" or word.text in _NO_NAMES:
            raise self._unexpected("an operand")
        self._take()
        if self._takes("("):
            arguments = self._arguments()
            return Call(start, self._end, None, dot + word.text, word.start, arguments)
        if self._sees("{"):
            raise CelSyntaxError("messages have no place in predicates", word.start)
        return Name(start, self._end, dot + word.text)

    def _list(self, start: int) -> Node:
        items: list[Item] = []
        while not self._takes("]"):
            is_optional = self._takes("?")
            items.append(Item(self._expression(), is_optional))
            if not self._takes(","):
                self._demand("]")
                break
        return ListLiteral(start, self._end, tuple(items))

    def _map(self, start: int) -> Node:
        entries: list[Entry] = []
        while not self._takes("}"):
            is_optional = self._takes("?")
            key = self._expression()
            self._demand(":")
            entries.append(Entry(key, self._expression(), is_optional))
            if not self._takes(","):
                self._demand("}")
                break
        return MapLiteral(start, self._end, tuple(entries))

    # -- literals

    def _number(self) -> Literal:
        start = self._next.start
        sign = -1 if self._takes("-") else 1
        token = self._next
        if token.kind not in _NUMBERS:
            raise self._unexpected("a number")
        self._take()
        kind = _NUMBERS[token.kind]
        if kind is LiteralKind.DOUBLE:
            return Literal(start, token.end, kind, sign * float(token.text))
        digits = token.text.rstrip("uU")
        return Literal(start, token.end, kind, sign * int(digits, 16 if digits[:2].lower() == "0x" else 10))


def _string(token: _Token) -> Literal:
    prefix = re.match(r"[a-zA-Z]*", token.text)[0].lower()  # type: ignore[index]  # it matches anything
    quoted = token.text[len(prefix) :]
    width = 3 if len(quoted) >= 6 and quoted[:3] in ('"""', "'''") else 1
    inside, begin = quoted[width:-width], token.start + len(prefix) + width
    value = inside if "r" in prefix else _unescape(inside, begin, is_bytes="b" in prefix)
    if "b" in prefix:
        encoded = value.encode() if "r" in prefix else value.encode("utf-8", "surrogateescape")
        return Literal(token.start, token.end, LiteralKind.BYTES, encoded)
    return Literal(token.start, token.end, LiteralKind.STRING, value, begin if value == inside else None)


def _unescape(text: str, begin: int, *, is_bytes: bool) -> str:
    """*text*, which stands at *begin*, without escapes; a byte beyond ASCII as `surrogateescape` has it."""
    if "\\" not in text:
        return text
    pieces = []
    for match in _ESCAPE.finditer(text):
        if match["plain"] is not None:
            pieces.append(match["plain"])
        elif match["one"] is not None:
            if match["one"] not in _ESCAPED:
                raise CelSyntaxError(f"there is no escape {match[0]!r}", begin + match.start())
            pieces.append(_ESCAPED[match["one"]])
        else:
            code = int(match["octal"], 8) if match["octal"] else int(match["hex"][1:], 16)
            if code > 0x10FFFF:
                raise CelSyntaxError(f"{match[0]!r} is no character", begin + match.start())
            is_byte = is_bytes and 0x80 <= code <= 0xFF
            pieces.append(chr(0xDC00 + code) if is_byte else chr(code))
    return "".join(pieces)
