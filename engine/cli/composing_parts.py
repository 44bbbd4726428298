"""How `propmaster compose` gets from a description to a brief: parts, given references, best matches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.compose.brief import Brief, Element, InvalidBrief, Mode, Reference, same_for_all
from engine.compose.generators.generator import Role
from engine.compose.parts import Part, split_parts
from engine.library import Library
from engine.search.ranking import Band
from engine.search.searcher import Hit

_SAID_IN_WORDS = (Role.SCENE, Role.STYLE)


@dataclass(frozen=True, slots=True)
class FoundPart:
    """A part, its reference if it has one, and the hit that it comes from where it was searched for.

    A hit without a reference was too weak to be taken.
    """

    part: Part
    reference: Reference | None = None
    hit: Hit | None = None


def read_refs(written: Sequence[str]) -> list[tuple[Role, Path]]:
    """Return role and file of each `ROLE=FILE`. Raises InvalidBrief."""
    read = []
    for one in written:
        role, equals, name = one.partition("=")
        try:
            read.append((Role(role.strip().lower()), Path(name)))
        except ValueError:
            equals = ""
        if not equals or not name:
            raise InvalidBrief(f"“{one}” is no reference", f"write ROLE=FILE, where ROLE is {', '.join(Role)}")
    return read


def find_parts(
    library: Library, text: str, given: Sequence[tuple[Role, Path]], *, style_from_library: bool, words_only: bool
) -> list[FoundPart]:
    """Return the parts of a text with what stands for them. Raises NeverSent and what searching raises."""
    references = library.composer.of_files([path for _, path in given])
    free = [(role, reference) for (role, _), reference in zip(given, references, strict=True)]
    search = not (style_from_library or words_only)
    found: list[FoundPart] = []
    for part in split_parts(text):
        mine = next((one for one in free if one[0] is part.role), None)
        if mine is not None:
            free.remove(mine)
            found.append(FoundPart(part, mine[1]))
        else:
            found.append(_best_match(library, part) if search else FoundPart(part))
    found += [FoundPart(Part("", role), reference) for role, reference in free]
    if style_from_library:
        match = _best_match(library, Part(text, Role.STYLE), take_weak=True)
        if match.reference is None:
            raise InvalidBrief("the library has nothing to take a style from", "index a folder first")
        found.append(FoundPart(Part("", Role.STYLE), match.reference, match.hit))
    return found


def brief_of(text: str, found: Sequence[FoundPart], mode: str, given: Sequence[Role], *, varies: bool) -> Brief:
    """Return the brief of one picture; `varies` says that only the style is taken. Raises InvalidBrief."""
    elements = [
        Element(one.part.role, one.part.text, one.reference)
        for one in found
        if one.reference is not None or one.part.role in _SAID_IN_WORDS
    ]
    groups = (same_for_all(*elements),) if elements else ()
    return Brief(_mode(mode, given, varies=varies), text, groups)


def _mode(written: str, given: Sequence[Role], *, varies: bool) -> Mode:
    if written:
        try:
            return Mode(written.lower())
        except ValueError as error:
            raise InvalidBrief(f"“{written}” is no mode", f"choose one of {', '.join(Mode)}") from error
    if varies:
        return Mode.VARIATION
    dresses = Role.PERSON in given and (Role.GARMENT in given or Role.ACCESSORY in given)
    return Mode.DRESS if dresses else Mode.PROP


def _best_match(library: Library, part: Part, *, take_weak: bool = False) -> FoundPart:
    candidates = library.composer.candidates(part.text, 1)
    if not candidates:
        return FoundPart(part)
    best = candidates[0]
    is_taken = take_weak or best.hit.band is not Band.WEAK
    return FoundPart(part, best.reference if is_taken else None, best.hit)
