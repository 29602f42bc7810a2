"""Commands whose help groups the options under headings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

_OTHER = "Other options"


class SectionedOption(click.Option):
    """An option that stands under the heading *section* in its command's help."""

    def __init__(self, param_decls: Sequence[str] | None = None, *, section: str = _OTHER, **attributes: Any) -> None:
        self.section = section
        super().__init__(param_decls, **attributes)


class SectionedCommand(click.Command):
    """A command whose help lists the options by section, in the order in which they were declared."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write one block for each section."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for param in self.get_params(ctx):
            record = None if isinstance(param, click.Argument) else param.get_help_record(ctx)
            if record is not None:
                sections.setdefault(getattr(param, "section", _OTHER), []).append(record)
        for section, records in sections.items():
            with formatter.section(section):
                formatter.write_dl(records)
