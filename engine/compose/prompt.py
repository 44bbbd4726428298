"""What a generator is told: sentences of a template, filled with the numbers of the pictures and the user's words.

Pure functions over `resources/prompts.toml` and the data directory's copy of it. Pictures are numbered from 1 in the
order in which they are sent. Templates are English, which every model knows best; words of the user stay as they are.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.compose.brief import Element, Mode
from engine.compose.generators.generator import Role
from engine.errors import PropmasterError
from engine.resources import resource

FILE_NAME = "prompts.toml"

_PHRASES = {
    Role.PERSON: "the person in image {}",
    Role.GARMENT: "the garment of image {}",
    Role.ACCESSORY: "the accessory of image {}",
    Role.PROP: "the object of image {}",
    Role.SCENE: "the place of image {}",
    Role.STYLE: "image {}",
}
_PRODUCTS = (Role.GARMENT, Role.ACCESSORY, Role.PROP)
_SUBJECTS = (Role.PERSON, *_PRODUCTS)
_IN_WORDS = frozenset({"scene", "style"})
"""Roles that words alone may stand for; words of other roles are an {element}."""
_GROUPS = {"subject": _SUBJECTS, "product": _PRODUCTS, **{role.value: (role,) for role in Role}}
_SLOT = re.compile(r"\{(\w+)\}")
_SLOTS = frozenset({*_GROUPS, "text", "element", "pictured"})
_REPEATED = ("element", "pictured")


class PromptsDamaged(PropmasterError):
    """The templates of prompts cannot be used as they are written."""

    code = "prompts_damaged"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a template; `each` says that it is said once for each picture of its role."""

    say: str
    needs: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    each: bool = False

    @property
    def slots(self) -> tuple[str, ...]:
        """The names in braces."""
        return tuple(_SLOT.findall(self.say))


Templates = Mapping[Mode, tuple[Sentence, ...]]


def load_templates(home: Path) -> Templates:
    """Return the shipped templates with the modes of the data directory's copy over them. Raises PromptsDamaged."""
    copy = home / FILE_NAME
    return {**_read(resource(FILE_NAME)), **(_read(copy) if copy.exists() else {})}


def write_prompt(templates: Templates, mode: Mode, elements: Sequence[Element], text: str) -> str:
    """Return the prompt of one picture; `elements` are in the order in which their references are sent."""
    given = _fillings(elements, text)
    said: list[str] = []
    for sentence in templates[mode]:
        needed = {*sentence.needs, *sentence.slots}
        if all(given[slot] for slot in needed) and not any(given[slot] for slot in sentence.without):
            said += _filled(sentence, given)
    return " ".join(said)


def _fillings(elements: Sequence[Element], text: str) -> dict[str, list[str]]:
    """Return what each slot stands for: phrases, to be joined or said one by one."""
    numbered: list[tuple[Element, str]] = []
    number = 0
    for element in elements:
        if element.reference is not None:
            number += 1
            numbered.append((element, _PHRASES[element.role].format(number)))
        elif element.text.strip():
            numbered.append((element, _quoted(element.text)))
    pictured = [(one, phrase) for one, phrase in numbered if one.reference is not None]
    given = {
        slot: [phrase for one, phrase in (numbered if slot in _IN_WORDS else pictured) if one.role in roles]
        for slot, roles in _GROUPS.items()
    }
    given["text"] = [_quoted(text)] if text.strip() else []
    given["element"] = [phrase for one, phrase in numbered if one.reference is None and one.role not in _IN_WORDS]
    given["pictured"] = [f"{phrase} is {_quoted(one.text)}" for one, phrase in pictured if one.text.strip()]
    return given


def _filled(sentence: Sentence, given: Mapping[str, Sequence[str]]) -> list[str]:
    repeated = next((slot for slot in sentence.slots if slot in _REPEATED or sentence.each), None)
    if repeated is None:
        return [_put(sentence, given)]
    return [_put(sentence, {**given, repeated: [phrase]}) for phrase in given[repeated]]


def _put(sentence: Sentence, given: Mapping[str, Sequence[str]]) -> str:
    said = _SLOT.sub(lambda match: _joined(given[match[1]]), sentence.say)
    return said[0].upper() + said[1:]


def _joined(phrases: Sequence[str]) -> str:
    return phrases[0] if len(phrases) == 1 else f"{', '.join(phrases[:-1])} and {phrases[-1]}"


def _quoted(words: str) -> str:
    return f"“{' '.join(words.split())}”"


def _read(path: Path) -> dict[Mode, tuple[Sentence, ...]]:
    try:
        table = tomllib.loads(path.read_text("utf-8"))
        return {Mode(mode): tuple(_sentence(row) for row in part["sentences"]) for mode, part in table.items()}
    except KeyError as error:
        raise _damaged(path, f"“{error.args[0]}” is missing") from error
    except (OSError, ValueError, TypeError) as error:
        raise _damaged(path, str(error)) from error


def _sentence(row: Any) -> Sentence:
    given: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    sentence = Sentence(**given)
    if not isinstance(sentence.say, str) or not sentence.say.strip():
        raise ValueError("a sentence says nothing")
    unknown = {*sentence.slots, *sentence.needs, *sentence.without} - _SLOTS
    if unknown:
        raise ValueError(f"“{min(unknown)}” is no role; known are {', '.join(sorted(_SLOTS))}")
    return sentence


def _damaged(path: Path, what: str) -> PromptsDamaged:
    return PromptsDamaged(
        f"the templates of prompts {path} cannot be used: {what}",
        "mend the file, or delete it to go back to the shipped ones",
    )
