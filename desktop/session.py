"""What is on show: the present search, the steps before and after it, and the list of assets that answers it.

Owned by `desktop.app`; survives a rebuilt window. Invariant: only the answer to the newest search is ever shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.engine_client import EngineClient
from desktop.models.asset_list import AssetList
from desktop.models.history import History
from desktop.models.page import Page
from desktop.models.search import Search
from desktop.notifications import Notifications
from desktop.troubles import told
from engine import protocol
from engine.protocol import (
    AssetRow,
    AssetsChanged,
    AssetsFetched,
    Band,
    IdsFetched,
    RequestFailed,
    RowsFetched,
    SearchCompleted,
)

REFRESH_MS = 300
LIST_UNKNOWN = "list_unknown"
ROWS_RENEWED = 400
"""Of more changed assets at once the whole list is asked for anew."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a search went: its numbers, or why it failed; `ranked` says that it has bands."""

    total: int = 0
    ranked: bool = False
    strong: int = 0
    likely: int = 0
    trouble: str = ""
    hint: str = ""

    def band_starts(self) -> dict[int, Band]:
        """Return where each band of scores begins; nothing for a plain list."""
        if not self.ranked:
            return {}
        ends = (0, Band.STRONG, self.strong), (self.strong, Band.LIKELY, self.likely)
        starts = {at: band for at, band, count in ends if count}
        weak = self.strong + self.likely
        return {**starts, weak: Band.WEAK} if weak < self.total else starts


class Session(QObject):
    """Runs searches and fills the list."""

    search_shown = Signal(object)
    outcome_shown = Signal(object)
    waiting_changed = Signal(bool)
    page_turned = Signal()

    def __init__(self, client: EngineClient, assets: AssetList, notifications: Notifications) -> None:
        super().__init__()
        self.assets = assets
        self.history: History[Search] = History(Search())
        self.outcome = Outcome()
        self.page = Page.PICTURES
        self._client = client
        self._notifications = notifications
        self._typing = False
        self._asked_id = 0
        self._list_id = 0
        self._renewal_id = 0
        self._loose_id = 0
        self._acts: dict[int, Callable[[tuple[int, ...]], object]] = {}
        self._row_acts: dict[int, Callable[[tuple[AssetRow, ...]], object]] = {}
        self._refresh = QTimer(self)
        self._refresh.setSingleShot(True)
        self._refresh.setInterval(REFRESH_MS)
        self._refresh.timeout.connect(self._renew)
        self._connect()

    @property
    def search(self) -> Search:
        """The search that is shown or on its way."""
        return self.history.present

    @property
    def waits(self) -> bool:
        """Whether the newest search has no answer yet."""
        return bool(self._asked_id)

    def turn_to(self, page: Page) -> None:
        """Show another page in the middle; every search turns back to the pictures."""
        if page is not self.page:
            self.page = page
            self.page_turned.emit()

    def go(self, search: Search) -> None:
        """Search; a step of its own. Where the user typed up to it, that step ends here."""
        if self._typing:
            self.history.amend(search)
        elif search != self.search:
            self.history.go(search)
        self._typing = False
        self._run()
        if search.asks:
            self._client.send(protocol.RememberSearch, search.query())
            self._client.send(protocol.ListHistory)

    def type(self, search: Search) -> None:
        """Search while the user is still typing; all of that is one step."""
        if self._typing:
            self.history.amend(search)
        else:
            self.history.go(search)
        self._typing = True
        self._run()

    def back(self) -> None:
        """Show the step before."""
        self._typing = False
        self.history.back()
        self._run()

    def forward(self) -> None:
        """Show the step after."""
        self._typing = False
        self.history.forward()
        self._run()

    def show_assets(self, asset_ids: Sequence[int]) -> None:
        """Show these assets and no search, such as what lies in the tray."""
        self.turn_to(Page.PICTURES)
        self._await(0)
        self._loose_id = self._client.send(protocol.FetchAssets, tuple(asset_ids))

    def with_ids(self, positions: Sequence[int], act: Callable[[tuple[int, ...]], object]) -> None:
        """Act on the ids of these positions of the list, at once or as soon as those not here yet are fetched."""
        rows = [self.assets.find_row(position) for position in positions]
        known = tuple(row.id for row in rows if row is not None)
        if len(known) == len(rows) or not self._list_id:
            act(known)
        else:
            request_id = self._client.send(protocol.FetchIds, self._list_id)
            self._acts[request_id] = lambda ids: act(tuple(ids[at] for at in positions if at < len(ids)))

    def with_files(self, paths: Sequence[Path], act: Callable[[tuple[AssetRow, ...]], object]) -> None:
        """Act on the assets of these files as soon as they are known; files outside the library have none."""
        self._row_acts[self._client.send(protocol.FindAssets, tuple(paths))] = act

    def refresh(self) -> None:
        """Ask the present search again, soon, keeping what is in sight where it is."""
        if not self._refresh.isActive():
            self._refresh.start()

    def _connect(self) -> None:
        self.assets.page_wanted.connect(self._fetch_page)
        client = self._client
        client.connected.connect(self._on_connected)
        client.search_completed.connect(self._on_completed)
        client.rows_fetched.connect(self._on_rows)
        client.assets_fetched.connect(self._on_assets)
        client.ids_fetched.connect(self._on_ids)
        client.assets_changed.connect(self._on_changed)
        client.encoder_switched.connect(self.refresh)
        client.request_failed.connect(self._on_failed)

    def _on_connected(self) -> None:
        """Ask again for what is on show; a search that waits for its answer is asked again by the client."""
        if self._list_id:
            self._renew()
        elif not self.waits:
            self._run()

    def _run(self) -> None:
        self.turn_to(Page.PICTURES)
        self._refresh.stop()
        self._renewal_id = self._loose_id = 0
        self._await(self._client.send(protocol.Search, self.search.query()))
        self.search_shown.emit(self.search)

    def _renew(self) -> None:
        if self.waits:
            # What comes may have been found before what there is to renew for.
            self._refresh.start()
        elif self._list_id:
            self._renewal_id = self._client.send(protocol.Search, self.search.query())

    def _await(self, search_id: int) -> None:
        self._asked_id = search_id
        self.waiting_changed.emit(self.waits)

    def _on_completed(self, event: SearchCompleted) -> None:
        if event.request_id not in (self._asked_id, self._renewal_id):
            return
        ranked = bool(event.rows) and event.rows[0].band is not None
        self.outcome = Outcome(event.total, ranked, event.strong, event.likely)
        show = self.assets.show_anew if event.request_id == self._asked_id else self.assets.show_change
        self._list_id = event.request_id
        self._renewal_id = 0
        self._await(0)
        show(event.total, event.rows, self.outcome.band_starts())
        self.outcome_shown.emit(self.outcome)

    def _fetch_page(self, offset: int) -> None:
        if self._list_id:
            self._client.send(protocol.FetchRows, self._list_id, offset)

    def _on_rows(self, event: RowsFetched) -> None:
        if event.search_id == self._list_id:
            self.assets.fill(event.offset, event.rows)

    def _on_ids(self, event: IdsFetched) -> None:
        act = self._acts.pop(event.request_id, None)
        if act is not None:
            act(event.asset_ids)

    def _on_assets(self, event: AssetsFetched) -> None:
        act = self._row_acts.pop(event.request_id, None)
        if act is not None:
            act(event.rows)
        if event.request_id == self._loose_id:
            self._list_id = 0
            self.outcome = Outcome(len(event.rows))
            self.assets.show_anew(len(event.rows), event.rows, {})
            self.outcome_shown.emit(self.outcome)
        else:
            self.assets.replace(event.rows)

    def _on_changed(self, event: AssetsChanged) -> None:
        if event.asset_ids and len(event.asset_ids) <= ROWS_RENEWED:
            self._client.send(protocol.FetchAssets, event.asset_ids)
        else:
            self.refresh()

    def _on_failed(self, event: RequestFailed) -> None:
        if event.code == LIST_UNKNOWN:
            self.refresh()
        elif event.request_id == self._asked_id:
            self._await(0)
            trouble, hint = told(event.code, event.message, event.hint)
            self.outcome = Outcome(trouble=trouble, hint=hint)
            self.assets.show_anew(0, (), {})
            self.outcome_shown.emit(self.outcome)
        elif not self._client.is_minded(event.request_id):
            self._notifications.trouble(*told(event.code, event.message, event.hint))
