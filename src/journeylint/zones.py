"""Time zones by name: Windows ids, which Dynamics stores, and IANA names.

The rules come from the installed `tzdata` package alone and never from the machine, so that a run gives the same report
wherever it runs. A name is looked up in the package's own list before any file is opened.
"""

from __future__ import annotations

from datetime import UTC, tzinfo
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from journeylint.suggest import nearest
from journeylint.wording import quote_value

if TYPE_CHECKING:
    from collections.abc import Mapping

_UTC_NAMES = frozenset({"UTC", "Etc/UTC"})


class ZoneError(ValueError):
    """A name that no time zone has; its text is a message for a person."""


@lru_cache(maxsize=256)
def zone_named(name: str) -> tzinfo:
    """The time zone with this Windows id or IANA name, spelt as they spell it; raises ZoneError where there is none."""
    if name in _UTC_NAMES:
        return UTC
    iana = name if name in iana_names() else windows_ids().get(name)
    if iana is None:
        raise ZoneError(_explain_unknown(name))
    return _load_zone(iana)


def zone_exists(name: str) -> bool:
    """Whether *name* is a Windows id or an IANA name, spelt as they spell it."""
    return name in _UTC_NAMES or name in iana_names() or name in windows_ids()


@cache
def iana_names() -> frozenset[str]:
    """Every IANA name that can be used, links such as `Europe/Kiev` among them."""
    return frozenset(_read_tzdata("zones").decode("ascii").split())


@cache
def windows_ids() -> Mapping[str, str]:
    """Windows ids and the IANA name that each stands for."""
    # The package around this module looks up the machine's own zone when imported and costs 10 ms; its table does not.
    from importlib.machinery import PathFinder  # noqa: PLC0415 - only a run that meets a Windows id pays for it
    from importlib.util import module_from_spec  # noqa: PLC0415 - as above

    package = PathFinder.find_spec("tzlocal")
    table = PathFinder.find_spec("windows_tz", package.submodule_search_locations) if package else None
    if table is None or table.loader is None:
        from tzlocal import windows_tz  # noqa: PLC0415 - for an installation that is not a plain folder

        return dict(windows_tz.win_tz)
    module = module_from_spec(table)
    table.loader.exec_module(module)
    return dict(module.win_tz)


@cache
def _load_zone(iana: str) -> tzinfo:
    from io import BytesIO  # noqa: PLC0415 - only a run with local times pays for it
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - as above

    return ZoneInfo.from_file(BytesIO(_read_tzdata("zoneinfo", *iana.split("/"))), key=iana)


def _read_tzdata(*parts: str) -> bytes:
    import os.path  # noqa: PLC0415 - beside the import that needs it

    import tzdata  # type: ignore[import-untyped]  # noqa: PLC0415 - ships no types; only a run with zones pays for it

    path = os.path.join(os.path.dirname(tzdata.__file__), *parts)  # noqa: PTH118, PTH120 - what get_data takes
    loader = tzdata.__spec__.loader
    content: bytes = loader.get_data(path)
    return content


def _explain_unknown(name: str) -> str:
    near = nearest(name, [*iana_names(), *windows_ids()])
    hint = (
        f"did you mean {near!r}?"
        if near is not None
        else "expected a Windows id such as 'W. Europe Standard Time' or an IANA name such as 'Europe/Berlin'"
    )
    return f"{quote_value(name)} is not a time zone - {hint}"
