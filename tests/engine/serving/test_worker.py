"""The engine process, talked to as the window does: over its pipe, with the starter encoder, on real files."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from engine import protocol
from engine.errors import EngineGone
from engine.protocol import Activity, AssetQuery, EngineLink, Filter, Order, Sort, TextTerm, connect, find_address
from engine.resources import resource
from tests.helpers.engine_process import PATIENCE_S, leave, start
from tests.helpers.tiny_encoder import write_tiny_encoder


class Talk:
    """A client that asks and waits."""

    def __init__(self, home: Path) -> None:
        self.link: EngineLink = connect(home)
        self._ids = count(1)

    def ask(self, kind: Callable[..., protocol.Command], *values: object) -> protocol.Event:
        """Send a command and return its answer; news on the way is passed over."""
        command = kind(next(self._ids), *values)
        self.link.send(command)
        while getattr(event := self.link.receive(), "request_id", None) != command.request_id:
            pass
        return event

    def search(self, words: str) -> protocol.SearchCompleted:
        answer = self.ask(protocol.Search, AssetQuery((TextTerm(words),)))
        assert isinstance(answer, protocol.SearchCompleted)
        return answer

    def models(self) -> list[protocol.Model]:
        """Return the encoders that can be searched with."""
        answer = self.ask(protocol.ListModels)
        assert isinstance(answer, protocol.ModelsListed)
        return [model for model in answer.models if model.spec and model.place is not protocol.ModelPlace.CLOUD]

    def list(self, query: AssetQuery = AssetQuery()) -> protocol.SearchCompleted:  # noqa: B008 - frozen
        answer = self.ask(protocol.Search, query)
        assert isinstance(answer, protocol.SearchCompleted)
        return answer

    def wait_until_indexed(self, assets: int) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            event = self.link.receive()
            if isinstance(event, protocol.IndexingProgressed) and event.state.activity is Activity.IDLE:
                answer = self.ask(protocol.FetchStatus)
                assert isinstance(answer, protocol.StatusFetched)
                if answer.status.assets == assets and not answer.status.pending:
                    return
        raise AssertionError("indexing did not end")


@pytest.fixture(scope="module")
def art(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("art")
    for part in ("props/potions", "weapons"):
        shutil.copytree(resource("sample_library") / part, folder / part)
    shutil.copyfile(folder / "weapons/longsword.png", folder / "weapons/copy of longsword.png")
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def talk(home: Path, art: Path) -> Iterator[Talk]:
    """A client of an engine that has indexed the pictures; the first search was asked before it could be answered."""
    process = start(home)
    client = Talk(home)
    client.ask(protocol.AddFolder, art)
    assert isinstance(client.ask(protocol.Search, AssetQuery((TextTerm("sword"),))), protocol.SearchCompleted)
    client.wait_until_indexed(sum(path.is_file() for path in art.rglob("*")))
    yield client
    client.link.close()
    assert leave(process) == 0
    assert find_address(home) is None


def ids_of(answer: protocol.SearchCompleted) -> list[int]:
    return [row.id for row in answer.rows]


def test_text_finds_what_pictures_show(talk: Talk) -> None:
    for words in ("potion", "药水"):
        answer = talk.search(words)
        assert "potion" in str(answer.rows[0].path), words
        assert answer.rows[0].band is not None
        assert (
            talk.link.ready.thumbnails / answer.rows[0].thumbnail[:2] / f"{answer.rows[0].thumbnail}.webp"
        ).is_file()


def test_a_picture_is_drawn_of_a_format_that_the_window_does_not_read(talk: Talk) -> None:
    (row,) = (row for row in talk.list().rows if row.path.suffix == ".svg")
    answer = talk.ask(protocol.DrawPicture, row.id)
    assert isinstance(answer, protocol.PictureDrawn)
    assert answer.path is not None
    assert answer.path.read_bytes().startswith(b"\x89PNG")


def test_a_file_without_a_picture_is_drawn_as_none(talk: Talk) -> None:
    (row,) = (row for row in talk.list().rows if row.path.name == "broken.png")
    answer = talk.ask(protocol.DrawPicture, row.id)
    assert answer == protocol.PictureDrawn(answer.request_id, row.id, None)  # type: ignore[union-attr]


def test_folder_is_a_tree_with_counts(talk: Talk, art: Path) -> None:
    answer = talk.ask(protocol.ListFolders)
    assert isinstance(answer, protocol.FoldersListed)
    (root,) = answer.folders
    assert (root.path, root.count) == (art, sum(path.is_file() for path in art.rglob("*")))
    assert [child.path.name for child in root.children] == ["props", "weapons"]
    assert root.watched is not None
    assert (root.watched.failed, root.watched.waiting) == (1, 0)


def test_plain_list_is_ordered_and_read_by_pages(talk: Talk) -> None:
    first = talk.list(AssetQuery(order=Order(Sort.SIZE, descending=True)))
    sizes = [row.size for row in first.rows]
    assert sizes == sorted(sizes, reverse=True)
    page = talk.ask(protocol.FetchRows, first.request_id, 2, 3)
    assert isinstance(page, protocol.RowsFetched)
    assert [row.id for row in page.rows if row is not None] == ids_of(first)[2:5]
    everything = talk.ask(protocol.FetchIds, first.request_id)
    assert isinstance(everything, protocol.IdsFetched)
    assert len(everything.asset_ids) == first.total


def test_files_are_found_by_where_they_lie(talk: Talk, art: Path) -> None:
    paths = (art / "weapons/longsword.png", Path("/no/such/file.png"), art / "broken.png")
    answer = talk.ask(protocol.FindAssets, paths)
    assert isinstance(answer, protocol.AssetsFetched)
    assert [row.path for row in answer.rows] == [paths[0], paths[2]]


def test_failed_file_says_why(talk: Talk) -> None:
    (row,) = talk.list(AssetQuery(filter=Filter(subset=protocol.Subset.FAILED))).rows
    assert row.path.name == "broken.png"
    assert row.failed
    assert row.reason


def test_marks_are_kept_and_filtered_by(talk: Talk) -> None:
    row = talk.search("sword").rows[0]
    talk.ask(protocol.TagAssets, (row.id,), (" boss  fight ",))
    talk.ask(protocol.RateAssets, (row.id,), 4)
    talk.ask(protocol.SetNote, row.id, "redraw the hilt")
    found = talk.list(AssetQuery(filter=Filter(tags=("boss fight",), min_rating=4)))
    assert row.id in ids_of(found)
    details = talk.ask(protocol.FetchDetails, row.id)
    assert isinstance(details, protocol.DetailsFetched)
    assert (details.details.note, details.details.row.rating) == ("redraw the hilt", 4)
    assert details.details.palette
    tags = talk.ask(protocol.ListTags)
    assert isinstance(tags, protocol.TagsListed)
    assert tags.tags[0].tag == "boss fight"


def test_description_is_kept_shown_and_found_by_its_words(talk: Talk) -> None:
    row = talk.search("sword").rows[0]
    talk.ask(protocol.SetDescription, row.id, "a quixotic 落地灯")
    details = talk.ask(protocol.FetchDetails, row.id)
    assert isinstance(details, protocol.DetailsFetched)
    assert details.details.description == protocol.Description("a quixotic 落地灯", "", edited=True)
    assert [talk.search(text).rows[0].id for text in ("quixotic", "落地灯")] == [row.id, row.id]
    talk.ask(protocol.SetDescription, row.id, "")
    details = talk.ask(protocol.FetchDetails, row.id)
    assert isinstance(details, protocol.DetailsFetched)
    assert details.details.description is None


def test_folder_that_comes_back_has_its_marks(talk: Talk, art: Path) -> None:
    row = talk.list(AssetQuery(filter=Filter(folders=(art / "props",)))).rows[0]
    talk.ask(protocol.TagAssets, (row.id,), ("mine",))
    everything = talk.list().total
    talk.ask(protocol.RemoveFolder, art)
    assert talk.list().total == 0
    talk.ask(protocol.AddFolder, art)
    talk.wait_until_indexed(everything)
    (found,) = talk.list(AssetQuery(filter=Filter(tags=("mine",)))).rows
    assert found.path == row.path


def test_saved_search_and_history_come_back_as_they_were(talk: Talk) -> None:
    query = AssetQuery((TextTerm("potion"), TextTerm("red", -0.5)), Filter(formats=("png",)))
    talk.ask(protocol.SaveSearch, "potions", query)
    talk.ask(protocol.RememberSearch, query)
    saved, history = talk.ask(protocol.ListSavedSearches), talk.ask(protocol.ListHistory)
    assert isinstance(saved, protocol.SavedSearchesListed)
    assert isinstance(history, protocol.HistoryListed)
    assert saved.searches == (protocol.SavedSearch("potions", query),)
    assert history.queries == (query,)


def test_part_of_a_picture_finds_other_things_than_the_whole(talk: Talk) -> None:
    row = talk.search("magic potion").rows[0]
    whole = talk.list(AssetQuery((protocol.AssetTerm(row.id),)))
    part = talk.list(AssetQuery((protocol.AssetTerm(row.id, part=protocol.Part(0.3, 0.0, 0.4, 0.2)),)))
    assert whole.total
    assert part.total
    assert [hit.score for hit in part.rows] != [hit.score for hit in whole.rows]


def test_copies_are_a_group_until_they_are_kept(talk: Talk) -> None:
    found = talk.ask(protocol.FindDuplicates)
    assert isinstance(found, protocol.DuplicatesFound)
    (group,) = found.groups
    assert {row.path.name for row in group.rows} == {"longsword.png", "copy of longsword.png"}
    ids = tuple(row.id for row in group.rows)
    assert group.best in ids
    talk.ask(protocol.DecideDuplicates, ids, protocol.Decision.KEPT)
    after = talk.ask(protocol.FindDuplicates)
    assert isinstance(after, protocol.DuplicatesFound)
    assert after.groups == ()
    talk.ask(protocol.DecideDuplicates, ids, protocol.Decision.OPEN)


def test_slow_work_does_not_hold_up_the_catalogue(talk: Talk) -> None:
    slow = protocol.FindDuplicates(90_001)
    talk.link.send(slow)
    answers = []
    talk.link.send(protocol.FetchStatus(90_002))
    while len(answers) < 2:
        event = talk.link.receive()
        if getattr(event, "request_id", 0) in (90_001, 90_002):
            answers.append(event.request_id)
    assert sorted(answers) == [90_001, 90_002]


def test_engine_leaves_in_the_middle_of_slow_work(tmp_path: Path, art: Path) -> None:
    process = start(tmp_path)
    client = Talk(tmp_path)
    client.ask(protocol.AddFolder, art)
    client.wait_until_indexed(sum(path.is_file() for path in art.rglob("*")))
    for number in range(20):
        client.link.send(protocol.FindDuplicates(1_000 + number))
    assert leave(process) == 0
    client.link.close()


@pytest.mark.usefixtures("talk")
def test_greeting_that_never_ends_holds_up_nobody(home: Path) -> None:
    address = find_address(home)
    assert address is not None
    with socket.socket(socket.AF_UNIX) as stranger:
        stranger.connect(address.address)
        other = Talk(home)
        assert isinstance(other.ask(protocol.FetchStatus), protocol.StatusFetched)
        other.link.close()


def test_mistakes_are_answered_with_what_to_do(talk: Talk) -> None:
    for answer, code in (
        (talk.ask(protocol.FetchRows, 9_999, 0, 1), "list_unknown"),
        (talk.ask(protocol.FetchDetails, 9_999), "asset_unknown"),
        (talk.ask(protocol.AddFolder, Path("/no/such/folder")), "folder_not_found"),
        (talk.ask(protocol.Search, AssetQuery(filter=Filter(colour="reddish"))), "invalid_query"),
    ):
        assert isinstance(answer, protocol.RequestFailed)
        assert answer.code == code
        assert answer.hint


def test_command_that_makes_no_sense_is_refused_and_the_next_is_answered(talk: Talk) -> None:
    for nonsense in (b'{"is":"MakeCoffee","request_id":70001}', b'{"is":"MakeCoffee"}', b"[]"):
        talk.link._connection.send_bytes(nonsense)
    while getattr(refusal := talk.link.receive(), "request_id", None) != 70001:
        pass
    assert isinstance(refusal, protocol.RequestFailed)
    assert (refusal.code, bool(refusal.hint)) == ("message_invalid", True)
    assert isinstance(talk.ask(protocol.FetchStatus), protocol.StatusFetched)


@pytest.mark.usefixtures("talk")
def test_second_engine_finds_the_data_directory_taken(home: Path) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "engine.worker", "--home", str(home)], stdin=subprocess.DEVNULL, capture_output=True,
        check=False,
    )  # fmt: skip
    assert second.returncode == 3
    assert b"another Propmaster" in second.stderr


def read_to_the_end(link: EngineLink) -> None:
    while True:
        link.receive()


def test_killed_engine_leaves_a_library_that_the_next_one_serves(tmp_path: Path, art: Path) -> None:
    process = start(tmp_path)
    client = Talk(tmp_path)
    client.ask(protocol.AddFolder, art / "weapons")
    killed = find_address(tmp_path)
    assert killed is not None
    process.kill()
    process.wait()
    assert Path(killed.address).parent.is_dir()
    with pytest.raises(EngineGone):
        read_to_the_end(client.link)
    for stream in (process.stdin, process.stdout):
        assert stream is not None
        stream.close()
    process = start(tmp_path)
    client = Talk(tmp_path)
    client.wait_until_indexed(len(list((art / "weapons").iterdir())))
    assert client.search("axe").total
    assert not Path(killed.address).parent.exists()
    client.link.close()
    assert leave(process) == 0


def test_engine_that_begins_anew_with_other_settings_leaves_in_good_order(tmp_path: Path) -> None:
    process = start(tmp_path)
    client = Talk(tmp_path)
    assert isinstance(client.ask(protocol.ChangeSettings, (("poll_seconds", "30"),)), protocol.RequestCompleted)
    assert process.wait(PATIENCE_S) == 0
    client.link.close()
    for stream in (process.stdin, process.stdout):
        assert stream is not None
        stream.close()
    assert "poll_seconds = 30" in (tmp_path / "settings.toml").read_text("utf-8")


def test_settings_of_services_hold_without_another_engine(tmp_path: Path) -> None:
    process = start(tmp_path)
    client = Talk(tmp_path)
    changes = (("proxy", "http://127.0.0.1:9"), ("requests_at_once", "7"))
    assert isinstance(client.ask(protocol.ChangeSettings, changes), protocol.RequestCompleted)
    fetched = client.ask(protocol.FetchSettings)
    assert isinstance(fetched, protocol.SettingsFetched)
    assert set(changes) <= {(one.name, one.value) for one in fetched.settings}
    assert process.poll() is None
    client.link.close()
    assert leave(process) == 0


def test_encoder_is_built_beside_the_searched_one_and_takes_its_place(tmp_path: Path, art: Path) -> None:
    home, own = tmp_path / "home", write_tiny_encoder(tmp_path / "own")
    process = start(home)
    client = Talk(home)
    client.ask(protocol.AddFolder, art)
    client.wait_until_indexed(sum(path.is_file() for path in art.rglob("*")))
    before = ids_of(client.search("potion"))
    refused = client.ask(protocol.ChangeSettings, (("encoder", str(tmp_path / "nowhere")),))
    assert isinstance(refused, protocol.RequestFailed)
    assert refused.code == "encoder_unavailable"
    client.ask(protocol.ChangeSettings, (("encoder", str(own)),))
    client.link.close()
    assert leave(process) == 0
    process = start(home)
    client = Talk(home)
    client.ask(protocol.PauseIndexing)
    starter, built = client.models()
    assert (starter.name, starter.searched, starter.in_use) == ("starter-4", True, False)
    assert built.in_use
    assert built.built is not None
    assert built.built < 1
    assert ids_of(client.search("potion")) == before
    refused = client.ask(protocol.DropVectors, starter.name)
    assert isinstance(refused, protocol.RequestFailed)
    assert refused.code == "encoder_in_use"
    client.ask(protocol.ResumeIndexing)
    building = set()
    while not isinstance(event := client.link.receive(), protocol.EncoderSwitched):
        if isinstance(event, protocol.IndexingProgressed):
            building.add(event.state.building)
    assert event.encoder == built.name
    assert built.name in building
    assert sorted(ids_of(client.search("potion"))) == sorted(before)
    client.ask(protocol.DropVectors, starter.name)
    starter, built = client.models()
    assert (starter.indexed, built.searched, built.built) == (0, True, None)
    client.link.close()
    assert leave(process) == 0


def test_plain_list_does_not_wait_for_a_search_that_waits_for_the_model(tmp_path: Path, art: Path) -> None:
    process = start(tmp_path)
    client = Talk(tmp_path)
    client.ask(protocol.AddFolder, art / "weapons")
    client.link.send(protocol.Search(900, AssetQuery((TextTerm("something nobody asked before"),))))
    client.link.send(protocol.Search(901, AssetQuery()))
    while not isinstance(event := client.link.receive(), protocol.SearchCompleted):
        pass
    assert event.request_id == 901
    client.link.close()
    assert leave(process) == 0


def test_client_that_stops_reading_does_not_hold_up_the_others(talk: Talk, home: Path) -> None:
    stuck = Talk(home)
    rows = talk.list().rows
    with contextlib.suppress(EngineGone):
        for at in range(400):
            stuck.link.send(protocol.FetchAssets(10_000 + at, tuple(row.id for row in rows) * 20))
    assert isinstance(talk.ask(protocol.RateAssets, (rows[0].id,), 3), protocol.RequestCompleted)
    stuck.link.close()


def test_engine_loads_no_qt() -> None:
    script = (
        "import sys, engine.worker;"
        " print(sorted({'PySide6', 'desktop', 'torch'} & {name.split('.')[0] for name in sys.modules}))"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


@pytest.mark.usefixtures("talk")
def test_engine_of_a_copied_data_directory_leaves_the_living_one_its_socket(home: Path, tmp_path: Path) -> None:
    shutil.copyfile(home / "engine.json", tmp_path / "engine.json")
    assert leave(start(tmp_path)) == 0
    other = Talk(home)
    assert isinstance(other.ask(protocol.FetchStatus), protocol.StatusFetched)
    other.link.close()
