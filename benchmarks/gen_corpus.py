"""Writes manifests for benchmarks, and how many findings of each policy are in them.

    python -m benchmarks.gen_corpus FOLDER COUNT [--seed 7] [--bad-rate 0.05] [--format yaml|json]

The same arguments give the same bytes. Under FOLDER come `d000/journey-000000.yaml` and so on, 1,000 journeys a folder:
each a Journey and the Segments that only it uses, some 60 lines (as JSON: one file a document). `shared.yaml` holds
what many journeys use: a list that every fifth excludes, and copies of outbound segments with their originals.
`truth.json`, written last, has the number of findings a policy for `--as-of 2025-01-01`; policies that it does not
name have none.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

Node: TypeAlias = "str | int | list[str] | list[dict[str, Node]] | dict[str, Node]"
Document: TypeAlias = "dict[str, Node]"
Window: TypeAlias = "tuple[dt.datetime, dt.datetime]"

TEAMS = ("lifecycle", "growth", "retention", "crm", "loyalty", "billing")
VERBS = ("welcome", "winback", "upsell", "renewal", "birthday", "cart", "survey", "reactivation")
REGIONS = ("emea", "amer", "apac")
FREQUENCIES = ("ongoing", "ongoing", "ongoing", "recurring", "event")
FIRST_PUBLISH = dt.datetime(2025, 1, 2)  # noqa: DTZ001 - manifests hold local times
COPIES = 50
JOURNEYS_PER_FOLDER = 1000
COUNTED = (
    *("OBS002", "OBS003", "OBS004", "OBS005", "OBS006", "OBS007", "OBS008", "OBS010", "OBS011", "OBS012", "OBS013"),
    "REF001",
)


@dataclass(slots=True)
class Usage:
    """A journey's use of a segment; `source` and `members` are those of a segment of its own, else None."""

    name: str
    role: str
    source: str | None = None
    members: int | None = None
    justified: bool = True

    @property
    def is_outbound(self) -> bool:
        """Whether it uses an outbound segment."""
        return self.source == "outbound"


@dataclass(slots=True)
class Draft:
    """One journey before it is written down: what was drawn for it."""

    number: int
    verb: str
    team: str
    frequency: str
    publish: dt.datetime
    start: dt.datetime
    end: dt.datetime = FIRST_PUBLISH
    region: str = ""
    copy: int | None = None
    usages: list[Usage] = field(default_factory=list)

    @property
    def lead(self) -> dt.timedelta:
        """How long before its start it is published."""
        return self.start - self.publish

    def add_segment(self, source: str, role: str, members: int | None, *, justified: bool = True) -> None:
        """Let it use one more segment of its own."""
        own = sum(usage.source is not None for usage in self.usages)
        self.usages.append(Usage(f"seg-{self.number:06d}-{own}", role, source, members, justified))


def draw_journey(number: int, *, seed: int, bad_rate: float) -> Draft:
    """What journey *number* is to be; it depends on no other journey. Each mistake is made with probability *bad_rate*.

    The order of the draws decides the bytes that come out.
    """
    rng = random.Random(seed * 1_000_003 + number)

    def errs() -> bool:
        return rng.random() < bad_rate

    verb, team = rng.choice(VERBS), rng.choice(TEAMS)
    one_time = rng.random() < 0.3
    frequency = "one_time" if one_time else rng.choice(FREQUENCIES)
    publish = FIRST_PUBLISH + dt.timedelta(minutes=rng.randrange(400_000))
    lead = dt.timedelta(minutes=rng.randrange(1, 239)) if errs() else dt.timedelta(hours=rng.randrange(4, 400))
    draft = Draft(number, verb, team, frequency, publish, publish + lead)
    draft.add_segment("realtime", "audience", rng.randrange(1_000, 5_000_000))
    if not one_time or errs():
        members = None if errs() else rng.randrange(1_000, 749_999)
        draft.add_segment("outbound", "audience", members, justified=not errs())
    if errs():
        draft.add_segment("outbound", "audience", rng.randrange(750_000, 5_000_000))
    draft.add_segment("realtime", "exclusion", rng.randrange(100, 90_000))
    for role in ("exclusion", "branch"):
        if errs():
            draft.add_segment("outbound", role, rng.randrange(100, 90_000))
    if errs():
        draft.usages.append(Usage(f"gone-{number:06d}", "audience"))
    if number % 5 == 0:
        draft.usages.append(Usage("house-list", "exclusion"))
    draft.end = draft.start + dt.timedelta(days=rng.randrange(1, 90))
    if rng.random() < 0.03:
        draft.copy = rng.randrange(COPIES)
        draft.usages.append(Usage(f"house-copy-{draft.copy}", "audience"))
    draft.region = rng.choice(REGIONS)
    return draft


def find_in_usage(draft: Draft, usage: Usage) -> Iterator[str]:
    """The ids of the policies that an outbound *usage* breaks."""
    if usage.role in ("exclusion", "suppression"):
        yield "OBS002"
    if usage.role in ("branch", "content"):
        yield "OBS003"
    if usage.members is None:
        yield "OBS005"
    else:
        if usage.members >= 750_000:
            yield "OBS004"
        if usage.members * dt.timedelta(hours=1) > draft.lead * 1_000_000:
            yield "OBS008"
    if usage.role == "audience":
        if draft.frequency == "one_time":
            yield "OBS006"
        elif draft.frequency != "ongoing":
            yield "OBS013"
        if not usage.justified:
            yield "OBS010"


def find_in_journey(draft: Draft) -> Iterator[str]:
    """The ids of the policies that *draft* breaks, once a finding; OBS011 depends on others and is not among them."""
    outbound = [usage for usage in draft.usages if usage.is_outbound]
    for usage in outbound:
        yield from find_in_usage(draft, usage)
    if outbound:
        yield "OBS012"
        if draft.lead < dt.timedelta(hours=4):
            yield "OBS007"
    yield from ("REF001" for usage in draft.usages if usage.name.startswith("gone-"))


def count_expired(windows: Sequence[Window]) -> int:
    """How many users of one copy start more than three days after the last of the others has ended (OBS011)."""
    expired = 0
    for number, (start, _) in enumerate(windows):
        others = [end for place, (_, end) in enumerate(windows) if place != number]
        expired += bool(others) and start > max(others) + dt.timedelta(days=3)
    return expired


def build_documents(draft: Draft) -> list[Document]:
    """The Journey and the Segments of its own, in the order in which it uses them."""
    journey: Document = {
        "apiVersion": "journeylint/v1",
        "kind": "Journey",
        "metadata": {
            "name": f"{draft.verb}-{draft.number:06d}",
            "title": f"{draft.verb} journey of {draft.team} no. {draft.number}",
            "labels": {"team": draft.team, "region": draft.region},
        },
        "spec": {
            "frequency": draft.frequency,
            "state": "live",
            "targetEntity": "contact",
            "publishTime": draft.publish.isoformat(),
            "startTime": draft.start.isoformat(),
            "endTime": draft.end.isoformat(),
            "timeZone": "UTC",
            "segments": [build_usage(usage) for usage in draft.usages],
        },
    }
    own = [usage for usage in draft.usages if usage.source is not None]
    return [journey, *(build_own_segment(usage, draft.team) for usage in own)]


def build_usage(usage: Usage) -> Document:
    """The item of `spec.segments`."""
    item: Document = {"name": usage.name, "role": usage.role}
    if usage.is_outbound and usage.role == "audience" and usage.justified:
        item["justification"] = "query uses an operator that real-time segments lack"
    return item


def build_own_segment(usage: Usage, team: str) -> Document:
    """The Segment that *usage* uses."""
    spec: Document = {"source": usage.source or "", "type": "dynamic", "state": "live", "baseEntity": "contact"}
    if usage.members is not None:
        spec["memberCount"] = usage.members
    return build_segment({"name": usage.name, "labels": {"team": team}}, spec)


def build_segment(metadata: Document, spec: Document) -> Document:
    """A Segment with these members."""
    return {"apiVersion": "journeylint/v1", "kind": "Segment", "metadata": metadata, "spec": spec}


def build_shared() -> Iterator[Document]:
    """The Segments that many journeys use, and the originals of those that are copies."""
    yield build_segment({"name": "house-list"}, {"source": "realtime", "memberCount": 123_456})
    for number in range(COPIES):
        original = f"house-original-{number}"
        yield build_segment({"name": original}, {"source": "outbound", "memberCount": 5_000})
        copy: Document = {"source": "realtime", "memberCount": 5_000, "copyOf": original}
        yield build_segment({"name": f"house-copy-{number}"}, copy)


def format_yaml(documents: Iterator[Document] | Sequence[Document]) -> str:
    """A stream of block-style YAML documents."""
    return "\n---\n".join("\n".join(format_mapping(document, 0)) for document in documents) + "\n"


def format_mapping(mapping: Mapping[str, Node], depth: int) -> Iterator[str]:
    """The lines of *mapping*, two blanks a level."""
    pad = "  " * depth
    for key, value in mapping.items():
        if isinstance(value, dict):
            yield f"{pad}{key}:"
            yield from format_mapping(value, depth + 1)
        elif isinstance(value, list):
            yield f"{pad}{key}:"
            for item in value:
                if isinstance(item, str):
                    yield f"{pad}  - {format_scalar(item)}"
                    continue
                first, *rest = format_mapping(item, depth + 2)
                yield f"{pad}  - {first.lstrip()}"
                yield from rest
        else:
            yield f"{pad}{key}: {format_scalar(value)}"


def format_scalar(value: str | int) -> str:
    """*value* as YAML: text that holds blanks or begins with a digit in double quotes."""
    is_plain = isinstance(value, str) and not (" " in value or value[:1].isdigit())
    return str(value) if is_plain else json.dumps(value)


def write_corpus(folder: Path, count: int, *, seed: int = 7, bad_rate: float = 0.05, suffix: str = "yaml") -> None:
    """Write *count* journeys with all that they need to *folder*, as `yaml` or `json`, and `truth.json` last of all."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "shared.yaml").write_text(format_yaml(build_shared()), encoding="utf-8")
    truth = Counter(dict.fromkeys(COUNTED, 0))
    users: defaultdict[int, list[Window]] = defaultdict(list)
    for number in range(count):
        draft = draw_journey(number, seed=seed, bad_rate=bad_rate)
        truth.update(find_in_journey(draft))
        if draft.copy is not None:
            users[draft.copy].append((draft.start, draft.end))
        write_journey(folder / f"d{number // JOURNEYS_PER_FOLDER:03d}", draft, suffix)
    truth["OBS011"] = sum(map(count_expired, users.values()))
    (folder / "truth.json").write_text(json.dumps(truth, indent=2, sort_keys=True), encoding="utf-8")


def write_journey(folder: Path, draft: Draft, suffix: str) -> None:
    """Write the documents of *draft* to *folder*: one file as YAML, one a document as JSON."""
    folder.mkdir(exist_ok=True)
    stem = f"journey-{draft.number:06d}"
    documents = build_documents(draft)
    if suffix == "yaml":
        (folder / f"{stem}.yaml").write_text(format_yaml(documents), encoding="utf-8")
        return
    for place, document in enumerate(documents):
        (folder / f"{stem}-{place}.json").write_text(json.dumps(document, indent=2), encoding="utf-8")


def main() -> None:
    """Write the corpus that the command line asks for."""
    parser = argparse.ArgumentParser(description="Write manifests with a known number of findings.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("count", type=int, help="how many journeys")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--bad-rate", type=float, default=0.05, help="the probability of each mistake (default 0.05)")
    parser.add_argument("--format", choices=["yaml", "json"], default="yaml")
    chosen = parser.parse_args()
    write_corpus(chosen.folder, chosen.count, seed=chosen.seed, bad_rate=chosen.bad_rate, suffix=chosen.format)


if __name__ == "__main__":
    main()
