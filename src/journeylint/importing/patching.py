"""Merge patches (RFC 7396) for manifests, in which items of lists that have a key are patched by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from journeylint.annotations import Field
from journeylint.model import JsonObject, JsonValue
from journeylint.stable_pointers import spell_json

ItemKey: TypeAlias = "tuple[tuple[str, ...], int]"
"""What tells an item from others of its list: the values of its key, and how many that are alike come before it."""

NOTHING_KNOWN = Field()


def apply_patch(value: JsonValue, patch: JsonValue, field: Field) -> JsonValue:
    """What *patch* makes of *value*, which is left as it is; *field* is what the schema says of the place.

    Members that the patch does not have stay, null takes one away, and with the last of them the mapping that held them. Of a
    list with a key the items that the patch has stay in their order, patched; those that it does not have go, and new ones
    come last. Any other list becomes that of the patch.
    """
    if isinstance(patch, dict):
        members = dict(value) if isinstance(value, dict) else {}
        for name, item in patch.items():
            if item is None:
                members.pop(name, None)
            elif isinstance(item, dict | list):
                patched = apply_patch(members.get(name), item, member_of(field, name))
                if patched == {} and members.get(name) != {}:
                    members.pop(name, None)
                else:
                    members[name] = patched
            else:
                members[name] = item
        return members
    if isinstance(patch, list) and field.key:
        return _patch_items(value if isinstance(value, list) else [], patch, field)
    return patch


def fill(value: JsonObject, additions: Sequence[Mapping[str, JsonValue]], field: Field) -> None:
    """Add to *value* what *additions* have and it does not: members, and items of lists with a key that no other has.

    Of several that have the same, the first counts.
    """
    for name in dict.fromkeys(name for one in additions for name in one):
        given = [one[name] for one in additions if one.get(name) is not None]
        if value.get(name) is None:
            value[name] = given.pop(0) if given else None
        held, inner = value[name], member_of(field, name)
        if isinstance(held, dict):
            fill(held, [one for one in given if isinstance(one, dict)], inner)
        elif isinstance(held, list) and inner.key and given:
            there = key_items(held, inner)
            for one in given:
                new = key_items(one, inner).items() if isinstance(one, list) else ()
                there |= {key: item for key, item in new if key not in there}
            held[:] = there.values()


def key_items(items: list[JsonValue], field: Field) -> dict[ItemKey, JsonValue]:
    """*items* by what tells them apart."""
    keyed: dict[ItemKey, JsonValue] = {}
    for item in items:
        key, ordinal = _key_of(item, field), 1
        while (key, ordinal) in keyed:
            ordinal += 1
        keyed[key, ordinal] = item
    return keyed


def _patch_items(items: list[JsonValue], patch: list[JsonValue], field: Field) -> list[JsonValue]:
    inner = field.items or NOTHING_KNOWN
    if not items:
        return [apply_patch(None, item, inner) for item in patch]
    held, wanted = key_items(items, field), key_items(patch, field)
    kept: list[JsonValue] = [apply_patch(item, wanted[key], inner) for key, item in held.items() if key in wanted]
    return kept + [apply_patch(None, item, inner) for key, item in wanted.items() if key not in held]


def _key_of(item: JsonValue, field: Field) -> tuple[str, ...]:
    if not isinstance(item, dict):
        return (spell_json(item),)
    defaults = field.items.defaults if field.items is not None else {}
    return tuple(spell_json(item.get(name, defaults.get(name))) for name in field.key)


def member_of(field: Field, name: str) -> Field:
    """What is known of the member *name*."""
    return field.members.get(name) or field.rest or NOTHING_KNOWN
