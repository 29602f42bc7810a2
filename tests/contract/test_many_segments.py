"""Journeys with more segments than are judged at once: CEL's own lists would take memory by the square of their length."""

from __future__ import annotations

from pathlib import Path

import pytest

from journeylint.evaluate import MOST_NODES_AT_ONCE
from tests.contract.command_line import journey, judge, segment

COUNTS = (1, 100, 101, MOST_NODES_AT_ONCE, MOST_NODES_AT_ONCE + 1, 2_000)


@pytest.mark.parametrize("count", COUNTS)
def test_every_usage_is_judged_however_many_there_are(tmp_path: Path, count: int) -> None:
    uses = ["name: vip, role: exclusion"] * count
    spec = "publishTime: 2025-03-02T08:00\nstartTime: 2025-03-02T09:00"
    outcome = judge(tmp_path, journey(spec, *uses), segment(spec="source: outbound, memberCount: 5"))
    assert outcome.failures == []
    assert outcome.tally("OBS002") == (0, count, 0)
    assert outcome.tally("OBS003") == (0, 0, count)
    assert outcome.tally("REF001") == (count, 0, 0)
    assert outcome.pointers("OBS002") == [f"/spec/segments/{index}" for index in range(count)]
    assert outcome.pointers("OBS007") == ["/spec/startTime"]
    assert outcome.pointers("OBS012") == ["/spec/segments"]
