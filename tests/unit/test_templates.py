"""Templates that were not rendered: told as such, once a line, and nothing else taken for one."""

from __future__ import annotations

import pytest

from journeylint.formats.yaml import YamlLoader

TOLD = "looks like a template ({{ ... }}): render it first, and check what comes out"


def told(text: str) -> list[tuple[int, str]]:
    return [(one.span.line, one.message) for document in YamlLoader().load(text) for one in document.problems]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a: {{ .Values.x }}\n", [1]),
        ("a: {{.x}}\nb: {{ y }}\n", [1, 2]),
        ("{{- if .Values.x }}\na: 1\n{{- end }}\n", [1]),
        ("a:\n  b: 1\n{{- if .Values.x }}\n  c: 1\n{{- end }}\n", [3]),
        ("a:\n  {{ include 'x' . | nindent 4 }}\n  b: 1\n", [2]),
        ("a: {b: {{ x }} }\r\nc: 1\r\n", [1]),
    ],
)
def test_a_template_is_told_once_a_line(text: str, lines: list[int]) -> None:
    assert told(text) == [(line, TOLD) for line in lines]


def test_jinja_is_told_in_its_own_marks() -> None:
    assert told("a:\n{% if x %}\n  b: 1\n{% endif %}\n") == [(2, TOLD.replace("{{ ... }}", "{% ... %}"))]


def test_a_template_that_ends_a_document_still_does() -> None:
    (document,) = YamlLoader().load("a:\n  {{ include 'x' . | nindent 4 }}\n  b: 1\n")
    assert [one.is_fatal for one in document.problems] == [True]


@pytest.mark.parametrize(
    "text",
    [
        'a: "{{ x }}"\na: "{{ y }}"\n',
        'a: "{{ \\d }}"\n',
        "{{a: b}: x}\n",
        "a: '{{ x }}'\nb: [\n",
        "a: x {{ y }}\n\tb: 1\n",
    ],
)
def test_another_mistake_is_told_as_what_it_is(text: str) -> None:
    (problem,) = told(text)
    assert "template" not in problem[1]


def test_mistakes_beside_a_template_are_told_too() -> None:
    assert [line for line, _ in told("a: 1\na: 2\nb: {{ x }}\nc: 1\nc: 2\n")] == [2, 3, 5]


def test_a_text_in_quotes_may_hold_marks() -> None:
    assert told('a: "{{ x }}"\nb: x {{ y }}\n') == []


def test_a_long_line_of_braces_is_no_template() -> None:
    assert all("template" not in message for _, message in told("a: " + "{{ " * 300_000))
