"""Reads `plan.toml`: a matrix whose groups are folders, searches, lists of files or words.

    mode = "scene"
    size = "1K"

    [[group]]
    role = "prop"
    folder = "products"

    [[group]]
    role = "scene"
    texts = ["on a beach at dusk", "雪山脚下的木桌"]

A group may have several of `folder`, `query` (with `limit`), `files` and `texts`, one alternative for each picture or
text; `text` says of every picture of the group what it is. `[[always]]` is a part of every picture.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

from engine.compose.brief import Brief, Element, Group, InvalidBrief, Mode, Reference
from engine.compose.generators.generator import Role
from engine.errors import PropmasterError

QUERY_LIMIT = 10
_Kind = TypeVar("_Kind", Mode, Role)
_KEYS = frozenset({"mode", "text", "model", "size", "ratio", "count", "group", "always"})
_GROUP_KEYS = frozenset({"role", "folder", "query", "limit", "files", "texts", "text"})


class Sources(Protocol):
    """Where references come from."""

    def of_files(self, paths: Sequence[Path]) -> list[Reference]:
        """Return references of files. Raises NeverSent or InvalidBrief."""

    def in_folder(self, folder: Path) -> tuple[list[Reference], list[Path]]:
        """Return the pictures of a folder by name, and those that must stay. Raises FolderNotFound."""

    def found(self, query: str, limit: int) -> tuple[list[Reference], list[Path]]:
        """Return what a search finds, best first, and the hits that must stay."""


@dataclass(frozen=True, slots=True)
class BatchFile:
    """What a file asks for; `kept_back` are pictures of its folders and searches that are never sent."""

    brief: Brief
    kept_back: tuple[Path, ...]


def read_batch(path: Path, sources: Sources) -> BatchFile:
    """Read a file. Raises InvalidBrief that names the file and the group, and what `sources` raise."""
    try:
        table = tomllib.loads(path.expanduser().read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InvalidBrief(f"cannot read {path}: {error}", "give a file written as the guide shows") from error
    return _Reading(path.expanduser().absolute(), sources).brief(table)


@dataclass(slots=True)
class _Reading:
    path: Path
    sources: Sources
    kept_back: list[Path] = field(default_factory=list)

    def brief(self, table: dict[str, Any]) -> BatchFile:
        self._require_known("", table, _KEYS)
        groups = [self._group(f"group {number}", row) for number, row in self._rows(table, "group")]
        always = [self._group(f"always {number}", row) for number, row in self._rows(table, "always")]
        common = tuple(element for group in always for choice in group for element in choice)
        brief = Brief(
            mode=self._enum("", "mode", table.get("mode", Mode.PROP), Mode),
            text=self._text("", table, "text"),
            groups=(*groups, (common,)) if common else tuple(groups),
            model=self._text("", table, "model"),
            size=self._text("", table, "size"),
            ratio=self._text("", table, "ratio"),
            count=self._number("", table, "count", 1),
        )
        return BatchFile(brief, tuple(self.kept_back))

    def _rows(self, table: dict[str, Any], name: str) -> list[tuple[int, dict[str, Any]]]:
        rows = table.get(name, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise self._error("", f"{name} should stand in double brackets: [[{name}]]")
        return list(enumerate(rows, 1))

    def _group(self, where: str, row: dict[str, Any]) -> Group:
        self._require_known(where, row, _GROUP_KEYS)
        role = self._enum(where, "role", row.get("role"), Role)
        text = self._text(where, row, "text")
        texts = self._texts(where, row, "texts")
        choices = [(Element(role, text, reference),) for reference in self._references(where, row)]
        choices += [(Element(role, words),) for words in texts]
        if not choices and text:
            choices.append((Element(role, text),))
        if not choices:
            raise self._error(where, "there is no picture and no text in it")
        return tuple(choices)

    def _references(self, where: str, row: dict[str, Any]) -> list[Reference]:
        here = self.path.parent
        found: list[Reference] = []
        try:
            if folder := self._text(where, row, "folder"):
                found += self._without_kept(self.sources.in_folder(here / Path(folder).expanduser()))
            if query := self._text(where, row, "query"):
                limit = self._number(where, row, "limit", QUERY_LIMIT)
                found += self._without_kept(self.sources.found(query, limit))
            files = [here / Path(name).expanduser() for name in self._texts(where, row, "files")]
            return [*found, *self.sources.of_files(files)] if files else found
        except PropmasterError as error:
            error.message = f"{self.path.name}, {where}: {error.message}"
            error.args = (error.message,)
            raise

    def _without_kept(self, found: tuple[list[Reference], list[Path]]) -> list[Reference]:
        self.kept_back += found[1]
        return found[0]

    def _require_known(self, where: str, row: dict[str, Any], known: frozenset[str]) -> None:
        if unknown := set(row) - known:
            raise self._error(where, f"“{min(unknown)}” means nothing here; known are {', '.join(sorted(known))}")

    def _enum(self, where: str, key: str, value: Any, kind: type[_Kind]) -> _Kind:
        try:
            return kind(value)
        except ValueError as error:
            raise self._error(where, f"{key} should be one of {', '.join(kind)}") from error

    def _text(self, where: str, row: dict[str, Any], key: str) -> str:
        value = row.get(key, "")
        if not isinstance(value, str):
            raise self._error(where, f"{key} should be text in quotes")
        return value

    def _texts(self, where: str, row: dict[str, Any], key: str) -> list[str]:
        value = row.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
            raise self._error(where, f"{key} should be a list of texts in quotes")
        return value

    def _number(self, where: str, row: dict[str, Any], key: str, usual: int) -> int:
        value = row.get(key, usual)
        if type(value) is not int or value < 1:
            raise self._error(where, f"{key} should be a whole number, 1 or more")
        return value

    def _error(self, where: str, what: str) -> InvalidBrief:
        place = f"{self.path.name}, {where}" if where else self.path.name
        return InvalidBrief(f"{place}: {what}", "mend the file; the guide shows one")
