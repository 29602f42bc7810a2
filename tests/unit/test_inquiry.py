"""What predicates get when they ask about other manifests."""

from __future__ import annotations

import pytest

from journeylint.cel import CelEnvironment, CelError
from journeylint.inquiry import Inquiry, ManifestFunctions
from journeylint.model import Identity, Manifest, Span
from journeylint.workspace import Settlement, Workspace

VIP = Identity("default", "Segment", "vip")
ASKER = Identity("default", "Journey", "spring")


def manifest(identity: Identity) -> Manifest:
    data = {"kind": identity.kind, "metadata": {"name": identity.name}, "spec": {"source": "outbound", "a/b": 1}}
    return Manifest(identity, data, "a.yaml", 1, lambda _: Span(1, 1, 1, 1))  # type: ignore[arg-type]  # plain JSON data


@pytest.fixture
def inquiry() -> Inquiry:
    return inquiry_with_references()


def inquiry_with_references(*names: str) -> Inquiry:
    """What a journey asks that refers to segments of these names."""
    references = [("default", "Segment", name) for name in names]
    workspace = Workspace(lambda user: references if user.identity == ASKER else ())
    for rank, identity in enumerate((VIP, ASKER)):
        workspace.add(manifest(identity), rank)
    workspace.add_unjudged(Identity("default", "Segment", "broken"), ())
    workspace.settle(Settlement(frozenset({("default", "Segment", "broken")}), frozenset(), is_alone=True))
    found = Inquiry()
    found.workspace = workspace
    found.begin(manifest(ASKER))
    return found


def ask(inquiry: Inquiry, expression: str) -> object:
    environment = CelEnvironment({}, ManifestFunctions(inquiry, ()).entries())
    return environment.compile(f"[{expression}]").elements(environment.scope({}))[0]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("lookup('Segment', 'vip').spec.source", "outbound"),
        ("lookup('Segment', 'vip', '/spec/source')", "outbound"),
        ("lookup('Segment', 'vip', '/spec/a~1b')", 1),
        ("lookup('Segment', 'vip', '/spec/nothing') == null", True),
        ("lookup('Segment', 'vip', '/spec/source/0') == null", True),
        ("lookup('Segment', 'nobody', '/spec/source') == null", True),
        ("lookup('Journey', 'vip') == null", True),
        ("isDefined('Segment', 'vip')", True),
        ("isDefined('Segment', 'nobody')", False),
    ],
)
def test_a_manifest_is_found_by_kind_and_name(inquiry: Inquiry, expression: str, expected: object) -> None:
    assert ask(inquiry, expression) == expected
    assert not inquiry.met_unjudged


@pytest.mark.parametrize("expression", ["lookup('Segment', 'broken')", "lookup('Segment', 'broken', '/spec')"])
def test_asking_for_a_manifest_that_could_not_be_judged_is_noted(inquiry: Inquiry, expression: str) -> None:
    assert ask(inquiry, f"{expression} == null") is True
    assert inquiry.met_unjudged


def test_whether_a_manifest_is_there_notes_one_that_could_not_be_judged_too(inquiry: Inquiry) -> None:
    assert ask(inquiry, "isDefined('Segment', 'broken')") is False
    assert inquiry.met_unjudged


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("lookupAll('Segment', '/spec/source')", ["outbound", "outbound"]),
        ("lookupAll('Segment', '/spec/nothing')", []),
        ("lookupAll('Journey', '/spec/source')", []),
    ],
)
def test_values_of_all_that_is_referred_to(expression: str, expected: list[object]) -> None:
    assert ask(inquiry_with_references("vip", "nobody", "vip"), expression) == expected


def test_asking_about_all_meets_one_that_could_not_be_judged_wherever_it_stands() -> None:
    for names in (("vip", "broken"), ("broken", "vip")):
        inquiry = inquiry_with_references(*names)
        assert ask(inquiry, "'outbound' in lookupAll('Segment', '/spec/source')") is True
        assert inquiry.met_unjudged


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        ("user.spec.source == 'outbound'", 1),
        ("has(user.spec.source) && !has(user.spec.state)", 1),
        ("user.spec.source.startsWith('in')", 0),
        ("user.spec == {'source': 'outbound', 'a/b': 1}", 1),
        ("user.spec['a/b'] == 1 && user.spec.source == 'outbound'", 1),
        ("size(user) == 3", 1),
        ("user.?spec.?source.hasValue()", 1),
        ("has(user.spec.source.name)", None),
    ],
)
def test_users_are_counted_by_whatever_members_they_are_asked_for(condition: str, count: int | None) -> None:
    inquiry = inquiry_with_references("vip")
    inquiry.begin(manifest(VIP))

    if count is None:
        with pytest.raises(CelError):
            ask(inquiry, f'usersCount("Segment", "vip", "{condition}")')
    else:
        assert ask(inquiry, f'usersCount("Segment", "vip", "{condition}")') == count
