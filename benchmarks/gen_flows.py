"""Writes real-time journeys with flows of 12 steps for benchmarks: messages, waits, branches, series, tests, and few mistakes.

    python -m benchmarks.gen_flows FOLDER COUNT [--seed N] [--bad-rate R]

The same arguments give the same bytes. Under FOLDER come `d000/journey-000000.yaml` and so on, 1,000 journeys a folder:
each a Journey with the Segment and the three Messages that only it uses, some 150 lines. `shared.yaml` holds what many journeys
use: Segments, Triggers, Messages and the Environment. `truth.json`, written last, has the number of findings a policy
that the mistakes come to; policies about what teams may well want otherwise can find more.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.gen_corpus import JOURNEYS_PER_FOLDER, Document, Node, build_segment, format_yaml

ENVIRONMENT = "contoso-prod"
FIRST_START = dt.datetime(2026, 1, 5, 9)  # noqa: DTZ001 - manifests hold local times, and by day, when no clock is changed
STATES = ("live", "live", "live", "live", "live", "live", "draft", "draft", "paused", "completed")
AIMS = ("welcome", "winback", "renewal", "birthday", "cart", "survey", "upsell", "event")
TEAMS = ("lifecycle", "growth", "retention", "loyalty")
SHARED = 40
"""How many Segments and Messages of a sort there are that many journeys use, and Triggers for each purpose."""
COUNTED = ("FLW001", "REF003")


class Draft(NamedTuple):
    """One journey: its number, what it does, and the source of everything that is drawn for it."""

    number: int
    rng: random.Random
    bad_rate: float

    def errs(self) -> bool:
        """Whether the next mistake is made."""
        return self.rng.random() < self.bad_rate

    def own(self, what: str) -> str:
        """The name of a manifest of its own."""
        return f"{what}-{self.number:06d}"

    def shared(self, what: str) -> str:
        """The name of one that many journeys use."""
        return f"{what}-{self.rng.randrange(SHARED)}"

    def figure(self, least: int, most: int) -> int:
        """A figure from *least* to *most*."""
        return self.rng.randint(least, most)


def step(name: str, kind: str, following: str | None, **more: Node) -> Document:
    """A step, with what leads on from it last."""
    return {"id": name, "type": kind, **more, **({} if following is None else {"next": following})}


def mail(name: str, message: str, following: str | None) -> Document:
    """A step that sends *message*."""
    return step(name, "message", following, title=f"Send {name}", message=message, quietTime="ApplyDefaultQuietTime")


def wait(draft: Draft, name: str, following: str | None, most_days: int = 5) -> Document:
    """A step that waits for some days."""
    return step(name, "wait", following, count=draft.figure(1, most_days), unit="days")


def test(draft: Draft, name: str, following: str | None) -> Document:
    """An A/B test between two Messages."""
    versions: list[Document] = [
        {"label": label, "message": draft.own(f"mail-{label.lower()}"), "percent": 50} for label in ("A", "B")
    ]
    return step(name, "ab_test", following, versions=versions, defaultVersion="A", metric="clicks")


def best_channel(draft: Draft, name: str, following: str | None) -> Document:
    """A step that chooses the best channel for each person."""
    versions: list[Document] = [
        {"label": channel, "message": draft.shared(f"{channel}-note"), "channel": channel}
        for channel in ("email", "text")
    ]
    return step(name, "channel_optimization", following, versions=versions, defaultVersion="email")


def await_trigger(draft: Draft, name: str, met: str, late: str) -> Document:
    """A step that waits for a trigger."""
    ways: list[Document] = [{"on": "met", "label": "Happened", "next": met}, {"on": "timeout", "next": late}]
    timeout: Document = {"count": draft.figure(1, 14), "unit": "days"}
    awaited: Document = {"trigger": draft.shared("awaited"), "bindingId": "orderid"}
    return step(name, "wait_for_trigger", None, **awaited, timeout=timeout, branches=ways)


def ask(draft: Draft, name: str, met: str, otherwise: str) -> Document:
    """A branch on a segment."""
    segment = draft.shared("segment")
    ways: list[Document] = [
        {"on": "met", "label": "Members", "segment": segment, "next": met},
        {"on": "otherwise", "label": "All others", "next": otherwise},
    ]
    return step(name, "branch", None, branches=ways)


def tell_sales(draft: Draft) -> Document:
    """A step that raises a trigger, the last one."""
    attributes = ["orderid"]
    return step("tell-sales", "custom_action", None, trigger=draft.shared("raised"), mappedAttributes=attributes)


def split(name: str, one: str, other: str) -> Document:
    """Two halves at random."""
    ways: list[Document] = [{"percent": 50, "next": one}, {"percent": 50, "next": other}]
    return step(name, "split", None, branches=ways)


def onboarding(draft: Draft) -> list[Document]:
    """A greeting, a series of reminders, a test."""
    action = tell_sales(draft)
    return [
        mail("welcome", draft.own("mail"), "pause"),
        wait(draft, "pause", "ask"),
        ask(draft, "ask", "reminders", "test"),
        step("reminders", "series", "test", body="remind"),
        mail("remind", draft.shared("email-note"), "wait-again"),
        wait(draft, "wait-again", "remind-again"),
        mail("remind-again", draft.shared("email-note"), None),
        test(draft, "test", "await-order"),
        await_trigger(draft, "await-order", "tell-sales", "halves"),
        split("halves", "best-channel", "tell-sales"),
        best_channel(draft, "best-channel", "tell-sales"),
        action,
    ]


def campaign(draft: Draft) -> list[Document]:
    """A test, who opened it, a note by the best channel, a branch, a record."""
    record = step("note-it", "create_record", None, entity="task")
    return [
        test(draft, "teaser", "await-click"),
        await_trigger(draft, "await-click", "pause", "best-channel"),
        best_channel(draft, "best-channel", "pause"),
        wait(draft, "pause", "ask"),
        ask(draft, "ask", "offer", "halves"),
        split("halves", "offer", "pause-longer"),
        wait(draft, "pause-longer", "offer", most_days=20),
        mail("offer", draft.own("mail"), "await-order"),
        await_trigger(draft, "await-order", "thanks", "remind"),
        mail("remind", draft.shared("email-note"), "note-it"),
        mail("thanks", draft.shared("email-note"), "note-it"),
        record,
    ]


def nurture(draft: Draft) -> list[Document]:
    """Messages and waits one behind the other, then a test and a branch."""
    timeout: Document = {"count": draft.figure(1, 60), "unit": "days"}
    ways: list[Document] = [{"on": "met", "next": "reward"}, {"on": "timeout", "next": "last-try"}]
    return [
        mail("first-letter", draft.own("mail"), "wait-1"),
        wait(draft, "wait-1", "second-letter"),
        mail("second-letter", draft.shared("email-note"), "wait-2"),
        wait(draft, "wait-2", "third-letter"),
        mail("third-letter", draft.shared("email-note"), "wait-3"),
        wait(draft, "wait-3", "test", most_days=20),
        test(draft, "test", "await-membership"),
        step(
            "await-membership",
            "wait_for_segment",
            None,
            segment=draft.shared("segment"),
            timeout=timeout,
            branches=ways,
        ),
        best_channel(draft, "last-try", "ask"),
        ask(draft, "ask", "reward", "tell-sales"),
        mail("reward", draft.shared("email-note"), "tell-sales"),
        tell_sales(draft),
    ]


SHAPES = (onboarding, campaign, nurture)


def build_journey(draft: Draft, truth: Counter[str]) -> Document:
    """The Journey, with what its mistakes come to added to *truth*."""
    rng = draft.rng
    state, shape, by_event = rng.choice(STATES), rng.choice(SHAPES), rng.random() < 0.4
    start = FIRST_START + dt.timedelta(days=rng.randrange(40), hours=rng.randrange(12))
    if state == "draft":
        start += dt.timedelta(days=90)
    steps = shape(draft)
    if draft.errs():
        truth["FLW001"] += state != "completed"
        next(one for one in steps if one.get("next"))["next"] = "gone"
    if draft.errs():
        truth["REF003"] += state != "completed"
        next(one for one in steps if one["type"] == "message")["message"] = draft.own("gone")
    entry: Document = {"isRepeatable": bool(by_event)}
    used: list[Document] = [{"name": draft.own("segment"), "role": "audience"}]
    used.append({"name": draft.shared("group"), "role": "exclusion"})
    beginning, leaving = (use_trigger(draft, what, bindingId="orderid") for what in ("starting", "ending"))
    reaching = use_trigger(draft, "reaching")
    flow: Document = {**(beginning if by_event else {}), "steps": steps}
    goal: Document = {"name": "Complete a purchase", **reaching, "percent": 20}
    spec: Document = {
        "frequency": "event" if by_event else rng.choice(("ongoing", "one_time")),
        "state": state,
        "targetEntity": "contact",
        **({} if state == "draft" else {"publishTime": (start - dt.timedelta(days=2)).isoformat()}),
        "startTime": start.isoformat(),
        "endTime": (start + dt.timedelta(days=330)).isoformat(),
        "timeZone": "W. Europe Standard Time",
        "purpose": "marketing",
        "entry": entry,
        "segments": used[1:] if by_event else used,
        "flow": flow,
        "exit": leaving,
        "goal": goal,
        "frequencyCap": "apply",
    }
    aim = rng.choice(AIMS)
    labels: Document = {"team": rng.choice(TEAMS)}
    return build("Journey", f"{aim}-{draft.number:06d}", spec, title=f"{aim} journey no. {draft.number}", labels=labels)


def use_trigger(draft: Draft, what: str, **more: Node) -> Document:
    """The member that names the one Trigger of a place."""
    used: list[Document] = [{"name": draft.shared(what), **more}]
    return {"triggers": used}


def build(kind: str, name: str, spec: Document, **metadata: Node) -> Document:
    """A manifest."""
    named: Document = {"name": name, "environment": ENVIRONMENT, **metadata}
    return {"apiVersion": "journeylint/v1", "kind": kind, "metadata": named, "spec": spec}


def build_message(name: str, channel: str, rng: random.Random) -> Document:
    """A Message as the documentation wants it."""
    there: Document = {"html": True, "plainText": True}
    spec: Document = {
        "channel": channel,
        "state": "ready_to_send",
        "complianceProfile": "Contoso",
        "purpose": "Newsletter",
        "purposeType": "commercial",
        "topic": "Offers",
        "consentModel": "restrictive",
    }
    if channel == "email":
        spec |= {"subject": f"News no. {name}", "htmlBytes": rng.randrange(8_000, 90_000)}
        spec |= {
            "unsubscribeLink": there,
            "companyAddress": there,
            "personalization": {"attributes": rng.randint(1, 9)},
        }
    else:
        spec["characters"] = rng.randrange(40, 150)
    return build("Message", name, spec)


def build_owned(draft: Draft) -> Iterator[Document]:
    """The Segment and the Messages that only this journey uses."""
    yield build_live_segment(draft.own("segment"), draft.figure(1_000, 900_000))
    for what in ("mail", "mail-a", "mail-b"):
        yield build_message(draft.own(what), "email", draft.rng)


def build_live_segment(name: str, members: int) -> Document:
    """A real-time Segment that can be used."""
    spec: Document = {
        "source": "realtime",
        "type": "dynamic",
        "state": "live",
        "baseEntity": "contact",
        "memberCount": members,
    }
    return build_segment({"name": name, "environment": ENVIRONMENT}, spec)


def build_shared(seed: int) -> Iterator[Document]:
    """What many journeys use."""
    rng = random.Random(seed)
    for number in range(SHARED):
        yield build_live_segment(f"segment-{number}", rng.randrange(1_000, 900_000))
        yield build_live_segment(f"group-{number}", rng.randrange(1_000, 90_000))
        attributes: list[Document] = [{"name": "orderid", "type": "string"}]
        trigger: Document = {
            "type": "custom",
            "state": "published",
            "targetEntities": ["contact"],
            "attributes": attributes,
        }
        for what in ("starting", "awaited", "raised", "ending", "reaching"):
            yield build("Trigger", f"{what}-{number}", trigger)
        yield build_message(f"email-note-{number}", "email", rng)
        yield build_message(f"text-note-{number}", "text", rng)
    yield build_environment()


def build_environment() -> Document:
    """The settings of the environment."""
    hours: list[Document] = [{"from": "20:00", "to": "23:59"}, {"from": "00:00", "to": "08:00"}]
    nights: Document = {"name": "Nights", "isDefault": True, "timeZone": "W. Europe Standard Time", "hours": hours}
    purpose: Document = {"name": "Newsletter", "type": "commercial", "enforcement": "restrictive", "topics": ["Offers"]}
    profile: Document = {"name": "Contoso", "companyAddress": True, "purposes": [purpose]}
    caps: list[Document] = [
        {"channel": "email", "per": "week", "count": 5},
        {"channel": "text", "per": "week", "count": 2},
    ]
    quotas: Document = {"interactedPeople": 20_000_000, "messagesPerDay": 9_000_000, "messagesPerMonth": 90_000_000}
    spec: Document = {"quietTimes": [nights], "frequencyCap": caps, "complianceProfiles": [profile], "quotas": quotas}
    return build("Environment", ENVIRONMENT, spec)


def write_flows(folder: Path, count: int, *, seed: int = 7, bad_rate: float = 0.02) -> None:
    """Write *count* journeys with all that they need to *folder*, and `truth.json` last of all."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "shared.yaml").write_text(format_yaml(build_shared(seed)), encoding="utf-8")
    truth = Counter(dict.fromkeys(COUNTED, 0))
    for number in range(count):
        draft = Draft(number, random.Random(seed * 1_000_003 + number), bad_rate)
        documents = [build_journey(draft, truth), *build_owned(draft)]
        place = folder / f"d{number // JOURNEYS_PER_FOLDER:03d}"
        place.mkdir(exist_ok=True)
        (place / f"journey-{number:06d}.yaml").write_text(format_yaml(documents), encoding="utf-8")
    (folder / "truth.json").write_text(json.dumps(truth, indent=2, sort_keys=True), encoding="utf-8")


def main() -> None:
    """Write the corpus that the command line asks for."""
    parser = argparse.ArgumentParser(description="Write real-time journeys with flows of 12 steps.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("count", type=int, help="how many journeys")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--bad-rate", type=float, default=0.02, help="the probability of each mistake (default 0.02)")
    chosen = parser.parse_args()
    write_flows(chosen.folder, chosen.count, seed=chosen.seed, bad_rate=chosen.bad_rate)


if __name__ == "__main__":
    main()
