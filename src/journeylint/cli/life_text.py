"""The life of a policy in words: how settled it is, when it holds, and what it was called before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from journeylint.policies import Stage
from journeylint.rulings import name_instant
from journeylint.times import format_instant

if TYPE_CHECKING:
    from datetime import datetime

    from journeylint.policies import Life, Period


def describe_life(life: Life, as_of: datetime) -> Iterator[tuple[str, str]]:
    """What there is to say of *life* at *as_of*, as pairs of a label and a text; nothing of a policy that just holds."""
    if life.stage is Stage.PREVIEW:
        yield "stage", "preview, off until it is selected by its id or name"
    elif life.stage is Stage.DEPRECATED:
        yield (
            "stage",
            f"deprecated, use {life.replaced_by} in its place" if life.replaced_by else "deprecated, it will go",
        )
    if life.effective.begin is not None or life.effective.end is not None:
        yield "holds", _describe_period(life.effective, as_of)
    if life.former_ids or life.former_names:
        yield "was", ", ".join((*life.former_ids, *life.former_names))


def _describe_period(period: Period, as_of: datetime) -> str:
    parts = []
    if period.begin is not None:
        parts.append(f"from {name_instant(period.begin)}")
    if period.end is not None:
        parts.append(f"until {name_instant(period.end)}")
    now = (
        ", its findings are infos so far"
        if period.is_ahead(as_of)
        else ", so it is off"
        if period.is_over(as_of)
        else ""
    )
    return " ".join(parts) + now


def life_data(life: Life) -> dict[str, object]:
    """All of *life* as data; what a policy says nothing of is left out, but for its stage."""
    begin, end = life.effective
    effective = {key: format_instant(moment) for key, moment in (("from", begin), ("until", end)) if moment is not None}
    members: dict[str, object] = {
        "replacedBy": life.replaced_by,
        "formerIds": list(life.former_ids),
        "formerNames": list(life.former_names),
        "effective": effective,
        "history": [change._asdict() for change in life.history],
    }
    return {"stage": life.stage.value, **{key: value for key, value in members.items() if value}}
