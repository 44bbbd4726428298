"""Every message survives the wire, and nothing else gets through."""

from __future__ import annotations

import json
import os
import types
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest

from engine import protocol
from engine.errors import MessageInvalid
from engine.protocol import AssetRow, Band, Command, Event, FetchRows, Search, decode, encode
from engine.protocol.codec import find_request_id

SAMPLES = {int: 7, float: 0.5, str: "宝箱 \udce9", bool: True, Path: Path("/art/caf\udce9.png")}


def sample(kind: Any, depth: int = 0) -> Any:
    """Return a value of a type in which every field differs from its default."""
    if get_origin(kind) in (Union, types.UnionType):
        return sample(next(one for one in get_args(kind) if one is not types.NoneType), depth)
    if get_origin(kind) is tuple:
        kinds = [one for one in get_args(kind) if one is not Ellipsis]
        return () if depth > 4 else tuple(sample(one, depth + 1) for one in kinds)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return list(kind)[-1]
    if is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        return kind(**{field.name: sample(hints[field.name], depth + 1) for field in fields(kind)})
    return SAMPLES[kind]


@pytest.mark.parametrize("kind", get_args(Command), ids=lambda kind: kind.__name__)
def test_command_survives_the_wire(kind: Any) -> None:
    message = sample(kind)
    assert decode(encode(message), Command) == message


@pytest.mark.parametrize("kind", get_args(Event), ids=lambda kind: kind.__name__)
def test_event_survives_the_wire(kind: Any) -> None:
    message = sample(kind)
    assert decode(encode(message), Event) == message


def test_every_term_survives_the_wire() -> None:
    terms = tuple(sample(kind) for kind in get_args(protocol.Term))
    message = Search(1, protocol.AssetQuery(terms))
    assert decode(encode(message), Command) == message


def test_what_is_at_its_default_is_not_sent() -> None:
    row = AssetRow(1, Path("/a.png"), Path("/"), 10, 20)
    assert json.loads(encode(row)).keys() == {"is", "id", "path", "folder", "size", "mtime_ns"}
    assert decode(encode(row), AssetRow) == row


def test_file_name_that_is_no_text_is_found_again(tmp_path: Path) -> None:
    path = Path(os.fsdecode(b"/art/caf\xe9.png"))
    row = decode(encode(AssetRow(1, path, tmp_path, 1, 2, band=Band.WEAK)), AssetRow)
    assert (os.fsencode(row.path), row.band) == (b"/art/caf\xe9.png", Band.WEAK)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"[]",
        b'"Search"',
        b"{}",
        b'{"is":"Nonsense","request_id":1}',
        b'{"is":"FetchRows","request_id":1}',
        b'{"is":"FetchRows","request_id":"1","search_id":1,"offset":0}',
        b'{"is":"FetchRows","request_id":true,"search_id":1,"offset":0}',
        b'{"is":"FetchRows","request_id":1,"search_id":1,"offset":0,"more":1}',
        b'{"is":"ThrottleIndexing","request_id":1,"throttle":"wild"}',
        b'{"is":"FetchAssets","request_id":1,"asset_ids":7}',
    ],
)
def test_what_is_no_command_is_refused(data: bytes) -> None:
    with pytest.raises(MessageInvalid):
        decode(data, Command)


@pytest.mark.parametrize(
    ("data", "request_id"),
    [
        (b'{"is":"Nonsense","request_id":4}', 4),
        (b'{"is":"FetchRows","request_id":4}', 4),
        (b'{"is":"FetchRows","request_id":"4"}', None),
        (b'{"request_id":true}', None),
        (b"[4]", None),
    ],
)
def test_who_asked_for_what_makes_no_sense_is_found(data: bytes, request_id: int | None) -> None:
    assert find_request_id(data) == request_id


def test_refusal_does_not_repeat_what_may_be_a_key() -> None:
    with pytest.raises(MessageInvalid) as refused:
        decode(b'{"is":"KeepKey","request_id":1,"service":"gemini","key":["AIzaSecret"]}', Command)
    assert "AIza" not in str(refused.value)


def test_what_is_no_json_asks_for_nothing() -> None:
    with pytest.raises(MessageInvalid):
        find_request_id(b"\xff")


def test_every_message_has_a_name_of_its_own() -> None:
    names = [kind.__name__ for kind in (*get_args(Command), *get_args(Event))]
    assert len(names) == len(set(names))
    assert all(getattr(protocol, name).__doc__ for name in names)


def test_answers_carry_the_number_of_their_request() -> None:
    assert all("request_id" in get_type_hints(kind) for kind in get_args(protocol.Answer))
    assert FetchRows(request_id=3, search_id=1, offset=0).request_id == 3
