"""A library whose quality encoder is OpenAI: what is sent, what is kept, what it costs; through the real SDK."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from engine.catalogue.ledger import EntryState
from engine.indexing.control import Control
from engine.library import Access, Library
from engine.resources import resource
from engine.search.query import Query, TextTerm
from engine.settings import Settings
from engine.updates.tables import Taken, keep_taken, shipped_source
from tests.helpers.drawing import draw
from tests.helpers.encoder_servers import KEY, EncoderServer, openai_server, words
from tests.helpers.tiny_encoder import write_tiny_encoder

NAME = "openai-text-embedding-3-large"
SECRET_PLACE = "Undisclosed Studio 7"
CAMERA = "Hidden Camera 9000"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[EncoderServer]:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with openai_server() as running:
        yield running


@pytest.fixture
def library(tmp_path: Path, server: EncoderServer) -> Iterator[Library]:
    """Three pictures, indexed on this machine; one of them knows its camera and where it was taken."""
    art = tmp_path / SECRET_PLACE
    for seed in (1, 2):
        draw(art / f"p{seed}.png", seed, (90, 60))
    exif = Image.Exif()
    exif[0x0110], exif[0x013B] = CAMERA, SECRET_PLACE
    Image.new("RGB", (80, 80), (200, 40, 40)).save(art / "photo.jpg", exif=exif)
    settings = Settings(
        encoder=str(write_tiny_encoder(tmp_path / "tiny")),
        quality_encoder=NAME,
        openai_base_url=server.address,
        requests_at_once=1,
    )
    with Library(tmp_path / "home", Access.WRITE, settings) as opened:
        opened.add_folder(art)
        opened.list_folders([one.folder for one in opened.folders()], Control())
        opened.index_pending(Control(), lambda _: None)
        yield opened


def fill(library: Library) -> int:
    return library.quality.fill(Control(), lambda _: None).indexed


def paths(server: EncoderServer) -> list[str]:
    return [request.path.removeprefix("/v1/") for request in server.requests]


def asset(library: Library, text: str) -> int:
    return library.search(Query((TextTerm(text),)), 1).hits[0].asset.id


def test_indexing_sends_nothing_and_an_agreed_run_sends_each_picture_once(
    library: Library, server: EncoderServer
) -> None:
    assert server.requests == []
    library.quality.allow(1_000_000)
    assert fill(library) == 3
    assert sorted(paths(server)) == ["embeddings"] * 3 + ["responses"] * 3
    assert fill(library) == 0
    assert len(server.requests) == 6
    entries = library.studio.accounts.entries()
    assert {entry.state for entry in entries} == {EntryState.SETTLED}
    assert sum(entry.amount for entry in entries) == 3 * (368 + 6)
    assert library.studio.accounts.budget().spent_today == 3 * (368 + 6)


def test_only_pixels_leave(library: Library, server: EncoderServer) -> None:
    library.quality.allow(1_000_000)
    fill(library)
    sent = b"".join(json.dumps(body).encode() for body in server.bodies)
    for body in server.bodies:
        if "instructions" in body:
            sent += base64.b64decode(body["input"][0]["content"][0]["image_url"].partition(",")[2])
    for private in (SECRET_PLACE, CAMERA, "photo.jpg", "Exif"):
        assert private.encode() not in sent


def test_description_is_found_in_chinese_and_shown(library: Library, server: EncoderServer) -> None:
    library.quality.allow(1_000_000)
    server.replies.append(words("Object: a quixotic lantern\n中文：落地灯"))
    fill(library)
    found = asset(library, "落地灯")
    assert found == asset(library, "quixotic")
    said = library.browser.facts(found).description
    assert said is not None
    assert (said.author, said.edited) == (NAME, False)
    assert "落地灯" in said.text


def test_edited_description_is_embedded_anew_without_another_look(library: Library, server: EncoderServer) -> None:
    library.quality.allow(1_000_000)
    server.replies.append(words("Object: a quixotic lantern"))
    fill(library)
    edited = asset(library, "quixotic")
    for text in ("my own serendipity", "my second thought"):
        library.describe(edited, text)
        server.requests.clear()
        assert fill(library) == 1
        embedded = [body["input"] for body in server.bodies if "instructions" not in body]
        assert [text] in embedded
        assert "responses" not in paths(server)
    said = library.browser.facts(edited).description
    assert said is not None
    assert (said.text, said.edited) == ("my second thought", True)


def test_encoder_that_only_a_newer_table_lists_embeds_an_edited_description_anew(
    library: Library, server: EncoderServer
) -> None:
    shipped, newer = resource("models.toml").read_text("utf-8"), "openai-of-tomorrow"
    table = shipped.replace(f'name = "{NAME}"', f'name = "{newer}"')
    keep_taken(library.home, Taken(shipped_source().serial + 1, {"models.toml": table}))
    library.close()
    with Library(library.home, Access.WRITE, replace(library.settings, quality_encoder=newer)) as opened:
        opened.quality.allow(1_000_000)
        server.replies.append(words("Object: a quixotic lantern"))
        assert fill(opened) == 3
        opened.describe(asset(opened, "quixotic"), "my own serendipity")
        assert fill(opened) == 1


def test_never_sent_picture_stays_here_with_its_description(library: Library, server: EncoderServer) -> None:
    library.quality.allow(1_000_000)
    kept_back = asset(library, "photo")
    library.describe(kept_back, "unreleased design")
    library.browser.set_never_send([kept_back], True)
    assert fill(library) == 2
    assert b"unreleased design" not in b"".join(request.body for request in server.requests)
