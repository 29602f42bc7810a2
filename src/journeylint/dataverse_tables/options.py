"""The choices of Dataverse's columns as data: a value and the word that our schemas have for it.

Sources: "reference" is Microsoft's generated reference of the tables (July 2024); "DevKit" a dump of metadata that
Dynamics-Crm-DevKit publishes (2025); "tried" is what was written down from a live organisation (ai-agent-skills, chapters
6 to 12). A value that is not here is not known: `RowReader.word` says what becomes of it.
"""

from __future__ import annotations

from typing import NamedTuple


class OptionSet(NamedTuple):
    """A column's values. `words` has ours for each value; `choices` are all that our schema has for the key.

    `choices` may name more than any value is known for: then what the system shows decides, where it is such a word.
    """

    words: dict[int, str]
    choices: frozenset[str]


def _options(words: dict[int, str], *others: str) -> OptionSet:
    return OptionSet(words, frozenset({*words.values(), *others}))


TRIGGER_TYPE = _options({0: "recurring", 1: "ongoing", 2: "one_time", 3: "event"})
"""msdynmkt_journey.msdynmkt_triggertype (reference)."""

JOURNEY_STATUS = _options(
    {
        1: "draft",
        2: "live",
        3: "stopped",
        4: "publishing",
        5: "stopping",
        6: "deleted",
        7: "completing",
        8: "completed",
        9: "stopping",
    },
    "paused",
)
"""msdynmkt_journey.statuscode (reference; 9 in DevKit).

5 is Draining, of the state Stopped: nobody comes in any more, and those who are inside go on; that it is our `stopping` is
inferred. No value for Paused is known: the product can pause journeys since both dumps were made.
"""

JOURNEY_STATE = _options(
    {
        0: "draft",
        1: "live",
        2: "stopped",
        3: "publishing",
        4: "deleted",
        5: "completing",
        6: "completed",
        8: "stopping",
    },
    "paused",
)
"""msdynmkt_journey.statecode (reference; 8 in DevKit)."""

FREQUENCY_CAP = _options({0: "apply", 1: "ignore"})
"""msdynmkt_journey.msdynmkt_frequencycaptype (reference)."""

JOURNEY_PURPOSE = _options({721_460_000: "marketing", 721_460_001: "double_opt_in"})
"""msdynmkt_journey.msdynmkt_purpose (reference)."""

SEGMENT_SOURCE = _options({10: "outbound", 11: "data", 12: "realtime"})
"""msdynmkt_segment.msdynmkt_source (reference). That 10, Marketing, means outbound is inferred from its label."""

SEGMENT_TYPE = _options({10: "static", 11: "dynamic"})
"""msdynmkt_segment.msdynmkt_type (reference). 12, Expansion, is known by name only, and we have no word for it."""

SEGMENT_STATUS = _options(
    {
        1: "live",
        2: "draft",
        3: "error",
        4: "deleted",
        5: "exporting",
        6: "computing",
        11: "error",
    },
    "expired",
)
"""msdynmkt_segment.statuscode (reference; 11, Faulted, tried).

For 7, ComputedWithWarnings, there is no word: its statecode is Inactive, and whether a journey can use it is not known. No
value for Expired is known.
"""

SEGMENT_SCOPE = _options({270_100_000: "organization", 270_100_001: "business_unit"})
"""msdynmkt_segment.msdynmkt_scope (reference)."""

DEFINITION_STATUS = _options(
    {
        723_270_000: "live",
        723_270_001: "draft",
        723_270_002: "going_live",
        723_270_003: "deleted",
        723_270_004: "live_with_warnings",
    }
)
"""msdynmkt_segmentdefinition.statuscode (reference)."""

SEGMENT_USAGE = _options({1: "audience", 2: "suppression", 3: "exclusion", 4: "branch", 5: "content"})
"""msdynmkt_segmentusage.msdynmkt_usage (reference). 0 is NotApplicable, which is no role."""

OUTBOUND_TYPE = _options({192_350_000: "dynamic", 192_350_001: "static"})
"""msdyncrm_segment.msdyncrm_segmenttype (reference). 192350002, Compound, has no word of ours."""

OUTBOUND_STATUS = _options(
    {
        192_350_000: "draft",
        192_350_001: "live",
        192_350_004: "expired",
        192_350_005: "error",
    }
)
"""msdyncrm_segment.statuscode (reference). Stopped (2), Live editable (3), Going live (6) and Stopping (7) have no word."""

MESSAGE_STATUS = _options({1: "draft", 2: "ready_to_send", 3: "ready_editing"})
"""statuscode of msdynmkt_email, msdynmkt_sms and msdynmkt_pushnotification (reference). 100, Inactive, has no word."""

MESSAGE_DESIGNATION = _options({534_120_000: "commercial", 534_120_001: "transactional"})
"""msdynmkt_messagedesignation of the same tables (reference)."""

TRIGGER_STATUS = _options({534_120_000: "draft", 534_120_001: "published", 534_120_002: "stopped"})
"""msdynmkt_eventmetadata.msdynmkt_eventmetadatastatus (reference)."""

TRIGGER_STATE = _options(
    {
        534_120_000: "draft",
        534_120_001: "draft",
        534_120_002: "published",
        534_120_003: "stopped",
        534_120_004: "stopped",
        534_120_005: "stopped",
        534_120_006: "stopped",
    }
)
"""msdynmkt_eventmetadata.msdynmkt_state (reference): Draft, Getting ready, Ready to use, Stopping, Stopped, Deleting, Deleted.

Restarting (7) and Resetting (8) have no word.
"""
