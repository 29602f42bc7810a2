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

UNKNOWN = "unknown"
"""What stands for something that a row says and nobody knows the meaning of."""

NEXT = "next"
"""The member of an item, or of a way in it, that names the item to go to."""


def apply_patch(value: JsonValue, patch: JsonValue, field: Field) -> JsonValue:
    """What *patch* makes of *value*, which is left as it is; *field* is what the schema says of the place.

    Members that the patch does not have stay, null takes one away, and with the last of them the mapping that held them. Of a
    list with a key the items that the patch has stay in their order, patched; those that it does not have go, and new ones
    come last. Any other list becomes that of the patch.
    """
    if not value:
        return _build(patch)
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
    if isinstance(patch, list):
        inner = field.items or NOTHING_KNOWN
        if field.key:
            return _patch_items(value if isinstance(value, list) else [], patch, field)
        return [apply_patch(None, item, inner) if isinstance(item, dict) else item for item in patch]
    return patch


def _build(patch: JsonValue) -> JsonValue:
    """What *patch* makes of nothing."""
    if isinstance(patch, list):
        return [_build(item) if isinstance(item, dict | list) else item for item in patch]
    if not isinstance(patch, dict):
        return patch
    members: JsonObject = {}
    for name, item in patch.items():
        if item is None:
            continue
        if isinstance(item, dict | list):
            built = _build(item)
            if built != {}:
                members[name] = built
        else:
            members[name] = item
    return members


def keep_known(value: JsonValue, patch: JsonValue, field: Field) -> JsonValue:
    """*patch* for `apply_patch` without what it does not know: what *value* has instead of an `unknown` of it stays.

    An item of a list with a key that is `unknown` stays as a whole, but for where it leads: to which item that is `NEXT`. Of a
    list without a key, an item gets what the one in its place has and it does not say, if that is alike in all else.
    """
    if isinstance(value, dict) and isinstance(patch, dict):
        return {
            name: keep_known(value.get(name), item, member_of(field, name))
            for name, item in patch.items()
            if not _is_known_better(value.get(name), item)
        }
    if isinstance(value, list) and isinstance(patch, list):
        inner = field.items or NOTHING_KNOWN
        if field.key:
            held = key_items(value, field)
            return [_keep_item(held.get(key), item, inner) for key, item in key_items(patch, field).items()]
        if len(value) == len(patch):
            return [_keep_unsaid(one, item, inner) for one, item in zip(value, patch, strict=True)]
    return patch


def _keep_unsaid(held: JsonValue, patch: JsonValue, field: Field) -> JsonValue:
    if not (isinstance(held, dict) and isinstance(patch, dict)):
        return patch
    if any(held.get(name) != item for name, item in patch.items() if name != NEXT):
        return patch
    return apply_patch(held, patch, field)


def _is_known_better(value: JsonValue, patch: JsonValue) -> bool:
    return patch == UNKNOWN and value not in (None, UNKNOWN)


def _keep_item(held: JsonValue, patch: JsonValue, field: Field) -> JsonValue:
    if not (isinstance(held, dict) and isinstance(patch, dict)):
        return patch
    if any(_is_known_better(held.get(name), item) for name, item in patch.items()):
        return _lead(held, patch)
    return keep_known(held, patch, field)


def _lead(held: JsonObject, patch: JsonObject) -> JsonObject:
    """*held*, leading where *patch* does: a list of ways counts as in *held* if it has as many."""
    ways = {name: items for name, items in patch.items() if isinstance(items, list) and _has_ways(items)}
    kept: JsonObject = {name: item for name, item in held.items() if name != NEXT}
    for name, items in held.items():
        if isinstance(items, list) and _has_ways(items) and name not in ways:
            kept[name] = None
    for name, items in ways.items():
        there = held.get(name)
        pairs = zip(there, items, strict=True) if isinstance(there, list) and len(there) == len(items) else ()
        led: list[JsonValue] = [
            _lead(one, other) for one, other in pairs if isinstance(one, dict) and isinstance(other, dict)
        ]
        kept[name] = led if len(led) == len(items) else items
    kept[NEXT] = patch.get(NEXT)
    return kept


def _has_ways(items: list[JsonValue]) -> bool:
    return any(isinstance(item, dict) and NEXT in item for item in items)


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
