"""Names for the manifests that rows become: from their titles, and the same whatever the order of the rows."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import NamedTuple

from journeylint.importing.translate import RowKey, Translated

LONGEST_SLUG = 60
_ID_LENGTH = 8
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{digit}" for port in ("com", "lpt") for digit in range(10))]
)
"""What no file can be called on Windows, whatever its suffix."""
_NO_WORD = re.compile(r"[^a-z0-9]+")
_SPELT_OUT = str.maketrans({"ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "đ": "d", "ł": "l", "þ": "th", "ð": "d"})


class KnownNames(NamedTuple):
    """The names in the folder that is imported into, of one environment.

    `by_row` are those of manifests that were imported before; `taken` are all that a new manifest of a kind cannot have, in
    small letters. `by_alias` are those that rows refer to by another key than that of the row.
    """

    by_row: Mapping[tuple[str, RowKey], str] = {}
    taken: Mapping[str, frozenset[str]] = {}
    by_alias: Mapping[tuple[str, str], str] = {}


NO_NAMES = KnownNames()


def choose_names(manifests: Iterable[Translated], known: KnownNames = NO_NAMES) -> dict[tuple[str, RowKey], str]:
    """The name of each manifest, by its kind and row.

    One that is known keeps its name. A new one is called after its title, from the second version on with its number
    (`-v2`); where two new ones, or a known and a new one, would have one name, new ones have the first 8 characters of
    their row's key behind it.
    """
    names: dict[tuple[str, RowKey], str] = {}
    wished: dict[tuple[str, RowKey], str] = {}
    for one in manifests:
        place = (one.kind, one.key)
        if place in known.by_row:
            names[place] = known.by_row[place]
        else:
            wished[place] = _wish(one)
    for length in (0, _ID_LENGTH, None):
        given = {(kind, name) for (kind, _), name in names.items()}
        wanted = {place: f"{wish}{_suffix(place[1], length)}" for place, wish in wished.items()}
        counts = Counter((kind, name) for (kind, _), name in wanted.items())
        for (kind, row), name in wanted.items():
            if counts[kind, name] == 1 and name not in known.taken.get(kind, ()) and (kind, name) not in given:
                names[kind, row] = name
                del wished[kind, row]
    given = {(kind, name) for (kind, _), name in names.items()}
    numbers: dict[tuple[str, str], Iterator[int]] = {}
    for kind, row in sorted(wished):  # keys that are alike but for characters that no name can have
        name = f"{wished[kind, row]}{_suffix(row, None)}"
        numbered = (f"{name}-{number}" for number in numbers.setdefault((kind, name), count(2)))
        names[kind, row] = next(
            one for one in numbered if (kind, one) not in given and one not in known.taken.get(kind, ())
        )
        given.add((kind, names[kind, row]))
    return names


def slug_of(title: str) -> str:
    """*title* as a name: small ASCII letters and digits with hyphens between words, 60 at most; `""` where it has none."""
    text = title.casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_SPELT_OUT))
        text = "".join(character for character in text if not unicodedata.combining(character))
    slug = _NO_WORD.sub("-", text).strip("-")
    if len(slug) <= LONGEST_SLUG:
        return slug
    cut = slug[: LONGEST_SLUG + 1]
    return cut[: cut.rfind("-")] if "-" in cut[LONGEST_SLUG // 2 :] else cut[:LONGEST_SLUG]


def name_of_id(identifier: str) -> str:
    """A name for a row of which nothing but its key is known."""
    return slug_of(identifier) or "unnamed"


def _wish(one: Translated) -> str:
    slug = slug_of(one.title) or one.kind.lower()
    if slug in _DEVICES:
        slug = f"{one.kind.lower()}-{slug}"
    return f"{slug}-v{one.version}" if one.version > 1 else slug


def _suffix(row: RowKey, length: int | None) -> str:
    if length == 0:
        return ""
    identifier = name_of_id(row.id)
    return f"-{identifier[:length].rstrip('-')}"
