"""Asks the engine for all that is known of the one asset that is selected, once the selection has come to rest."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.engine_client import EngineClient
from engine import protocol
from engine.protocol import AssetsChanged, AssetsFetched, DetailsFetched, JobFetched, LineageFetched

REST_MS = 90


class Inspection(QObject):
    """Follows one asset at a time."""

    details_known = Signal(object)
    near_known = Signal(object)
    uses_known = Signal(object)
    origin_known = Signal(object)
    """The JobDetails of what the asset is the result of."""

    def __init__(self, client: EngineClient) -> None:
        super().__init__()
        self._client = client
        self._asset_id = 0
        self._near_id = self._uses_id = self._used_id = self._made_id = self._origin_id = 0
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._ask)
        client.details_fetched.connect(self._on_details)
        client.assets_fetched.connect(self._on_assets)
        client.lineage_fetched.connect(self._on_lineage)
        client.job_fetched.connect(self._on_job)
        client.assets_changed.connect(self._on_changed)

    def follow(self, asset_id: int) -> None:
        """Tell of this asset from now on; 0 for none."""
        self._asset_id = asset_id
        self._near_id = self._uses_id = self._used_id = self._made_id = self._origin_id = 0
        if asset_id:
            self._rest.start()
        else:
            self._rest.stop()

    def _ask(self) -> None:
        self._client.send(protocol.FetchDetails, self._asset_id)
        self._near_id = self._client.send(protocol.FetchNearDuplicates, self._asset_id)
        self._used_id = self._client.send(protocol.WhereUsed, self._asset_id)
        self._made_id = self._client.send(protocol.MadeFrom, self._asset_id)

    def _on_details(self, event: DetailsFetched) -> None:
        if event.details.row.id == self._asset_id:
            self.details_known.emit(event.details)

    def _on_assets(self, event: AssetsFetched) -> None:
        if event.request_id == self._near_id:
            self.near_known.emit(event.rows)
        elif event.request_id == self._uses_id:
            self.uses_known.emit(event.rows)

    def _on_lineage(self, event: LineageFetched) -> None:
        if event.request_id == self._made_id and event.jobs:
            self._origin_id = self._client.send(protocol.FetchJob, event.jobs[0].id)
        results = tuple(job.result for job in event.jobs if job.result is not None)
        if event.request_id == self._used_id and results:
            self._uses_id = self._client.send(protocol.FindAssets, results)

    def _on_job(self, event: JobFetched) -> None:
        if event.request_id == self._origin_id:
            self.origin_known.emit(event.details)

    def _on_changed(self, event: AssetsChanged) -> None:
        if self._asset_id and (not event.asset_ids or self._asset_id in event.asset_ids):
            self._rest.start()
