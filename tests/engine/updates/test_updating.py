"""An update is asked for over the network, believed if signed and newer, and its tables are used from then on."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest

from engine.compose.models import load_models
from engine.embedding.models import available_models
from engine.resources import resource
from engine.settings import Settings
from engine.updates.feed import MOST_BYTES, UpdateUnreachable
from engine.updates.manifest import UpdateDamaged, UpdateForged
from engine.updates.tables import FILE_NAME, Source, Taken, load_taken, newest_table, shipped_source
from engine.updating import NoUpdateSource, UpdateNews, UpdateStale, check_for_updates, platform_name
from tests.helpers.loopback import Reply
from tests.helpers.publisher import SERIAL, TABLE, Publisher, handing_out

MODELS = resource("models.toml").read_text("utf-8")
DEARER = TABLE.replace("1K = 0.0336", "1K = 0.0999", 1)
MODEL = "gemini-nano-banana-2.1"
DEARER_MICRO_USD = 99_900


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def shipped_earlier(monkeypatch: pytest.MonkeyPatch, publisher: Publisher) -> Source:
    """Let this installation be one that shipped with the tables of SERIAL."""
    source = publisher.source()
    monkeypatch.setattr("engine.updates.tables.shipped_source", lambda: source)
    return source


def check(home: Path, publisher: Publisher, envelope: bytes) -> UpdateNews:
    with handing_out(Reply(body=envelope)) as address:
        return check_for_updates(home, Settings(), publisher.source(address))


def price(home: Path) -> int:
    return load_models(home).find(MODEL).prices["1K"]


@pytest.mark.usefixtures("shipped_earlier")
def test_a_newer_price_table_is_taken_over(home: Path, publisher: Publisher) -> None:
    assert price(home) != DEARER_MICRO_USD
    news = check(home, publisher, publisher.sign(tables={"generators.toml": DEARER}))
    assert news.tables == ("generators.toml",)
    assert price(home) == DEARER_MICRO_USD


@pytest.mark.usefixtures("shipped_earlier")
def test_rows_of_the_user_stay_above_an_update(home: Path, publisher: Publisher) -> None:
    home.mkdir()
    rows = TABLE.split("[[model]]")
    own = next(row for row in rows if f'"{MODEL}"' in row).replace("1K = 0.0336", "1K = 0.5")
    (home / "generators.toml").write_text(f"[[model]]{own}", "utf-8")
    check(home, publisher, publisher.sign(tables={"generators.toml": DEARER}))
    assert price(home) == 500_000


def test_a_newer_version_is_told_of_with_its_download(home: Path, publisher: Publisher) -> None:
    download = {"url": "https://example.org/installer", "sha256": "ab" * 32}
    news = check(home, publisher, publisher.sign(downloads={platform_name(): download}))
    assert (news.version, news.is_newer, news.notes) == ("99.0", True, "Finds even more.")
    assert news.download is not None
    assert news.download.url == download["url"]


def test_the_same_version_is_no_news(home: Path, publisher: Publisher) -> None:
    news = check(home, publisher, publisher.sign(version="0.0.1", serial=SERIAL))
    assert (news.is_newer, news.download, news.tables) == (False, None, ())
    assert load_taken(home) == Taken()


def test_asking_twice_tells_of_the_table_once(home: Path, publisher: Publisher) -> None:
    envelope = publisher.sign()
    assert check(home, publisher, envelope).tables == ("generators.toml",)
    assert check(home, publisher, envelope).tables == ()


def test_a_replayed_older_manifest_is_refused(home: Path, publisher: Publisher) -> None:
    older = publisher.sign(tables={"generators.toml": DEARER})
    check(home, publisher, publisher.sign(serial=SERIAL + 2))
    taken = load_taken(home)
    with pytest.raises(UpdateStale):
        check(home, publisher, older)
    assert load_taken(home) == taken


def test_a_manifest_older_than_the_installation_is_refused(home: Path, publisher: Publisher) -> None:
    with pytest.raises(UpdateStale):
        check(home, publisher, publisher.sign(serial=SERIAL - 1))


def test_an_installation_newer_than_the_taken_table_uses_its_own(
    home: Path, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    check(home, publisher, publisher.sign(tables={"generators.toml": DEARER}))
    newer = Source(SERIAL + 1, "", ())
    monkeypatch.setattr("engine.updates.tables.shipped_source", lambda: newer)
    assert newest_table("generators.toml", home) == TABLE


@pytest.mark.usefixtures("shipped_earlier")
def test_a_newer_list_of_models_is_taken_over(home: Path, publisher: Publisher) -> None:
    listed = MODELS.replace('title = "Starter"', 'title = "Starter, praised"')
    assert check(home, publisher, publisher.sign(tables={"models.toml": listed})).tables == ("models.toml",)
    assert available_models(home)[0].title == "Starter, praised"
    assert available_models()[0].title == "Starter"


@pytest.mark.usefixtures("shipped_earlier")
@pytest.mark.parametrize(
    "table",
    [
        "",
        "not toml",
        MODELS.replace('name = "starter-4"', 'name = "starter-5"'),
        MODELS.replace('folder = "starter_encoder"', 'folder = "another"'),
        MODELS.replace("commercial = true", "", 1),
    ],
)
def test_a_list_of_models_of_a_later_version_is_left_alone(home: Path, publisher: Publisher, table: str) -> None:
    news = check(home, publisher, publisher.sign(tables={"models.toml": table}))
    assert (news.tables, news.unread) == ((), ("models.toml",))
    assert available_models(home) == available_models()


@pytest.mark.usefixtures("shipped_earlier")
@pytest.mark.parametrize("table", ["", "[[model]]\nname = 1", "[[shape_of_next_year]]\n", "not toml"])
def test_a_table_of_a_later_version_is_left_alone(home: Path, publisher: Publisher, table: str) -> None:
    before = price(home)
    news = check(home, publisher, publisher.sign(tables={"generators.toml": table}))
    assert (news.tables, news.unread) == ((), ("generators.toml",))
    assert price(home) == before


@pytest.mark.usefixtures("shipped_earlier")
def test_the_last_table_that_could_be_read_stays_when_a_later_one_cannot(home: Path, publisher: Publisher) -> None:
    check(home, publisher, publisher.sign(tables={"generators.toml": DEARER}))
    check(home, publisher, publisher.sign(tables={"generators.toml": "not toml"}, serial=SERIAL + 2))
    assert price(home) == DEARER_MICRO_USD


def test_a_forged_manifest_changes_nothing(home: Path, publisher: Publisher) -> None:
    with pytest.raises(UpdateForged):
        check(home, publisher, Publisher().sign())
    assert not (home / FILE_NAME).exists()


def test_a_damaged_file_of_what_was_taken_counts_as_none(home: Path) -> None:
    home.mkdir()
    for damage in ("", "[]", '{"serial": "x", "tables": {}}', '{"serial": 9}'):
        (home / FILE_NAME).write_text(damage, "utf-8")
        assert load_taken(home) == Taken()
    assert price(home) > 0


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(status=404), UpdateUnreachable),
        (Reply(status=503), UpdateUnreachable),
        (Reply(body=b"a" * 4000, cut_at=100), UpdateUnreachable),
        (None, UpdateUnreachable),
        (Reply(body=b"<html>sign in to the network</html>"), UpdateDamaged),
        (Reply(body=b" " * (MOST_BYTES + 1)), UpdateDamaged),
        (Reply(status=302, headers={"location": "/manifest.json"}), UpdateUnreachable),
    ],
)
def test_every_bad_answer_has_its_words(
    home: Path, publisher: Publisher, reply: Reply | None, error: type[UpdateUnreachable]
) -> None:
    with handing_out(reply) as address, pytest.raises(error) as told:
        check_for_updates(home, Settings(), publisher.source(address))
    assert told.value.hint


def test_a_manifest_cut_short_but_whole_by_http_is_damaged(home: Path, publisher: Publisher) -> None:
    with pytest.raises(UpdateDamaged):
        check(home, publisher, publisher.sign()[:-20])


def test_a_place_that_drips_is_given_up(home: Path, publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.updates.feed.PATIENCE_S", 0.5)
    with (
        handing_out(Reply(body=publisher.sign(), drip_s=0.05)) as address,
        pytest.raises(UpdateUnreachable, match="in time"),
    ):
        check_for_updates(home, Settings(), publisher.source(address))


def test_who_no_longer_waits_is_not_kept_waiting(home: Path, publisher: Publisher) -> None:
    given_up = threading.Event()
    given_up.set()
    with handing_out(Reply(body=publisher.sign(), drip_s=1.0)) as address, pytest.raises(UpdateUnreachable):
        check_for_updates(home, Settings(), publisher.source(address), given_up)


def test_without_a_connection_it_says_so(home: Path, publisher: Publisher) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{nobody.getsockname()[1]}/manifest.json"
        with pytest.raises(UpdateUnreachable, match="no connection"):
            check_for_updates(home, Settings(), publisher.source(address))


@pytest.mark.parametrize("address", ["nowhere", "ftp://example.org", "http://", "file:///etc/hosts"])
def test_an_address_that_is_none_is_told(home: Path, publisher: Publisher, address: str) -> None:
    with pytest.raises(UpdateUnreachable):
        check_for_updates(home, Settings(), publisher.source(address))


def test_a_studio_can_have_a_place_of_its_own(home: Path, publisher: Publisher) -> None:
    with handing_out(Reply(body=publisher.sign())) as address:
        news = check_for_updates(home, Settings(updates_url=address), publisher.source("http://127.0.0.1:1/"))
    assert news.version == "99.0"


@pytest.mark.parametrize("source", [Source(1, "", ("a key",)), Source(1, "http://127.0.0.1:1/", ())])
def test_with_nobody_to_ask_nothing_is_asked(home: Path, source: Source) -> None:
    with pytest.raises(NoUpdateSource):
        check_for_updates(home, Settings(), source)


def test_what_ships_is_readable() -> None:
    assert shipped_source().serial >= 1
