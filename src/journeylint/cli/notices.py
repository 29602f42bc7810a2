"""Lines on standard error: what is wrong, and what is only worth knowing."""

from __future__ import annotations

from collections.abc import Iterable

import click

from journeylint.terminal import make_visible


def tell_errors(messages: Iterable[str]) -> None:
    """Tell what keeps a command from its work, each message as a line `error: …`."""
    _tell("error", messages)


def tell_warnings(messages: Iterable[str]) -> None:
    """Tell what works but will not for ever, each message as a line `warning: …`."""
    _tell("warning", messages)


def tell_notes(messages: Iterable[str]) -> None:
    """Tell what goes on while somebody waits, each message as a line `note: …`."""
    _tell("note", messages)


def _tell(word: str, messages: Iterable[str]) -> None:
    for message in messages:
        first, *rest = message.split("\n")
        click.echo(f"{word}: {make_visible(first)}", err=True)
        for line in rest:
            click.echo(f"  {make_visible(line)}", err=True)
