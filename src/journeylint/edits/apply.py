"""Edits made in a text: the least changes that make of its data what the edits make of it, or a reason why not."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from journeylint.edits import block, flow
from journeylint.edits.data import apply_edits, is_same
from journeylint.edits.errors import EditError
from journeylint.edits.lines import has_comment, line_break_of, line_end
from journeylint.edits.patch import Change, Patch
from journeylint.edits.pieces import cut_yaml, keeps_borders
from journeylint.edits.spelling import Spelling
from journeylint.edits.tree import Node, Place, Style, check_free, find_place
from journeylint.formats.json import JsonLoader
from journeylint.formats.yaml import YamlLoader
from journeylint.model import Document, Edit, JsonObject, JsonValue, Operation
from journeylint.pointers import tokens_of
from journeylint.ports import Loader

_QUOTED_OR_PLAIN = (Style.PLAIN, Style.SINGLE_QUOTED, Style.DOUBLE_QUOTED)


class Piece:
    """A part of a text that is read alone; what was read of it is kept for further edits."""

    def __init__(self, text: str, loader: JsonLoader | YamlLoader) -> None:
        self.text = text
        self._loader = loader
        self._trees: dict[int, Node] = {}

    @cached_property
    def documents(self) -> Sequence[Document]:
        """What it holds."""
        return self._loader.load(self.text)

    @property
    def is_json(self) -> bool:
        """Whether it is JSON, otherwise YAML."""
        return isinstance(self._loader, JsonLoader)

    def turned_into(self, text: str) -> Piece:
        """Another text of the same format."""
        return Piece(text, self._loader)

    def find(self, document: int, pointer: str) -> Place:
        """The place at *pointer* in a document (1-based); EditError where no edit may lead."""
        if document not in self._trees:
            self._trees[document] = self._read_tree(document)
        return find_place(self._trees[document], tokens_of(pointer))

    def _read_tree(self, document: int) -> Node:
        if self.is_json:
            from journeylint.edits.json_tree import read_json_tree  # noqa: PLC0415 - most files are YAML

            return read_json_tree(self.text)
        from journeylint.edits.yaml_tree import read_yaml_tree  # noqa: PLC0415 - libyaml's binding takes 28 ms

        return read_yaml_tree(self.text, document)


class EditableText:
    """A text (without byte order mark) and the loader that reads it, in pieces that are edited alone.

    Raises EditError where *loader* is not one of ours.
    """

    def __init__(self, text: str, loader: Loader) -> None:
        if not isinstance(loader, JsonLoader | YamlLoader):
            raise EditError("a plugin reads files of this format, and only YAML and JSON can be edited")
        self._pieces = [Piece(one, loader) for one in (cut_yaml(text) if isinstance(loader, YamlLoader) else [text])]

    @property
    def text(self) -> str:
        """The whole of it."""
        return "".join(piece.text for piece in self._pieces)

    @cached_property
    def starts(self) -> Sequence[int]:
        """The offset at which each piece begins."""
        return [0, *accumulate(len(piece.text) for piece in self._pieces)]

    @property
    def is_whole(self) -> bool:
        """Whether it is one piece with all its documents."""
        return len(self._pieces) == 1

    def find_piece(self, document: int) -> tuple[int, int]:
        """The index of the piece that holds a document (1-based), and the number of the document in it (1-based)."""
        return (0, document) if self.is_whole else (document - 1, 1)

    def piece(self, index: int) -> Piece:
        """The piece at *index*; EditError where there is none."""
        if index >= len(self._pieces):
            raise EditError("the text holds no such document")
        return self._pieces[index]

    def with_piece(self, index: int, piece: Piece) -> EditableText:
        """This text with *piece* in the place of that at *index*; EditError where its neighbours would change."""
        before = self.piece(index)
        ends = {"is_first": index == 0, "is_last": index == len(self._pieces) - 1}
        if not self.is_whole and not keeps_borders(before.text, piece.text, **ends):
            raise EditError("the text would no longer hold the same documents")
        after = copy(self)
        after.__dict__.pop("starts", None)
        after._pieces = [*self._pieces[:index], piece, *self._pieces[index + 1 :]]
        return after


class EditedText(NamedTuple):
    """A text before and `after` edits of the piece at `position`, and the changes in the offsets of this piece before."""

    before: EditableText
    after: EditableText
    position: int
    in_piece: tuple[Change, ...]

    @property
    def text(self) -> str:
        """The text with the edits made."""
        return self.after.text

    @property
    def changes(self) -> tuple[Change, ...]:
        """What was changed, in the offsets of the text before."""
        start = self.before.starts[self.position]
        return tuple(Change(start + one.start, start + one.end, one.text) for one in self.in_piece)


def edit_text(source: EditableText, document: int, edits: Sequence[Edit]) -> EditedText:
    """*source* with *edits* made in its 1-based *document*.

    What comes out is read again and holds exactly the old data with the edits applied, and every other document as it was.
    Raises EditError where it does not, or where an edit cannot be made without a guess.
    """
    index, number = source.find_piece(document)
    piece = current = source.piece(index)
    if number > len(piece.documents):
        raise EditError("the text holds no such document")
    intended = apply_edits(piece.documents[number - 1].value, edits)
    patch = Patch(piece.text)
    for edit in edits:
        current = _make(patch, current, edit, number)
    _check(piece.documents, current.documents, number, intended)
    return EditedText(source, source.with_piece(index, current), index, patch.changes())


def _check(before: Sequence[Document], after: Sequence[Document], number: int, intended: JsonValue) -> None:
    if len(before) != len(after):
        raise EditError("the text would no longer hold the same documents")
    for old, new in zip(before, after, strict=True):
        value = intended if old.number == number else old.value
        if not is_same(value, new.value) or len(old.problems) != len(new.problems):
            raise EditError("the text would not read back as it should")


def _make(patch: Patch, current: Piece, edit: Edit, document: int) -> Piece:
    """Make *edit* in *current*, the text of *patch*, and return what it becomes; EditError where that is not safe."""
    place = current.find(document, edit.pointer)
    writer = _Writer(current)
    match edit.operation:
        case Operation.SET if place.position is not None:
            patch.apply(writer.replace(place, edit.value))
        case Operation.SET | Operation.INSERT:
            patch.apply(writer.add(place, edit.value))
        case Operation.REMOVE:
            patch.apply(writer.remove(place))
        case Operation.MOVE:
            _move(patch, current, edit, document)
    return current.turned_into(patch.text)


def _move(patch: Patch, current: Piece, edit: Edit, document: int) -> None:
    place, writer = current.find(document, edit.pointer), _Writer(current)
    *above, name = tokens_of(edit.to)
    if above == tokens_of(edit.pointer)[:-1] and place.parent.style.is_mapping:
        patch.apply(writer.rename(place, name))
        return
    written = writer.copy(place)
    patch.apply(writer.remove(place))
    current = current.turned_into(patch.text)
    patch.apply(_Writer(current).insert(current.find(document, edit.to), written))


def _has_blocks(parent: Node) -> bool:
    """Whether the last mapping or list in the block *parent* is a block, too."""
    styles = [item.value.style for item in parent.items if item.value.is_collection]
    return parent.style.is_block and bool(styles) and styles[-1].is_block


class _Writer:
    """Finds the changes of one step in *text*."""

    def __init__(self, source: Piece) -> None:
        self._text, self._is_json = source.text, source.is_json

    def spelling_in(self, place: Place) -> Spelling:
        """How the collection of *place* spells its items: in quotes where its last key is."""
        keys = [item.key for item in place.parent.items if item.key is not None]
        quotes = bool(keys) and keys[-1].style is Style.DOUBLE_QUOTED
        return Spelling(self._is_json, place.is_in_flow, quotes)

    def replace(self, place: Place, value: JsonValue) -> list[Change]:
        """*value* instead of what stands at *place*."""
        node = place.item.value
        check_free(node)
        written = self.spelling_in(place).value(value, node.style if node.style in _QUOTED_OR_PLAIN else None)
        if node.style.is_block:
            return block.replace_collection(self._text, place, written)
        if node.style is Style.BLOCK_TEXT and has_comment(self._text[node.start : line_end(self._text, node.start)]):
            raise EditError("there is a comment beside it that would be lost")
        if node.start == node.end and self._text[node.start - 1 : node.start] in (":", "-"):
            written = f" {written}"
        return [Change(node.start, node.end, written)]

    def remove(self, place: Place) -> list[Change]:
        """Nothing instead of the item at *place*."""
        check_free(place.item.value)
        if place.item.key is not None and (place.item.key.is_anchored or place.item.key.is_tagged):
            raise EditError("its key has an anchor or a tag")
        if place.parent.style.is_block:
            return block.remove_item(self._text, place)
        return flow.remove_item(self._text, place.parent, place.position or 0)

    def add(self, place: Place, value: JsonValue) -> list[Change]:
        """*value* as a new member or last item of the collection of *place*, in a block where its neighbours are blocks."""
        parent, spelling = place.parent, self.spelling_in(place)
        if not (value and isinstance(value, dict | list) and _has_blocks(parent)) or spelling.quotes:
            return self.insert(place, spelling.value(value))
        from journeylint.edits.emit import emit_item  # noqa: PLC0415 - most edits are of one line

        items: JsonObject | list[JsonValue] = {place.token: value} if parent.style.is_mapping else [value]
        column = block.column_of_items(self._text, parent)
        written = emit_item(items, column, line_break_of(self._text, parent.start))
        return block.insert_lines(self._text, parent, written)

    def insert(self, place: Place, written: str) -> list[Change]:
        """The value *written* as a new member or last item of the collection of *place*."""
        parent = place.parent
        if parent.style.is_mapping:
            key = self.spelling_in(place).key(place.token)
            written = f"{key}{flow.colon_of(self._text, parent) if parent.style.is_flow else ': '}{written}"
        if parent.style.is_block:
            return block.insert_item(self._text, place, written)
        return flow.insert_item(self._text, parent, written)

    def rename(self, place: Place, name: str) -> list[Change]:
        """The key *name* instead of that at *place*."""
        key = place.item.key
        check_free(place.item.value)
        if key is None or key.is_anchored or key.is_tagged or key.style not in _QUOTED_OR_PLAIN:
            raise EditError("its key is written in an unusual way")
        quotes = key.style is not Style.PLAIN
        return [Change(key.start, key.end, Spelling(self._is_json, place.is_in_flow, quotes).key(name))]

    def copy(self, place: Place) -> str:
        """What stands at *place*, as it can be written elsewhere."""
        node = place.item.value
        check_free(node)
        written = self._text[node.start : node.end]
        is_one_line = "\n" not in written and "\r" not in written
        if node.style.is_block or not is_one_line or not written:
            raise EditError("it is written over several lines, or is empty, and cannot be moved as it is")
        return written
