"""A scripted engine on the real wire: answers from a list of rows, and can be slow, silent, failing or gone."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection, Listener
from pathlib import Path
from typing import Any

from engine import protocol
from engine.protocol import (
    AssetDetails,
    AssetRow,
    Band,
    Command,
    EngineAddress,
    EngineReady,
    EngineStatus,
    Event,
    FolderNode,
    FolderState,
    IndexingState,
    PaletteColour,
    QualityActivity,
    QualityPlan,
    Stage,
    TagCount,
    WatchedFolder,
    decode,
    encode,
)
from tests.desktop.fake_compositions import composing_answers

Answer = Callable[[Any], Event | None]


class FakeEngine:
    """Serves one client at a time on a thread of its own; a context manager."""

    def __init__(self, home: Path, rows: tuple[AssetRow, ...] = ()) -> None:
        self.rows = rows
        self.folders = (_folder(Path("/art"), len(rows)),) if rows else ()
        self.stage = Stage.SEARCH
        self.asked: list[Command] = []
        self.files: dict[Path, int] = {}
        """Ids of assets by their files, for those that FindAssets knows."""
        self.kept_back: set[int] = set()
        """Ids of assets that are marked never to be sent."""
        self.answers: dict[type, Answer] = {
            protocol.Hello: lambda c: EngineReady(c.request_id, protocol.VERSION, home, home / "t", self.stage),
            protocol.ListFolders: lambda c: protocol.FoldersListed(c.request_id, self.folders),
            protocol.ListTags: lambda c: protocol.TagsListed(c.request_id, (TagCount("wood", 3),)),
            protocol.ListSavedSearches: lambda c: protocol.SavedSearchesListed(c.request_id, ()),
            protocol.ListHistory: lambda c: protocol.HistoryListed(c.request_id, ()),
            protocol.Search: self._search,
            protocol.FetchRows: lambda c: protocol.RowsFetched(
                c.request_id, c.search_id, c.offset, self.rows[c.offset : c.offset + c.count]
            ),
            protocol.FetchIds: lambda c: protocol.IdsFetched(
                c.request_id, c.search_id, 0, tuple(row.id for row in self.rows)
            ),
            protocol.FetchAssets: lambda c: protocol.AssetsFetched(
                c.request_id, tuple(row for row in self.rows if row.id in c.asset_ids)
            ),
            protocol.FindAssets: self._find,
            protocol.FindCandidates: self._candidates,
            protocol.ChooseAssets: self._choose,
            protocol.FetchNearDuplicates: lambda c: protocol.AssetsFetched(c.request_id, ()),
            protocol.DrawPicture: lambda c: protocol.PictureDrawn(c.request_id, c.asset_id, None),
            protocol.FetchDetails: self._details,
            protocol.FetchStatus: lambda c: protocol.StatusFetched(c.request_id, self._status(home)),
            protocol.FindDuplicates: lambda c: protocol.DuplicatesFound(c.request_id, ()),
            protocol.ListModels: lambda c: protocol.ModelsListed(c.request_id, ()),
            protocol.CheckUpdates: lambda c: protocol.UpdatesChecked(c.request_id, "0.0.1", False, ""),
            protocol.PlanQuality: lambda c: protocol.QualityPlanned(
                c.request_id, QualityPlan("quality-1", 20, 100, 0, 50, seconds=300.0), QualityActivity.IDLE
            ),
            protocol.FetchSettings: lambda c: protocol.SettingsFetched(c.request_id, ()),
            **composing_answers(),
        }
        key = secrets.token_hex(16)
        address = str(home / "engine.sock")
        home.mkdir(parents=True, exist_ok=True)
        self._listener = Listener(address, authkey=bytes.fromhex(key))
        EngineAddress(os.getpid(), address, key).write(home)
        self._address = address
        self._client: Connection | None = None
        self._open = True
        self._thread = threading.Thread(target=self._serve, name="fake engine")
        self._thread.start()

    def __enter__(self) -> FakeEngine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def tell(self, event: Event) -> None:
        """Send news to the client."""
        assert self._client is not None
        self._client.send_bytes(encode(event))

    def asked_for(self, kind: type) -> list[Any]:
        """Return the commands of a kind that came so far."""
        return [command for command in self.asked if isinstance(command, kind)]

    def hang_up(self) -> None:
        """Be gone for the client, as an engine that was killed."""
        if self._client is not None:
            with contextlib.suppress(OSError, TypeError), socket.socket(fileno=os.dup(self._client.fileno())) as wire:
                wire.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Stop serving; may be repeated."""
        if not self._open:
            return
        self._open = False
        self.hang_up()
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as waking:
            waking.connect(self._address)
        self._listener.close()
        self._thread.join()

    def _serve(self) -> None:
        while self._open:
            with contextlib.suppress(OSError, EOFError), self._listener.accept() as client:
                self._client = client
                self._answer_all(client)

    def _answer_all(self, client: Connection) -> None:
        while True:
            command = decode(client.recv_bytes(), Command)
            self.asked.append(command)
            answer = self.answers.get(type(command), lambda c: protocol.RequestCompleted(c.request_id))(command)
            if answer is not None:
                client.send_bytes(encode(answer))

    def _search(self, command: protocol.Search) -> Event:
        words = " ".join(term.text for term in command.query.terms if isinstance(term, protocol.TextTerm)).lower()
        found = tuple(row for row in self.rows if words in row.path.name.lower())
        if not command.query.terms:
            return protocol.SearchCompleted(command.request_id, len(found), found[: command.rows])
        strong = len(found) // 2
        banded = [replace(row, band=Band.STRONG if at < strong else Band.WEAK) for at, row in enumerate(found)]
        return protocol.SearchCompleted(command.request_id, len(found), tuple(banded[: command.rows]), strong)

    def _find(self, command: protocol.FindAssets) -> Event:
        by_id = {row.id: row for row in self.rows}
        known = [path for path in command.paths if path in self.files]
        return protocol.AssetsFetched(
            command.request_id, tuple(replace(by_id[self.files[path]], path=path) for path in known)
        )

    def _candidates(self, command: protocol.FindCandidates) -> Event:
        """Find all whose name holds one of the words, the first as a strong hit."""
        words = command.text.lower().split()
        found = [row for row in self.rows if any(word in row.path.name for word in words)]
        banded = (replace(row, band=Band.WEAK if at else Band.STRONG) for at, row in enumerate(found))
        return protocol.CandidatesFound(command.request_id, tuple(banded)[: command.count])

    def _choose(self, command: protocol.ChooseAssets) -> Event:
        by_id = {row.id: row for row in self.rows}
        rows = [by_id[one] for one in command.asset_ids if one in by_id]
        kept_back = (
            protocol.KeptBack(row, f"{row.path.name} is marked “never send”", "take the mark off")
            for row in rows
            if row.id in self.kept_back
        )
        chosen = tuple(row for row in rows if row.id not in self.kept_back)
        return protocol.AssetsChosen(command.request_id, chosen, tuple(kept_back))

    def _details(self, command: protocol.FetchDetails) -> Event:
        row = next(row for row in self.rows if row.id == command.asset_id)
        return protocol.DetailsFetched(
            command.request_id, AssetDetails(row, (PaletteColour("#c03020", 0.7), PaletteColour("#203040", 0.3)))
        )

    def _status(self, home: Path) -> EngineStatus:
        count = len(self.rows)
        return EngineStatus(home, home, "starter-1", "cpu", self.stage, count, count, 0, 0, 0, 0, IndexingState())


def make_rows(count: int) -> tuple[AssetRow, ...]:
    """Return rows without thumbnails: `prop-0000.png`, …"""
    row = AssetRow(1, Path("/art/x.png"), Path("/art"), 1000, 0, format="PNG", width=64, height=48)
    return tuple(replace(row, id=at + 1, path=Path(f"/art/prop-{at:04}.png")) for at in range(count))


def _folder(path: Path, count: int) -> FolderNode:
    watched = WatchedFolder(1, FolderState.ONLINE, "", False, False, count, 0, 0)
    return FolderNode(path, count, (FolderNode(path / "weapons", count),), watched)
