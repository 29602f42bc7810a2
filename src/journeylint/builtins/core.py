"""What journeylint itself supplies, through the hooks that any plugin uses: formats, functions and reports."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import cast

from journeylint import hookimpl
from journeylint.builtins import report_entries
from journeylint.cel import LONGEST_DURATION
from journeylint.formats.json import JsonLoader
from journeylint.formats.yaml import YamlLoader
from journeylint.ports import CelFunction, Loader, ReporterEntry
from journeylint.times import format_span, parse_instant
from journeylint.written_times import write_instant
from journeylint.zones import zone_named

_FIRST_INSTANT = datetime(1, 1, 1, microsecond=1, tzinfo=UTC)
_LAST_INSTANT = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
_LARGEST_INTEGER = (1 << 63) - 1

_LONGEST_RANGE = 10_000

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


@hookimpl
def journeylint_loaders() -> Iterable[Loader]:
    """YAML 1.2 and JSON."""
    return (YamlLoader(), JsonLoader())


@hookimpl
def journeylint_reporters() -> Iterable[ReporterEntry]:
    """The report formats."""
    return report_entries.entries()


@hookimpl
def journeylint_functions() -> Iterable[CelFunction]:
    """Functions over texts, times and numbers; those about other manifests belong to the evaluator."""
    instant = "the instant of a date-time or date, local in a time zone (IANA or Windows) unless it has an offset"
    local = "an instant as the clocks of a time zone (IANA or Windows) show it, for getHours() and its like"
    moved = "the first whole minute at or after an instant, written as another date-time is: with its offset, or local in a zone"
    elapsed = "how long it is from one instant to another; unlike a difference it may be more than 292 years"
    clock = "how many minutes after midnight clocks show a time of day such as 08:30"
    shown = "a value as messages print it"
    added = "what the whole numbers of a list come to, or the largest there is where that would be more"
    counted = "the list of the whole numbers from 0 on, so many of them"
    run = "the longest run of whole numbers that follow each other, of those in a list and in lists in it"
    return (
        CelFunction("instant", ("string", "string"), "timestamp", _instant, instant),
        CelFunction("localTime", ("timestamp", "string"), "timestamp", _local_time, local),
        CelFunction("writeTime", ("timestamp", "string", "string"), "string", write_instant, moved),
        CelFunction("elapsed", ("timestamp", "timestamp"), "duration", _elapsed, elapsed),
        CelFunction("minutes", ("int",), "duration", _minutes, "that many minutes"),
        CelFunction("minutes", ("double",), "duration", _minutes, "that many minutes"),
        CelFunction("hours", ("int",), "duration", _hours, "that many hours"),
        CelFunction("hours", ("double",), "duration", _hours, "that many hours"),
        CelFunction("minuteOfDay", ("string",), "int", _minute_of_day, clock),
        CelFunction("sum", ("list",), "int", _sum, added),
        CelFunction("range", ("int",), "list", _range, counted),
        CelFunction("longestRun", ("list",), "list", _longest_run, run),
        CelFunction("text", ("string",), "string", str, shown),
        CelFunction("text", ("int",), "string", _show_integer, shown),
        CelFunction("text", ("double",), "string", _show_number, shown),
        CelFunction("text", ("bool",), "string", _show_bool, shown),
        CelFunction("text", ("timestamp",), "string", _show_instant, shown),
        CelFunction("text", ("duration",), "string", format_span, shown),
        CelFunction("text", ("null",), "string", _show_nothing, shown),
        CelFunction("text", ("list",), "string", _show_list, shown),
        CelFunction("text", ("map",), "string", _show_map, shown),
    )


def _local_time(moment: datetime, zone: str) -> datetime:
    """What clocks in *zone* show at *moment*, as if they stood in UTC: CEL's own functions know no Windows ids."""
    return moment.astimezone(zone_named(zone)).replace(tzinfo=UTC)


def _elapsed(start: datetime, end: datetime) -> timedelta:
    return end - start


def _minutes(count: float) -> timedelta:
    return _span(count, 60)


def _hours(count: float) -> timedelta:
    return _span(count, 3600)


def _instant(text: str, zone: str) -> datetime:
    """The instant, but for those of the first microsecond and the last second that there are, which CEL takes for no time."""
    return max(_FIRST_INSTANT, min(_LAST_INSTANT, parse_instant(text, zone)))


def _sum(numbers: list[object]) -> int:
    """The sum of whole *numbers*, or the whole number of CEL that is nearest to it: sizes may be as large as one can be."""
    for number in numbers:
        if type(number) is not int:
            raise ValueError("only whole numbers can be added up")
    return max(-_LARGEST_INTEGER - 1, min(_LARGEST_INTEGER, sum(cast("list[int]", numbers))))


def _longest_run(numbers: list[object]) -> list[int]:
    """The longest run of consecutive numbers among *numbers* and those in lists in it, in order; the first of several."""
    held = [one for each in numbers for one in (each if isinstance(each, list) else [each])]
    if any(type(one) is not int for one in held):
        raise ValueError("only whole numbers follow each other")
    every = sorted(set(cast("list[int]", held)))
    best, begin = (0, 0), 0
    for place, number in enumerate(every):
        if place and number != every[place - 1] + 1:
            begin = place
        best = max(best, (place + 1 - begin, -begin))
    length, first = best[0], -best[1]
    return every[first : first + length]


def _range(count: int) -> list[int]:
    """0 to *count* - 1, of which there may be a few thousand: a predicate that goes over more would never end."""
    if count > _LONGEST_RANGE:
        raise ValueError(f"a range can have at most {_LONGEST_RANGE:,} numbers")
    return list(range(count))


def _span(count: float, seconds: int) -> timedelta:
    """*count* times *seconds*, or the longest span that CEL can hold where it would be longer."""
    limit = LONGEST_DURATION.total_seconds() / seconds
    if count != count:  # noqa: PLR0124 - true of NaN alone
        raise ValueError("not a number of minutes or hours")
    return timedelta(minutes=max(-limit, min(limit, count)) * (seconds // 60))


def _minute_of_day(clock: str) -> int:
    found = _CLOCK.fullmatch(clock)
    if not found:
        raise ValueError(f"'{clock}' is not a time of day from 00:00 to 23:59")
    return int(found[1]) * 60 + int(found[2])


def _show(value: object) -> str:
    return _SHOWN.get(type(value), str)(value)


def _show_nothing(_: object) -> str:
    return "none"


def _show_bool(value: bool) -> str:  # noqa: FBT001 - CEL passes it so
    return "true" if value else "false"


def _show_integer(value: int) -> str:
    return f"{value:,}" if abs(value) >= 10_000 else str(value)


def _show_number(value: float) -> str:
    return f"{value:,.10g}" if abs(value) >= 10_000 else f"{value:.10g}"


def _show_instant(value: datetime) -> str:
    seconds = ":%S" if value.second or value.microsecond else ""
    return value.strftime(f"%Y-%m-%d %H:%M{seconds} UTC").rjust(len("2025-01-01 00:00 UTC"), "0")


def _show_list(value: list[object]) -> str:
    return ", ".join(map(_show, value)) or "none"


def _show_map(value: dict[str, object]) -> str:
    """A manifest by its kind and name, any other map by its members, sorted: CEL keeps no order."""
    metadata = value.get("metadata")
    if isinstance(metadata, dict) and "kind" in value and "name" in metadata:
        return f"{value['kind']} '{metadata['name']}'"
    return "{" + ", ".join(f"{name}: {_show(item)}" for name, item in sorted(value.items())) + "}"


_SHOWN: dict[type, Callable[..., str]] = {
    type(None): _show_nothing,
    bool: _show_bool,
    int: _show_integer,
    float: _show_number,
    datetime: _show_instant,
    timedelta: format_span,
    list: _show_list,
    dict: _show_map,
}
