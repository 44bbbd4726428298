"""Keeps the tray: in the preferences, in the sidebar's count, and as one list of rows for each role.

Owned by `desktop.app`; survives a rebuilt window. Assets that are no more, or may not be sent any more, leave it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.choosing import Choosing
from desktop.engine_client import EngineClient
from desktop.models.asset_list import AssetList
from desktop.models.sidebar_tree import SidebarTree
from desktop.models.tray import USUAL_ROLE, Tray, read_tray
from desktop.settings import PreferenceStore
from engine.protocol import AssetRow, AssetsChanged, Role

SETTLE_MS = 300


class TrayKeeper(QObject):
    """Holds the present tray; views show its wells."""

    changed = Signal()

    def __init__(
        self, client: EngineClient, choosing: Choosing, tree: SidebarTree, preferences: PreferenceStore
    ) -> None:
        super().__init__()
        self.tray = read_tray(preferences.current.tray)
        self.wells = {role: AssetList(self) for role in Role}
        self._rows: dict[int, AssetRow] = {}
        self._choosing = choosing
        self._tree = tree
        self._preferences = preferences
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(SETTLE_MS)
        self._settling.timeout.connect(self._look_again)
        client.connected.connect(self._look_again)
        client.assets_changed.connect(self._on_assets_changed)
        client.folders_changed.connect(self._settling.start)
        self._show()

    def rows(self, role: Role) -> tuple[AssetRow, ...]:
        """Return what is known of the assets of a role."""
        return tuple(self._rows[one] for one in self.tray.well(role) if one in self._rows)

    def put(self, asset_ids: Sequence[int], role: Role = USUAL_ROLE) -> None:
        """Lay assets in a well, those that may be sent."""
        self._choosing.choose(asset_ids, lambda rows: self._take_in(rows, role))

    def take(self, asset_ids: Collection[int], role: Role | None = None) -> None:
        """Take assets out of one well, or out of all."""
        self._keep(self.tray.without(asset_ids, role))

    def move(self, asset_ids: Sequence[int], source: Role, target: Role) -> None:
        """Move assets to another well."""
        self._keep(self.tray.moved(asset_ids, source, target))

    def _take_in(self, rows: Sequence[AssetRow], role: Role) -> None:
        self._rows.update((row.id, row) for row in rows)
        self._keep(self.tray.with_assets([row.id for row in rows], role))

    def _on_assets_changed(self, event: AssetsChanged) -> None:
        if not event.asset_ids or set(event.asset_ids) & set(self.tray.ids()):
            self._settling.start()

    def _look_again(self) -> None:
        asked = self.tray.ids()
        if asked:
            self._choosing.choose(asked, lambda rows: self._renew(asked, rows))

    def _renew(self, asked: Collection[int], rows: Sequence[AssetRow]) -> None:
        there = {row.id for row in rows}
        self._rows.update((row.id, row) for row in rows)
        self._keep(self.tray.without(set(asked) - there))

    def _keep(self, tray: Tray) -> None:
        self.tray = tray
        self._preferences.update(tray=tray.written())
        self._show()

    def _show(self) -> None:
        self._tree.show_tray(len(self.tray.ids()))
        for role, well in self.wells.items():
            rows = [self._rows.get(one) for one in self.tray.well(role)]
            if rows != well.rows():
                well.show_anew(len(rows), rows, {})
        self.changed.emit()
