"""Rows of messages and triggers. Every row is synthetic; each test names the fact that it rests on."""

from __future__ import annotations

import json

import pytest

from journeylint.model import JsonObject, JsonValue
from tests.dataverse_rows import BY_NAME, ROW, make_guid, notes_of, read_row, spec_of

EMAIL, SMS, PUSH, TRIGGER = "msdynmkt_email", "msdynmkt_sms", "msdynmkt_pushnotification", "msdynmkt_eventmetadata"
HTML = '<p>Dear {{FirstName}}</p><p>{{CompanyAddress}}</p><a href="{{ PreferenceCenter }}">Unsubscribe</a>'
LEGAL: JsonObject = {"source": "LegalDataSource", "inputs": {"sourceType": {"value": "Default"}}}


@pytest.mark.parametrize(
    ("table", "collection", "channel"),
    [
        (EMAIL, "msdynmkt_emails", "email"),
        (SMS, "msdynmkt_smses", "text"),
        (PUSH, "msdynmkt_pushnotifications", "push"),
    ],
)
def test_fact_messages_are_in_a_table_for_each_channel(table: str, collection: str, channel: str) -> None:
    """EntitySetName of each by the reference."""
    assert BY_NAME[table].collection == collection
    assert BY_NAME[table].key == f"{table}id"
    spec = spec_of(read_row(table, {}))
    assert {name: value for name, value in spec.items() if value != {}} == {"channel": channel}


@pytest.mark.parametrize("table", [EMAIL, SMS, PUSH])
@pytest.mark.parametrize(("value", "word"), [(1, "draft"), (2, "ready_to_send"), (3, "ready_editing")])
def test_fact_statuscode_of_a_message_has_these_values(table: str, value: int, word: str) -> None:
    """1 Draft, 2 Ready to send, 3 Ready to send, editing."""
    assert spec_of(read_row(table, {"statuscode": value}))["state"] == word


def test_fact_statuscode_100_is_inactive_for_which_there_is_no_word() -> None:
    imported = read_row(SMS, {"statuscode": 100}, {"statuscode": "Inactive"})
    assert "state" not in spec_of(imported)
    assert notes_of(imported) == {"statuscode": "the value 100 (Inactive) is not known"}


@pytest.mark.parametrize(("value", "word"), [(534_120_000, "commercial"), (534_120_001, "transactional")])
def test_fact_messagedesignation_has_these_values(value: int, word: str) -> None:
    """534120000 Commercial, 534120001 Transactional."""
    assert spec_of(read_row(EMAIL, {"msdynmkt_messagedesignation": value}))["purposeType"] == word


@pytest.mark.parametrize(
    ("table", "compliance"),
    [(EMAIL, "msdynmkt_compliancesettings4"), (SMS, "msdynmkt_compliance"), (PUSH, "msdynmkt_compliance")],
)
def test_fact_consent_is_in_three_lookups_of_which_one_has_another_name_for_emails(table: str, compliance: str) -> None:
    columns: JsonObject = {
        compliance: make_guid(1),
        "msdynmkt_purpose": make_guid(2),
        "msdynmkt_topic": make_guid(3),
        "owningbusinessunit": make_guid(4),
    }
    labels = {compliance: "Default", "msdynmkt_purpose": "Commercial", "owningbusinessunit": "Contoso"}
    spec = spec_of(read_row(table, columns, labels))
    assert (spec["complianceProfile"], spec["purpose"]) == ("Default", "Commercial")
    assert (spec["topic"], spec["businessUnit"]) == (make_guid(3), "Contoso")


def test_fact_an_email_has_a_subject_a_body_and_a_text_part() -> None:
    """msdynmkt_subject, msdynmkt_emailbody, msdynmkt_textpart; sizes are in bytes of UTF-8."""
    columns: JsonObject = {
        "msdynmkt_name": "Welcome",
        "msdynmkt_subject": "Hello\nthere",
        "msdynmkt_emailbody": HTML + "é",
        "msdynmkt_textpart": "Dear {{FirstName}}",
    }
    imported = read_row(EMAIL, columns)
    spec = spec_of(imported)
    assert (imported.title, spec["subject"]) == ("Welcome", "Hello\nthere")
    assert spec["htmlBytes"] == len(HTML) + 2
    assert spec["companyAddress"] == {"html": True, "plainText": False}
    assert spec["unsubscribeLink"] == {"html": True, "plainText": False}


def test_fact_tokens_are_bound_in_placeholders_whatever_they_are_called() -> None:
    """LegalDataSource with outputPath companyaddress or preferencescenterurl; CdsProfileDataSource for the person's own."""
    placeholders: JsonObject = {
        "Adresse": {"binding": {**LEGAL, "outputPath": "companyaddress"}},
        "Abmelden": {**LEGAL, "outputPath": "preferencescenterurl"},
        "Name": {
            "binding": {
                "source": "CdsProfileDataSource",
                "inputs": {"sourceType": {"value": "contact"}},
                "outputPath": "firstname",
            }
        },
        "Nummer": {
            "binding": {"source": "EventDataSource", "inputs": {"sourceType": "msdynmkt_Order"}, "outputPath": "no"}
        },
    }
    columns: JsonObject = {
        "msdynmkt_emailbody": "{{Adresse}} {{Name}} {{Nummer}}",
        "msdynmkt_textpart": "{{Abmelden}}",
        "msdynmkt_placeholders": json.dumps(placeholders),
    }
    spec = spec_of(read_row(EMAIL, columns))
    assert spec["companyAddress"] == {"html": True, "plainText": False}
    assert spec["unsubscribeLink"] == {"html": False, "plainText": True}
    assert spec["personalization"] == {"attributes": 2, "triggers": ["Trigger:msdynmkt_order"]}


def test_fact_outbound_tokens_begin_with_contact_and_a_dot() -> None:
    """{{contact.firstname}} is not filled in, unless it is the name of a placeholder."""
    body: JsonObject = {"msdynmkt_emailbody": "Dear {{ contact.firstname }}"}
    assert spec_of(read_row(EMAIL, body))["personalization"] == {"usesOutboundSyntax": True}
    bound = json.dumps({"contact.firstname": {"source": "CdsProfileDataSource", "outputPath": "firstname"}})
    assert spec_of(read_row(EMAIL, body | {"msdynmkt_placeholders": bound}))["personalization"] == {"attributes": 1}


@pytest.mark.parametrize("text", ["{", "[]", '{"a": 7}', '{"a": {"b": []}}', 7])
def test_placeholders_that_cannot_be_read_are_noted(text: JsonValue) -> None:
    assert len(notes_of(read_row(SMS, {"msdynmkt_placeholders": text}))) == 1


def test_fact_a_text_message_has_a_text() -> None:
    """msdynmkt_text."""
    assert spec_of(read_row(SMS, {"msdynmkt_text": "Hello 👋"}))["characters"] == 7
    assert spec_of(read_row(SMS, {"msdynmkt_text": "a\r\nb\ud800"}))["characters"] == 5
    assert spec_of(read_row(EMAIL, {"msdynmkt_emailbody": "a\r\nb\ud800"}))["htmlBytes"] == 7
    assert list(notes_of(read_row(SMS, {"msdynmkt_text": 7}))) == ["msdynmkt_text"]


def test_fact_triggers_are_rows_of_msdynmkt_eventmetadata() -> None:
    """The reference calls the table Trigger; EntitySetName msdynmkt_eventmetadataset."""
    assert BY_NAME[TRIGGER].collection == "msdynmkt_eventmetadataset"
    columns: JsonObject = {"msdynmkt_name": "Order placed", "msdynmkt_uniquename": "msdynmkt_OrderPlaced_083643294"}
    imported = read_row(TRIGGER, columns)
    assert imported.title == "Order placed"
    assert imported.aliases == ("msdynmkt_orderplaced_083643294",)
    assert read_row(TRIGGER, {"msdynmkt_uniquename": "msdynmkt_x"}).title == "msdynmkt_x"
    assert read_row(TRIGGER, {"msdynmkt_uniquename": ROW}).aliases == ()


@pytest.mark.parametrize(
    ("name", "entity", "kind"),
    [
        ("msdynmkt_dddd_083643294", None, "custom"),
        ("msdynmkt_emaillinkclicked", None, "interaction"),
        ("msdynmkt_leadcreated", "lead", "dataverse"),
        ("msdynmkt_email_083643294", None, "custom"),
        ("new_order", None, "unknown"),
        (None, None, "unknown"),
    ],
)
def test_fact_what_tells_the_types_of_triggers_apart_is_inferred(
    name: str | None, entity: str | None, kind: str
) -> None:
    """A number at the end of its name, a source entity, or the name of an interaction; else it is not known, and told."""
    imported = read_row(TRIGGER, {"msdynmkt_uniquename": name, "msdynmkt_sourceentity": entity})
    assert spec_of(imported)["type"] == kind
    assert bool(notes_of(imported)) == (kind == "unknown")


@pytest.mark.parametrize(
    ("status", "state", "word"),
    [
        *[(0, None, "draft"), (1, None, "published"), (2, None, "stopped")],
        *[(None, 0, "draft"), (None, 1, "draft"), (None, 2, "published"), (None, 3, "stopped")],
        *[(None, 4, "stopped"), (None, 5, "stopped"), (None, 6, "stopped"), (None, None, None)],
        *[(1, 2, "published"), (1, 4, "stopped"), (0, 2, "draft"), (None, 7, None), (3, 2, "published")],
    ],
)
def test_fact_two_columns_say_where_a_trigger_is_in_its_life(
    status: int | None, state: int | None, word: str | None
) -> None:
    """msdynmkt_eventmetadatastatus 0 Draft, 1 Published, 2 Stopped; msdynmkt_state 0 Draft to 6 Deleted (534120000 on)."""
    columns: JsonObject = {
        "msdynmkt_uniquename": "msdynmkt_smssent",
        "msdynmkt_eventmetadatastatus": None if status is None else 534_120_000 + status,
        "msdynmkt_state": None if state is None else 534_120_000 + state,
    }
    assert spec_of(read_row(TRIGGER, columns)).get("state") == word


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("contact", ["contact"]),
        ("contact,lead", ["contact", "lead"]),
        ("contact; lead;", ["contact", "lead"]),
        ('["contact", "lead"]', ["contact", "lead"]),
    ],
)
def test_fact_how_the_target_entities_are_written_is_not_known_so_that_lists_of_names_are_read(
    text: str, names: list[str]
) -> None:
    columns: JsonObject = {"msdynmkt_uniquename": "msdynmkt_smssent", "msdynmkt_supportedtargetentities": text}
    assert spec_of(read_row(TRIGGER, columns))["targetEntities"] == names


@pytest.mark.parametrize("text", ["{}", "[]", "[7]", "contact lead", '"contact"', 7, "a" * 5_000 + "!"])
def test_target_entities_that_cannot_be_read_are_noted(text: JsonValue) -> None:
    columns: JsonObject = {"msdynmkt_uniquename": "msdynmkt_smssent", "msdynmkt_supportedtargetentities": text}
    imported = read_row(TRIGGER, columns)
    assert "targetEntities" not in spec_of(imported)
    assert list(notes_of(imported)) == ["msdynmkt_supportedtargetentities"]
