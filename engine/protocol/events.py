"""What the engine tells: answers, which carry the `request_id` of their command, and news, which go to every client.

Part of `engine.protocol`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.protocol.composing_events import ComposingAnswer, ComposingNews
from engine.protocol.values import (
    AssetDetails,
    AssetQuery,
    AssetRow,
    DuplicateGroup,
    EngineStatus,
    FolderNode,
    IndexingState,
    Model,
    QualityActivity,
    QualityPlan,
    SavedSearch,
    Setting,
    Stage,
    TagCount,
    Transfer,
)

# Answers


@dataclass(frozen=True, slots=True)
class EngineReady:
    """The client is welcome; browsing works from here on, searching as `stage` says."""

    request_id: int
    version: int
    home: Path
    thumbnails: Path
    stage: Stage


@dataclass(frozen=True, slots=True)
class RequestCompleted:
    """It is done."""

    request_id: int


@dataclass(frozen=True, slots=True)
class RequestFailed:
    """It was not done: `code` is one of `engine.errors`, or `bug`; `message` says what happened, `hint` what to do."""

    request_id: int
    code: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class FoldersListed:
    """The watched folders as trees, by path."""

    request_id: int
    folders: tuple[FolderNode, ...]


@dataclass(frozen=True, slots=True)
class Silence:
    """Why an encoder had no say in a search: code, message and hint as in RequestFailed."""

    code: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class SearchCompleted:
    """The first rows of a list of `total`; of those `strong` come first, then `likely`, then weak ones.

    A plain list has no bands: both counts are 0. `silence` is set where the quality encoder had no say, and why.
    """

    request_id: int
    total: int
    rows: tuple[AssetRow, ...]
    strong: int = 0
    likely: int = 0
    took_ms: float = 0.0
    silence: Silence | None = None


@dataclass(frozen=True, slots=True)
class SearchSuperseded:
    """A newer search came, or it was cancelled; there will be no answer."""

    request_id: int


@dataclass(frozen=True, slots=True)
class RowsFetched:
    """Rows of a list from `offset` on; rows of assets that are no more are None, so that positions hold."""

    request_id: int
    search_id: int
    offset: int
    rows: tuple[AssetRow | None, ...]


@dataclass(frozen=True, slots=True)
class IdsFetched:
    """Ids of a list from `offset` on."""

    request_id: int
    search_id: int
    offset: int
    asset_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AssetsFetched:
    """Rows that were asked for one by one."""

    request_id: int
    rows: tuple[AssetRow, ...]


@dataclass(frozen=True, slots=True)
class DetailsFetched:
    """All that is known of an asset."""

    request_id: int
    details: AssetDetails


@dataclass(frozen=True, slots=True)
class TagsListed:
    """Every tag that an asset has, by name."""

    request_id: int
    tags: tuple[TagCount, ...]


@dataclass(frozen=True, slots=True)
class SavedSearchesListed:
    """The saved searches, by name."""

    request_id: int
    searches: tuple[SavedSearch, ...]


@dataclass(frozen=True, slots=True)
class HistoryListed:
    """The queries that were meant, newest first, none twice."""

    request_id: int
    queries: tuple[AssetQuery, ...]


@dataclass(frozen=True, slots=True)
class PictureDrawn:
    """Where the picture lies; None where the file gave none."""

    request_id: int
    asset_id: int
    path: Path | None


@dataclass(frozen=True, slots=True)
class DuplicatesFound:
    """Undecided groups, exact ones first."""

    request_id: int
    groups: tuple[DuplicateGroup, ...]


@dataclass(frozen=True, slots=True)
class StatusFetched:
    """The library at a glance."""

    request_id: int
    status: EngineStatus


@dataclass(frozen=True, slots=True)
class ModelsListed:
    """The encoders on offer, the recommended one first."""

    request_id: int
    models: tuple[Model, ...]


@dataclass(frozen=True, slots=True)
class SettingsFetched:
    """Every setting of the engine."""

    request_id: int
    settings: tuple[Setting, ...]


@dataclass(frozen=True, slots=True)
class UpdatesChecked:
    """What the publisher says: the newest version, what is new in it, and its installer for this platform, if any.

    `tables` names those of models and prices that are newer here from now on.
    """

    request_id: int
    version: str
    is_newer: bool
    notes: str
    url: str = ""
    sha256: str = ""
    tables: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QualityPlanned:
    """What a budget buys, and what the quality run does meanwhile."""

    request_id: int
    plan: QualityPlan
    activity: QualityActivity


# News


@dataclass(frozen=True, slots=True)
class StageChanged:
    """What the engine can do has changed; `code`, `message` and `hint` as in RequestFailed where it FAILED."""

    stage: Stage
    code: str = ""
    message: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class FoldersChanged:
    """Folders came or went, or their counts or states changed. At most once a second."""


@dataclass(frozen=True, slots=True)
class AssetsChanged:
    """These assets changed; with no ids, any may have, and lists may have grown. At most once a second without ids."""

    asset_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TagsChanged:
    """Tags, or how many assets have them, changed."""


@dataclass(frozen=True, slots=True)
class SavedSearchesChanged:
    """Saved searches came, went or changed."""


@dataclass(frozen=True, slots=True)
class IndexingProgressed:
    """How far indexing is; at most ten a second, and one at each change of activity."""

    state: IndexingState


@dataclass(frozen=True, slots=True)
class IndexingFailed:
    """Indexing stopped for this reason, and goes on once it is mended: code, message and hint as in RequestFailed."""

    code: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class EncoderSwitched:
    """Searches are answered by this encoder from now on; what an earlier search found is to be asked for again."""

    encoder: str


@dataclass(frozen=True, slots=True)
class ModelProgressed:
    """How far a model's weights are; at most ten a second, and one at each step."""

    model: str
    transfer: Transfer


@dataclass(frozen=True, slots=True)
class ModelArrived:
    """A model's weights are here, and can be used."""

    model: str


@dataclass(frozen=True, slots=True)
class ModelStopped:
    """A model's weights did not arrive: code, message and hint as in RequestFailed, empty where the user stopped it."""

    model: str
    code: str = ""
    message: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class QualityChanged:
    """The quality run began, ended or was held; where it STOPPED by itself, why: code to hint as in RequestFailed."""

    activity: QualityActivity
    code: str = ""
    message: str = ""
    hint: str = ""


Answer = (
    EngineReady
    | RequestCompleted
    | RequestFailed
    | FoldersListed
    | SearchCompleted
    | SearchSuperseded
    | RowsFetched
    | IdsFetched
    | AssetsFetched
    | DetailsFetched
    | TagsListed
    | SavedSearchesListed
    | HistoryListed
    | PictureDrawn
    | DuplicatesFound
    | StatusFetched
    | ModelsListed
    | SettingsFetched
    | UpdatesChecked
    | QualityPlanned
    | ComposingAnswer
)
News = (
    StageChanged
    | FoldersChanged
    | AssetsChanged
    | TagsChanged
    | SavedSearchesChanged
    | IndexingProgressed
    | IndexingFailed
    | EncoderSwitched
    | ModelProgressed
    | ModelArrived
    | ModelStopped
    | QualityChanged
    | ComposingNews
)
Event = Answer | News
