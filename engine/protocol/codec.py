"""Messages ↔ JSON in UTF-8; the only place that knows how they look on the wire.

Part of `engine.protocol`. A dataclass is an object of its fields, those at their default left out; where several may
stand, `is` names the one. File names that are not valid text travel as escaped surrogates. What does not fit its
type is refused, in words that do not repeat it: it may be a key.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from engine.errors import MessageInvalid

NAME = "is"

_T = TypeVar("_T")
_Read = Callable[[Any], Any]


def encode(message: object) -> bytes:
    """Return a message, or any value of the protocol, as JSON."""
    return json.dumps(_written(message), separators=(",", ":")).encode("ascii")


def decode(data: bytes, kind: Any) -> Any:
    """Return the value of a type that `encode` wrote. Raises MessageInvalid."""
    try:
        return _reader(kind)(json.loads(data))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise MessageInvalid(f"a message makes no sense: {error}", "use a client of the same version") from error


def find_request_id(data: bytes) -> int | None:
    """Return whose answer a message waits for that `decode` refused. Raises MessageInvalid where it is no JSON."""
    try:
        message = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise MessageInvalid("this is no message at all", "use a client of the same version") from error
    found = message.get("request_id") if isinstance(message, dict) else None
    return found if type(found) is int else None


def _written(value: object) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, tuple):
        return [_written(one) for one in value]
    if is_dataclass(value) and not isinstance(value, type):
        return _written_fields(value)
    return value


def _written_fields(value: Any) -> dict[str, Any]:
    kind: Any = type(value)
    written: dict[str, Any] = {NAME: kind.__name__}
    for name, default in _defaults(kind):
        field = getattr(value, name)
        if field != default:
            written[name] = _written(field)
    return written


@cache
def _defaults(kind: Any) -> tuple[tuple[str, Any], ...]:
    return tuple((field.name, field.default) for field in fields(kind))


@cache
def _reader(kind: Any) -> _Read:
    """Return what turns JSON into a value of this type."""
    if get_origin(kind) in (Union, types.UnionType):
        return _union_reader(get_args(kind))
    if get_origin(kind) is tuple:
        return _tuple_reader(get_args(kind))
    if is_dataclass(kind) and isinstance(kind, type):
        return _dataclass_reader(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _enum_reader(kind)
    if kind is Path:
        return Path
    return _plain_reader(kind)


def _enum_reader(kind: type[Enum]) -> _Read:
    known = {one.value: one for one in kind}

    def read(value: Any) -> Any:
        if value not in known:
            raise ValueError(f"this is no {kind.__name__}")
        return known[value]

    return read


def _plain_reader(kind: type[_T]) -> _Read:
    accepted: tuple[type[Any], ...] = (float, int) if kind is float else (kind,)

    def read(value: Any) -> Any:
        if type(value) not in accepted:
            raise TypeError(f"a {type(value).__name__} is no {kind.__name__}")
        return value

    return read


def _tuple_reader(kinds: tuple[Any, ...]) -> _Read:
    if kinds[-1] is Ellipsis:
        one = _reader(kinds[0])
        return lambda values: tuple(one(value) for value in _list(values))
    readers = [_reader(kind) for kind in kinds]
    return lambda values: tuple(read(value) for read, value in zip(readers, _list(values), strict=True))


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError(f"a {type(value).__name__} is no list")
    return value


def _union_reader(kinds: tuple[Any, ...]) -> _Read:
    named: dict[str, Any] = {kind.__name__: kind for kind in kinds if isinstance(kind, type) and is_dataclass(kind)}
    plain = [kind for kind in kinds if kind is not types.NoneType and kind.__name__ not in named]

    def read(value: Any) -> Any:
        if value is None and types.NoneType in kinds:
            return None
        if isinstance(value, dict) and named:
            return _reader(named[value[NAME]])(value)
        (other,) = plain
        return _reader(other)(value)

    return read


def _dataclass_reader(kind: type[_T]) -> _Read:
    hints = get_type_hints(kind)
    wanted: Mapping[str, Field[Any]] = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    needed = {name for name, field in wanted.items() if field.default is MISSING}

    def read(value: Any) -> Any:
        given = {name: _reader(hints[name])(field) for name, field in value.items() if name != NAME}
        if not needed <= given.keys():
            raise KeyError(f"{kind.__name__} lacks {', '.join(sorted(needed - given.keys()))}")
        return kind(**given)

    return read
