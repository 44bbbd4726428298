"""A paid service as the quality encoder: what is sent, when, what it costs, and what happens when it fails or we do."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from engine.catalogue.ledger import EntryState, Purpose
from engine.errors import ConsentMissing
from engine.indexing.control import Control
from engine.library import Library
from engine.quality import Wish
from engine.search.query import ImageTerm, Query, TextTerm
from engine.search.searcher import SearchResult
from engine.services.service import ServiceFailed
from engine.settings import Settings
from tests.helpers.drawing import draw
from tests.helpers.encoder_servers import KEY, EncoderServer, dashscope_server, error, openai_server, words
from tests.helpers.indexing import index, index_drawings

FILES = 12
NAMES = {"openai": "openai-text-embedding-3-large", "dashscope": "dashscope-tongyi-embedding-vision-plus"}
SERVERS = {"openai": openai_server, "dashscope": dashscope_server}
CIRCLE = Query((TextTerm("circle"),))
DOLLAR = 1_000_000

Open = Callable[[str], Library]


@pytest.fixture
def servers(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, EncoderServer]]:
    """Run both services, to which there are keys."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("DASHSCOPE_API_KEY", KEY)
    with ExitStack() as running:
        yield {name: running.enter_context(serve()) for name, serve in SERVERS.items()}


@pytest.fixture
def opened(home: Path, art: Path, servers: dict[str, EncoderServer]) -> Iterator[Open]:
    """Index some pictures with the starter; open the library with a service as its quality encoder."""
    index_drawings(home, art, FILES)
    with ExitStack() as libraries:
        yield lambda service: libraries.enter_context(Library(home, settings=settings_of(service, servers)))


def settings_of(service: str, servers: dict[str, EncoderServer]) -> Settings:
    return Settings(
        quality_encoder=NAMES[service],
        openai_base_url=servers["openai"].address,
        dashscope_url=servers["dashscope"].address,
        requests_at_once=2,
    )


def fill(library: Library, wish: Wish | None = None) -> int:
    return library.quality.fill(Control(), lambda _: None, wish=wish).indexed


def pictures_in(server: EncoderServer) -> int:
    return sum(b"base64," in request.body for request in server.requests)


def spent(library: Library) -> int:
    return sum(entry.amount for entry in library.studio.accounts.entries())


def asset_ids(library: Library) -> dict[str, int]:
    return {hit.asset.path.name: hit.asset.id for hit in library.search(CIRCLE, 2 * FILES).hits}


def scores(result: SearchResult) -> dict[str, float]:
    return {hit.asset.path.name: hit.score for hit in result.hits}


@pytest.mark.parametrize("service", NAMES)
def test_nothing_is_sent_before_it_is_allowed(opened: Open, servers: dict[str, EncoderServer], service: str) -> None:
    library = opened(service)
    plan = library.quality.plan(Wish(budget=DOLLAR))
    assert plan.terms is not None
    assert (plan.images, plan.price, plan.seen) == (FILES, FILES * plan.terms.per_image, 0)
    assert index(library).indexed == 0
    assert not library.quality.waits()
    with pytest.raises(ConsentMissing):
        fill(library)
    assert library.search(CIRCLE, FILES).silence is None
    library.prepare_search("circle")
    assert servers[service].requests == []


@pytest.mark.parametrize("service", NAMES)
def test_what_is_allowed_is_sent_and_booked_and_has_a_say(
    opened: Open, servers: dict[str, EncoderServer], service: str
) -> None:
    library = opened(service)
    before = scores(library.search(CIRCLE, FILES))
    library.quality.allow(DOLLAR)
    assert fill(library) == FILES
    assert pictures_in(servers[service]) == FILES
    entries = library.studio.accounts.entries()
    assert {entry.state for entry in entries} == {EntryState.SETTLED}
    assert sum(entry.items for entry in entries if entry.purpose is Purpose.PICTURES) == FILES
    assert 0 < spent(library) < DOLLAR
    result = library.search(CIRCLE, FILES)
    assert result.silence is None
    assert all(score != before[name] for name, score in scores(result).items())
    asked = len(servers[service].requests)
    library.search(CIRCLE, FILES)
    assert len(servers[service].requests) == asked
    described = library._catalogue.descriptions.of(range(1, FILES + 1))
    assert len(described) == (FILES if service == "openai" else 0)


@pytest.mark.parametrize("service", NAMES)
def test_run_stops_before_the_cap_and_the_next_one_pays_for_the_rest_only(
    opened: Open, servers: dict[str, EncoderServer], service: str
) -> None:
    library = opened(service)
    plan = library.quality.plan(Wish())
    assert plan.terms is not None
    cap = 5 * plan.terms.per_image
    library.quality.allow(cap)
    first = fill(library, Wish(budget=cap))
    assert 0 < first <= 5
    assert spent(library) <= cap
    library.quality.allow(DOLLAR)
    assert fill(library) == FILES - first
    assert pictures_in(servers[service]) == FILES


def test_more_is_sent_where_it_costs_less_than_it_might(opened: Open, servers: dict[str, EncoderServer]) -> None:
    library = opened("openai")
    plan = library.quality.plan(Wish())
    assert plan.terms is not None
    library.quality.allow(3 * plan.terms.per_image)
    assert fill(library) > 3
    assert spent(library) <= 3 * plan.terms.per_image
    assert pictures_in(servers["openai"]) < FILES


def test_day_is_never_overspent(opened: Open, servers: dict[str, EncoderServer]) -> None:
    library = opened("openai")
    library.studio.accounts.set_budget(day_cents=0)
    library.quality.allow(DOLLAR)
    assert fill(library) == 0
    assert servers["openai"].requests == []


@pytest.mark.parametrize("service", NAMES)
def test_what_is_never_to_be_sent_stays(
    opened: Open, servers: dict[str, EncoderServer], tmp_path: Path, service: str
) -> None:
    draw(tmp_path / "secret" / "copy of 2.png", 2)
    draw(tmp_path / "secret" / "plan.png", 900)
    library = opened(service)
    index(library, tmp_path / "secret")
    library.browser.set_folder_never_send(tmp_path / "secret", True)
    library.browser.set_never_send([asset_ids(library)["5.png"]], True)
    plan = library.quality.plan(Wish())
    assert (plan.waiting, plan.kept_back) == (FILES - 2, 3)
    library.quality.allow(DOLLAR)
    assert fill(library) == FILES - 2
    assert pictures_in(servers[service]) == FILES - 2


def test_mark_that_comes_while_a_run_goes_on_holds(opened: Open, servers: dict[str, EncoderServer]) -> None:
    library = opened("openai")
    library.quality.allow(DOLLAR)
    ids = asset_ids(library)
    marked: list[int] = []

    def mark_all_others() -> bool:
        if not marked:
            marked.extend(ids.values())
            library.browser.set_never_send(marked, True)
        return False

    report = library.quality.fill(Control(), lambda _: None, mark_all_others)
    assert (report.indexed, report.failed) == (0, FILES)
    assert servers["openai"].requests == []
    assert library.failed() == []


KILLED = """
import os, sys
from pathlib import Path
from engine.indexing.control import Control
from engine.library import Library
from engine.settings import Settings
home, encoder, openai, dashscope = sys.argv[1:]
settings = Settings(quality_encoder=encoder, openai_base_url=openai, dashscope_url=dashscope, requests_at_once=2)
with Library(Path(home), settings=settings) as library:
    library.quality.allow(1_000_000)
    library.quality.fill(Control(), lambda progress: os._exit(9) if progress.done >= 4 else None)
"""


@pytest.mark.parametrize("service", NAMES)
def test_killed_run_pays_for_nothing_that_is_stored_again(
    home: Path, opened: Open, servers: dict[str, EncoderServer], service: str
) -> None:
    addresses = [servers["openai"].address, servers["dashscope"].address]
    command = [sys.executable, "-c", KILLED, str(home), NAMES[service], *addresses]
    # As slow as a service: else all may be seen between two reports of progress.
    servers[service].latency_s = 0.1
    assert subprocess.run(command, check=False, env=os.environ).returncode == 9
    servers[service].latency_s = 0.0
    library = opened(service)
    assert library.spaces.quality is not None
    stored = library.spaces.quality.embeddings.count()
    described = len(library._catalogue.descriptions.of(range(1, FILES + 1)))
    assert 0 < stored < FILES
    assert not [one for one in library.studio.accounts.entries() if one.state is EntryState.RESERVED]
    before = pictures_in(servers[service])
    assert fill(library) == FILES - stored
    assert pictures_in(servers[service]) - before == FILES - max(stored, described)


def test_refused_picture_is_left_aside_and_the_others_are_seen(opened: Open, servers: dict[str, EncoderServer]) -> None:
    library = opened("openai")
    library.quality.allow(DOLLAR)
    servers["openai"].replies.append(words("", "I cannot describe this."))
    report = library.quality.fill(Control(), lambda _: None)
    assert (report.indexed, report.failed) == (FILES - 1, 1)
    assert library.failed() == []
    assert len(asset_ids(library)) == FILES


def test_what_was_paid_before_a_refusal_is_not_paid_again(opened: Open, servers: dict[str, EncoderServer]) -> None:
    library = opened("dashscope")
    library.quality.allow(DOLLAR)
    servers["dashscope"].replies_at[5] = error(400, "DataInspectionFailed", "no")
    report = library.quality.fill(Control(), lambda _: None)
    assert (report.indexed, report.failed) == (FILES - 1, 1)
    assert pictures_in(servers["dashscope"]) == FILES


@pytest.mark.parametrize("service", NAMES)
def test_refused_key_ends_the_run_at_once_and_costs_nothing(
    opened: Open, servers: dict[str, EncoderServer], service: str
) -> None:
    library = opened(service)
    library.quality.allow(DOLLAR)
    servers[service].replies.extend([error(401, "InvalidApiKey", "bad key")] * FILES)
    with pytest.raises(ServiceFailed):
        fill(library)
    assert len(servers[service].requests) < FILES
    assert spent(library) == 0
    servers[service].replies.clear()
    assert fill(library) == FILES


@pytest.mark.parametrize("service", NAMES)
def test_search_is_answered_without_a_service_that_is_down(
    opened: Open, servers: dict[str, EncoderServer], service: str
) -> None:
    query = Query((TextTerm("never asked before"),))
    library = opened(service)
    before = scores(library.search(query, FILES))
    library.quality.allow(DOLLAR)
    fill(library)
    servers[service].replies.extend([error(401, "InvalidApiKey", "bad key")])
    result = library.search(query, FILES)
    assert scores(result) == before
    assert isinstance(result.silence, ServiceFailed)
    again = library.search(query, FILES)
    assert again.silence is None
    assert scores(again) != before


@pytest.mark.parametrize("service", NAMES)
def test_without_a_key_search_is_answered_and_says_so(
    opened: Open, servers: dict[str, EncoderServer], service: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = opened(service)
    library.quality.allow(DOLLAR)
    fill(library)
    library.close()
    monkeypatch.delenv(f"{service.upper()}_API_KEY")
    with Library(home, settings=settings_of(service, servers)) as keyless:
        result = keyless.search(CIRCLE, FILES)
        assert len(result.hits) == FILES
        assert isinstance(result.silence, ServiceFailed)
        assert "key" in result.silence.message


@pytest.mark.parametrize("service", NAMES)
def test_search_sends_no_picture(
    opened: Open, servers: dict[str, EncoderServer], tmp_path: Path, art: Path, service: str
) -> None:
    query = Query((ImageTerm(art / "0.png"),))
    library = opened(service)
    before = scores(library.search(query, FILES))
    library.quality.allow(DOLLAR)
    fill(library)
    sent = len(servers[service].requests)
    known = library.search(query, FILES)
    assert known.silence is None
    assert scores(known) != before
    draw(tmp_path / "mine.png", 77)
    other = library.search(Query((ImageTerm(tmp_path / "mine.png"),)), FILES)
    assert isinstance(other.silence, ConsentMissing)
    assert len(other.hits) == FILES
    assert len(servers[service].requests) == sent


def test_picture_that_the_user_described_is_not_sent_and_takes_new_words_without_being_sent(
    opened: Open, servers: dict[str, EncoderServer]
) -> None:
    library = opened("openai")
    own = asset_ids(library)["3.png"]
    library.describe(own, "a crown of my own")
    library.quality.allow(DOLLAR)
    assert fill(library) == FILES
    assert pictures_in(servers["openai"]) == FILES - 1
    assert "a crown of my own" in str(servers["openai"].bodies)
    library.describe(own, "a shield after all")
    assert fill(library) == 1
    assert pictures_in(servers["openai"]) == FILES - 1
    assert servers["openai"].bodies[-1]["input"] == ["a shield after all"]
