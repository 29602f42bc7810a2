"""`journeylint schema`: the JSON Schemas of what people write, for editors and for use without a network."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import click

from journeylint.cli.plugin_options import build_command_host, config_option, plugin_options
from journeylint.cli.streams import write_standard_output
from journeylint.errors import UsageError
from journeylint.suggest import did_you_mean
from journeylint.terminal import make_visible, wrap

if TYPE_CHECKING:
    from journeylint.host import Host
    from journeylint.model import JsonObject
    from journeylint.plugin_choice import PluginOptions
    from journeylint.ports import Kind

_FILES = (
    "policy",
    "pack",
    "config",
    "baseline",
    "report",
    "explanation",
    "impact",
    "import",
    "suppressions",
    "test-report",
    "survivors",
    "journey-facts",
)


@click.command(short_help="Print a JSON Schema for your editor.")
@click.argument("name", required=False)
@config_option
@plugin_options
def schema(*, name: str | None, config: str | None, plugins: PluginOptions) -> int:
    """Print the JSON Schema NAME; without NAME, list all there are.

    policy, pack, config and baseline are the files of journeylint, and manifest is a document of any kind that is installed. Each
    kind has one too: Journey, Segment, and those of plugins. report, explanation, impact, import and suppressions are what
    `check`, `explain`, `impact`, `import` and `suppressions` write as JSON.

    \b
    Examples:
      journeylint schema
      journeylint schema manifest > .vscode/manifest.schema.json
    """
    host = build_command_host(plugins, config=config).host
    schemas = _collect(host, host.manifest_kinds if name is None else host.kinds)
    text = "\n".join(_list_lines(schemas)) if name is None else _as_json(_find(name, schemas))
    write_standard_output(lambda stream: stream.write(text + "\n"))
    return 0


def _collect(host: Host, kinds: Mapping[str, Kind]) -> dict[str, JsonObject]:
    """The schemas of all files of ours, and of these *kinds*, by name."""
    from journeylint.host import schema_of  # noqa: PLC0415 - `--help` needs no engine
    from journeylint.manifest_schema import combine_schemas  # noqa: PLC0415 - as above

    found = {name: schema_of(name) for name in _FILES}
    found["manifest"] = combine_schemas(host.manifest_kinds.values())
    for kind in sorted(kinds):
        found.setdefault(kind, kinds[kind].schema)
    return found


def _find(name: str, schemas: Mapping[str, JsonObject]) -> JsonObject:
    if name in schemas:
        return schemas[name]
    folded = [known for known in schemas if known.casefold() == name.casefold()]
    if len(folded) == 1:
        return schemas[folded[0]]
    hint = did_you_mean(name, schemas) or f": expected one of {', '.join(schemas)}"
    raise UsageError(f"there is no schema {name!r}{hint}")


def _as_json(schema: JsonObject) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False)


def _list_lines(schemas: Mapping[str, JsonObject]) -> Iterator[str]:
    widest = max(map(len, schemas))
    for name, found in schemas.items():
        first, rest = f"{make_visible(name):{widest}}  ", " " * (widest + 2)
        yield from wrap(str(found.get("description", "")), first=first, rest=rest)
    yield ""
    yield "To print one: journeylint schema NAME"
