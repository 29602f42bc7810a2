"""Rows of `msdynmkt_email`, `msdynmkt_sms` and `msdynmkt_pushnotification`: messages.

Names of tables and columns are those of Microsoft's reference and of DevKit's dump. How content is written - tokens in double
braces, their bindings in `msdynmkt_placeholders` - was tried in a live organisation (ai-agent-skills, chapter 7).

What an import writes, and takes away where the row does not say it:

| member of the spec | from |
| --- | --- |
| `channel` | the table |
| `state` | `statuscode` |
| `businessUnit` | `owningbusinessunit` |
| `complianceProfile` | `msdynmkt_compliancesettings4` of emails, `msdynmkt_compliance` of others |
| `purpose`, `topic` | `msdynmkt_purpose`, `msdynmkt_topic` |
| `purposeType` | `msdynmkt_messagedesignation` |
| `subject` | `msdynmkt_subject` of emails |
| `htmlBytes` | `msdynmkt_emailbody` of emails |
| `companyAddress`, `unsubscribeLink` | tokens in `msdynmkt_emailbody` and `msdynmkt_textpart` of emails |
| `characters` | `msdynmkt_text` of text messages |
| `personalization.attributes`, `.triggers` | `msdynmkt_placeholders` |
| `personalization.usesOutboundSyntax` | `true` for tokens that begin with `contact.` and have no placeholder |

The names of purposes, topics and profiles are what the system shows; where no container said it, the keys of their rows.
`consentModel` and the other members of `personalization` are left as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from journeylint.dataverse_tables.actions import trigger_reference
from journeylint.dataverse_tables.conditions import read_source_type
from journeylint.dataverse_tables.json_column import parse_json
from journeylint.dataverse_tables.options import MESSAGE_DESIGNATION, MESSAGE_STATUS
from journeylint.dataverse_tables.row_reader import RowReader
from journeylint.import_ports import ImportedManifest, ImportedValue, RowError, SourceRow
from journeylint.model import JsonValue
from journeylint.wording import quote_value

_PLACEHOLDERS = "msdynmkt_placeholders"
_TOKEN = re.compile(r"\{\{\s*([A-Za-z_][\w.]{0,99})\s*\}\}")
_ADDRESS = frozenset({"CompanyAddress"})
_PREFERENCES = frozenset({"PreferenceCenter"})
_OUTBOUND_PREFIX = "contact."


class _Binding(NamedTuple):
    """What a token stands for: the column `path` of `table`, from a data source."""

    token: str
    source: str
    table: str
    path: str


def read_email(row: SourceRow) -> ImportedManifest:
    """The Message that *row*, an email, is."""
    reader = _start(row, "email", "msdynmkt_compliancesettings4")
    reader.put("subject", "msdynmkt_subject", reader.text("msdynmkt_subject"))
    bindings = _read_bindings(reader)
    html, plain = _read_content(reader, "msdynmkt_emailbody"), _read_content(reader, "msdynmkt_textpart")
    size = None if html is None else len(html.encode(errors="surrogatepass"))
    reader.put("htmlBytes", "msdynmkt_emailbody", size)
    html_tokens, plain_tokens = _find_tokens(html), _find_tokens(plain)
    for member, names, path in (
        ("companyAddress", _ADDRESS, "companyaddress"),
        ("unsubscribeLink", _PREFERENCES, "preferencescenterurl"),
    ):
        named = names | {one.token for one in bindings or () if one.source == "LegalDataSource" and one.path == path}
        where: dict[str, tuple[str, ImportedValue]] = {
            "html": ("msdynmkt_emailbody", _has_any(named, html_tokens)),
            "plainText": ("msdynmkt_textpart", _has_any(named, plain_tokens)),
        }
        reader.put_members(member, "msdynmkt_emailbody", where)
    _put_personalization(reader, bindings, "msdynmkt_emailbody", html_tokens)
    return _finish(reader)


def read_text_message(row: SourceRow) -> ImportedManifest:
    """The Message that *row*, a text message, is."""
    reader = _start(row, "text", "msdynmkt_compliance")
    text = _read_content(reader, "msdynmkt_text")
    reader.put("characters", "msdynmkt_text", None if text is None else len(text))
    _put_personalization(reader, _read_bindings(reader), "msdynmkt_text", _find_tokens(text))
    return _finish(reader)


def read_push_notification(row: SourceRow) -> ImportedManifest:
    """The Message that *row*, a push notification, is."""
    reader = _start(row, "push", "msdynmkt_compliance")
    tokens = _find_tokens(_read_content(reader, "msdynmkt_message"))
    _put_personalization(reader, _read_bindings(reader), "msdynmkt_message", tokens)
    return _finish(reader)


def _start(row: SourceRow, channel: str, compliance: str) -> RowReader:
    reader = RowReader(row)
    reader.say("channel", channel)
    reader.put("state", "statuscode", reader.word("statuscode", MESSAGE_STATUS))
    reader.put("businessUnit", "owningbusinessunit", reader.name_of("owningbusinessunit"))
    reader.put("complianceProfile", compliance, reader.name_of(compliance))
    reader.put("purpose", "msdynmkt_purpose", reader.name_of("msdynmkt_purpose"))
    designation = "msdynmkt_messagedesignation"
    reader.put("purposeType", designation, reader.word(designation, MESSAGE_DESIGNATION))
    reader.put("topic", "msdynmkt_topic", reader.name_of("msdynmkt_topic"))
    return reader


def _finish(reader: RowReader) -> ImportedManifest:
    return reader.manifest("Message", reader.line("msdynmkt_name") or "")


def _read_content(reader: RowReader, column: str) -> str | None:
    """The text of *column*, as it is sent: nothing is made fit, for it is measured and not kept."""
    value = reader.value(column)
    return value if isinstance(value, str) else reader.text(column)


def _find_tokens(content: str | None) -> frozenset[str] | None:
    """The names in double braces; None where there is no content."""
    return None if content is None else frozenset(_TOKEN.findall(content))


def _has_any(names: frozenset[str], tokens: frozenset[str] | None) -> bool | None:
    return None if tokens is None else not names.isdisjoint(tokens)


def _put_personalization(
    reader: RowReader, bindings: list[_Binding] | None, content: str, tokens: frozenset[str] | None
) -> None:
    """How many attributes are filled in, of which triggers, and whether tokens of outbound marketing stand there."""
    known = {one.token for one in bindings or ()}
    # Without the placeholders nobody can tell of a token whether it has one.
    is_outbound = reader.has(_PLACEHOLDERS) and any(
        token.startswith(_OUTBOUND_PREFIX) and token not in known for token in tokens or ()
    )
    of_people = [one for one in bindings or () if one.source not in ("LegalDataSource", "ConstantValueDataSource")]
    events = dict.fromkeys(one.table for one in of_people if one.source == "EventDataSource" and one.table)
    triggers: list[ImportedValue] = [trigger_reference(name) for name in events]
    attributes = None if bindings is None else len({(one.source, one.table, one.path) for one in of_people})
    members: dict[str, tuple[str, ImportedValue]] = {
        "attributes": (_PLACEHOLDERS, attributes),
        "usesOutboundSyntax": (content if reader.has(_PLACEHOLDERS) else _PLACEHOLDERS, True if is_outbound else None),
        "triggers": (_PLACEHOLDERS, triggers or None),
    }
    reader.put_members("personalization", _PLACEHOLDERS, members)


def _read_bindings(reader: RowReader) -> list[_Binding] | None:
    """What the message's tokens stand for; None where the row does not say it readably."""
    text = reader.text(_PLACEHOLDERS)
    if text is None:
        return None
    try:
        data = parse_json(text, _PLACEHOLDERS)
    except RowError as error:
        reader.notes.add(_PLACEHOLDERS, str(error))
        return None
    if not isinstance(data, dict):
        reader.notes.add(_PLACEHOLDERS, f"{quote_value(data)} cannot be read: expected the tokens of the message")
        return None
    found: list[_Binding] = []
    for token, value in data.items():
        one = next(_find_bindings(token, value), None)
        if one is None:
            reader.notes.add((_PLACEHOLDERS, token), "what the token stands for is not known")
        else:
            found.append(one)
    return found


def _find_bindings(token: str, value: JsonValue) -> Iterator[_Binding]:
    """The outermost binding in *value*: a mapping with a `source`, directly or in members of it."""
    waiting = [value]
    while waiting:
        one = waiting.pop(0)
        if not isinstance(one, dict):
            continue
        source, path = one.get("source"), one.get("outputPath")
        if isinstance(source, str):
            yield _Binding(token, source, read_source_type(one) or "", path if isinstance(path, str) else "")
        waiting += one.values()
