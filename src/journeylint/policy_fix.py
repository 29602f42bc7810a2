"""How policies say that their findings are mended: the key `fix` of a policy file, and what can be wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from journeylint.edits.data import END
from journeylint.fields import Shape, item_shape, path_problem
from journeylint.model import JsonObject, JsonValue, Operation
from journeylint.pointers import pointer_of, tokens_of
from journeylint.policies import EditTemplate, Expression, FixTemplate, Policy
from journeylint.policy_template import UNCLOSED_PLACEHOLDER, read_template
from journeylint.wording import join_choices

_WORDS = [operation.value for operation in Operation]
_NEEDED = {Operation.SET: "value", Operation.INSERT: "value", Operation.MOVE: "to"}


def read_fix(data: JsonObject) -> FixTemplate | None:
    """The fix in the policy file that holds *data*, which its schema has found valid."""
    fix = data.get("fix")
    if not isinstance(fix, dict):
        return None
    edits, when, let = fix.get("edits"), fix.get("when"), fix.get("let")
    return FixTemplate(
        read_template(str(fix["title"]), "/fix/title"),
        fix["safe"] is True,
        tuple(
            _read_edit(edit, pointer_of(("fix", "edits", index)))
            for index, edit in enumerate(edits if isinstance(edits, list) else [])
            if isinstance(edit, dict)
        ),
        Expression(when, "/fix/when") if isinstance(when, str) else None,
        str(fix.get("otherwise", "")).strip(),
        {
            name: Expression(str(source), pointer_of(("fix", "let", name)))
            for name, source in (let.items() if isinstance(let, dict) else ())
        },
    )


def tell_fix(policy: Policy) -> str:
    """What mends findings of *policy*, for its pages, with the placeholders as they are written; empty where it has no fix."""
    if policy.fix is None:
        return ""
    fix = policy.source["fix"]
    title = str(fix["title"]).strip() if isinstance(fix, dict) else ""
    command = "journeylint fix" if policy.fix.is_safe else "journeylint fix --unsafe, which is to be looked at"
    return f"{title} ({command})"


def find_fix_problems(policy: Policy) -> Iterator[str]:
    """What is wrong with the fix of *policy* by itself, as lines `path:line:column: …`."""
    if policy.fix is None:
        return
    if policy.fix.title.is_unclosed:
        yield policy.file.problem("/fix/title", UNCLOSED_PLACEHOLDER)
    if (policy.fix.when is None) != (not policy.fix.otherwise):
        yield policy.file.problem(
            "/fix", "'when' and 'otherwise' go together: a condition, and why there is no fix without it"
        )
    for edit in policy.fix.edits:
        for message in _edit_problems(policy, edit):
            yield policy.file.problem(edit.place, message)


def find_target_problems(fix: FixTemplate, node: Shape, manifest: Shape) -> Iterator[tuple[str, str]]:
    """What is wrong with the pointers of *fix*, given the shapes of the judged node and of its manifest.

    Each as the pointer of its place in the policy file, and the message.
    """
    for edit in fix.edits:
        shape = manifest if edit.is_of_manifest else node
        yield from _target_problems(edit, shape, edit.operation.value, edit.pointer, may_append=edit.value is not None)
        if edit.operation is Operation.MOVE:
            yield from _target_problems(edit, shape, "to", edit.to, may_append=True)


def _read_edit(edit: JsonObject, place: str) -> EditTemplate:
    operation = next((one for one in Operation if one.value in edit), Operation.SET)
    value = edit.get("value")
    return EditTemplate(
        operation,
        str(edit.get(operation.value, "")),
        Expression(value, f"{place}/value") if isinstance(value, str) else None,
        str(edit.get("to", "")),
        edit.get("of") == "manifest",
        place,
    )


def _edit_problems(policy: Policy, edit: EditTemplate) -> Iterator[str]:
    source = _member_at(policy.source, edit.place)
    words = [word for word in _WORDS if word in source]
    if len(words) != 1:
        told = f"has {join_choices(words, last='and')}" if words else "says not what it does"
        yield f"an edit {told}: expected one of {join_choices(_WORDS)}"
        return
    needed = _NEEDED.get(edit.operation)
    if needed is not None and needed not in source:
        yield f"the edit {words[0]!r} needs {needed!r}"
    for word in ("value", "to"):
        if word in source and word != needed:
            yield f"the edit {words[0]!r} takes no {word!r}"
    if not edit.pointer and (edit.is_of_manifest or policy.each == "$" or edit.operation is Operation.INSERT):
        what = (
            "adds a member or an item: its pointer names it"
            if edit.operation is Operation.INSERT
            else ("is of the whole manifest: name a part of it")
        )
        yield f"the edit {words[0]!r} {what}"
    if edit.operation is Operation.MOVE and needed in source and not edit.to:
        yield "the edit 'move' needs a pointer in 'to' that names a place"


def _target_problems(
    edit: EditTemplate, shape: Shape, word: str, pointer: str, *, may_append: bool
) -> Iterator[tuple[str, str]]:
    tokens: Sequence[str] = tokens_of(pointer)
    place = f"{edit.place}/{word}"
    is_append = bool(tokens) and tokens[-1] == END
    found, problem = path_problem(shape, tokens[:-1] if is_append else tokens)
    if problem is not None:
        yield place, f"{pointer!r} leads nowhere: {problem}"
    elif is_append and not may_append:
        yield place, f"{pointer!r} is the place behind a list's items, where nothing is"
    elif is_append and not _may_be_list(found):
        yield place, f"{pointer!r} leads nowhere: it adds an item, and that is no list"


def _may_be_list(shape: Shape) -> bool:
    if shape is None or item_shape(shape) is not None:
        return True
    return shape["type"] == "array" if "type" in shape else not shape.keys() & {"enum", "const", "properties"}


def _member_at(source: JsonObject, pointer: str) -> JsonObject:
    value: JsonValue = source
    for token in tokens_of(pointer):
        value = value[int(token)] if isinstance(value, list) else value[token] if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}
