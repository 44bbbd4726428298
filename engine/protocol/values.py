"""What messages are made of: queries, rows of assets, folders, tags, duplicates, settings.

Part of `engine.protocol`; plain values that every front end may hold on to. Texts in them are data, never sentences:
what a person reads is made by the front end in the person's language.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Band(StrEnum):
    """How far a hit can be trusted."""

    STRONG = "strong"
    LIKELY = "likely"
    WEAK = "weak"


class Sort(StrEnum):
    """What a list is ordered by; RELEVANCE counts as NAME where nothing is searched for."""

    RELEVANCE = "relevance"
    NAME = "name"
    DATE = "date"
    SIZE = "size"
    COLOUR = "colour"


class Subset(StrEnum):
    """Which assets a list is about: ALL that are known, FAILED to be read, or WAITING to be."""

    ALL = "all"
    FAILED = "failed"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Order:
    """The order of a list; searches are ordered within their bands."""

    by: Sort = Sort.RELEVANCE
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A rectangle of a picture, in 0…1 of its width and height."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class TextTerm:
    """Words; a negative weight (−0.5 is usual) says what not to find."""

    text: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class FileTerm:
    """A picture file, in or outside the library, or a part of it."""

    path: Path
    weight: float = 1.0
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class AssetTerm:
    """An asset of the library, also one that is offline, or a part of it."""

    asset_id: int
    weight: float = 1.0
    part: Part | None = None


Term = TextTerm | FileTerm | AssetTerm


@dataclass(frozen=True, slots=True)
class Filter:
    """Conditions that all hold; the default lets everything pass.

    `aspect`: `square`, `portrait`, `landscape`, or a ratio such as `16:9`; `colour`: `#rrggbb`; `since` and `until`: a
    date such as `2026-05-01` or a span back from now such as `7d`, `2w`, `3m`, `1y`; an asset has all of the `tags`.
    """

    folders: tuple[Path, ...] = ()
    formats: tuple[str, ...] = ()
    min_width: int = 0
    min_height: int = 0
    min_edge: int = 0
    aspect: str = ""
    alpha: bool | None = None
    colour: str = ""
    since: str = ""
    until: str = ""
    tags: tuple[str, ...] = ()
    min_rating: int = 0
    subset: Subset = Subset.ALL


@dataclass(frozen=True, slots=True)
class AssetQuery:
    """What to show: without terms a plain list, with terms a search."""

    terms: tuple[Term, ...] = ()
    filter: Filter = Filter()
    order: Order = Order()


@dataclass(frozen=True, slots=True)
class AssetRow:
    """An asset as a grid shows it; pixel facts are None until the file was read.

    `thumbnail` is a key, empty where there is none: the file is `<thumbnails>/<first two letters>/<key>.webp`. `score`
    (0…1), `band` and `found_by`, the encoders that found it, are set in answers to searches; `fault` (a `DecodeFault`),
    `reason` and `hint` where `failed`.
    """

    id: int
    path: Path
    folder: Path
    size: int
    mtime_ns: int
    thumbnail: str = ""
    format: str | None = None
    width: int | None = None
    height: int | None = None
    frames: int | None = None
    has_alpha: bool | None = None
    offline: bool = False
    failed: bool = False
    fault: str = ""
    reason: str = ""
    hint: str = ""
    rating: int = 0
    tags: tuple[str, ...] = ()
    score: float | None = None
    band: Band | None = None
    found_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PaletteColour:
    """A dominant colour `#rrggbb` and its share (0…1) of the opaque pixels."""

    hex: str
    share: float


@dataclass(frozen=True, slots=True)
class Description:
    """What a picture shows, in words. `author` is the encoder that wrote it, empty where only the user did."""

    text: str
    author: str
    edited: bool


@dataclass(frozen=True, slots=True)
class AssetDetails:
    """All that is known of an asset; `copies` are assets with the same bytes, this one aside."""

    row: AssetRow
    palette: tuple[PaletteColour, ...] = ()
    note: str = ""
    never_send: bool = False
    captured_at: str = ""
    camera: str = ""
    copies: tuple[AssetRow, ...] = ()
    description: Description | None = None


class FolderState(StrEnum):
    """How a watched folder is; the later word is the graver one."""

    ONLINE = "online"
    INDEXING = "indexing"
    OFFLINE = "offline"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class WatchedFolder:
    """What the root of a tree has beside its path: counts are of the whole tree."""

    id: int
    state: FolderState
    detail: str
    polling: bool
    never_send: bool
    ready: int
    waiting: int
    failed: int


@dataclass(frozen=True, slots=True)
class FolderNode:
    """A directory with how many assets are in and below it; `watched` is set at roots."""

    path: Path
    count: int
    children: tuple[FolderNode, ...] = ()
    watched: WatchedFolder | None = None


@dataclass(frozen=True, slots=True)
class TagCount:
    """A tag and how many assets have it."""

    tag: str
    count: int


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search with a name, answered anew whenever it is opened."""

    name: str
    query: AssetQuery


class Likeness(StrEnum):
    """What makes a group of duplicates: the same bytes, or the same picture in other bytes."""

    EXACT = "exact"
    NEAR = "near"


class BestReason(StrEnum):
    """Why a copy is suggested: what it has before the others, most telling first."""

    ON_LINE = "on_line"
    MORE_PIXELS = "more_pixels"
    BETTER_FORMAT = "better_format"
    MORE_BYTES = "more_bytes"
    OLDER = "older"
    RATED_HIGHER = "rated_higher"
    FIRST_BY_NAME = "first_by_name"


class Decision(StrEnum):
    """What was decided of a group: they are KEPT all and not shown again, or shown again (OPEN)."""

    KEPT = "kept"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Assets that show the same; `best` is the id of the one worth keeping."""

    likeness: Likeness
    rows: tuple[AssetRow, ...]
    best: int
    reason: BestReason


class Stage(StrEnum):
    """What the engine can do: BROWSE at once; SEARCH too once model and vectors are loaded; or it FAILED to load."""

    BROWSE = "browse"
    SEARCH = "search"
    FAILED = "failed"


class Activity(StrEnum):
    """What indexing does."""

    IDLE = "idle"
    LISTING = "listing"
    INDEXING = "indexing"
    PAUSED = "paused"


class Throttle(StrEnum):
    """How hard indexing works: FULL speed, or GENTLE while another program is in front."""

    FULL = "full"
    GENTLE = "gentle"


@dataclass(frozen=True, slots=True)
class IndexingState:
    """How far indexing is; `rate` in files a second, `seconds_left` None until it can be told.

    `building` names the encoder that the files are read for while another one still answers searches; `built` is the
    share (0…1) of all pictures that have its vector.
    """

    activity: Activity = Activity.IDLE
    throttle: Throttle = Throttle.FULL
    done: int = 0
    failed: int = 0
    total: int = 0
    rate: float = 0.0
    seconds_left: float | None = None
    building: str = ""
    built: float = 0.0


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """The library at a glance; sizes in bytes. `device` is empty until the model is loaded.

    `encoder` answers searches and has `vectors`; `pending` counts what waits for the one that the settings want.
    `lost_encoder` answered before; its files are gone, and what has no vector of the present one is not found.
    """

    home: Path
    thumbnails: Path
    encoder: str
    device: str
    stage: Stage
    assets: int
    vectors: int
    pending: int
    failed: int
    catalogue_bytes: int
    thumbnail_bytes: int
    indexing: IndexingState
    lost_encoder: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of the engine as text; `fixed_by` names the environment variable that overrules the file, if any."""

    name: str
    value: str
    default: str
    meaning: str
    fixed_by: str = ""


class ModelPlace(StrEnum):
    """Where the weights of a model are; ELSEWHERE is where the user's own setting says.

    Those in the CLOUD are a service's: it sees pictures for money, and only as the quality encoder.
    """

    SHIPPED = "shipped"
    HERE = "here"
    SHARED = "shared"
    ABSENT = "absent"
    CLOUD = "cloud"
    ELSEWHERE = "elsewhere"


class TransferStep(StrEnum):
    """What is being done to bring weights here."""

    DOWNLOADING = "downloading"
    COPYING = "copying"
    CHECKING = "checking"


@dataclass(frozen=True, slots=True)
class Transfer:
    """How far the weights of a model are on their way; `total_bytes` is 0 until it is known."""

    step: TransferStep
    done_bytes: int
    total_bytes: int


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file that a model needs, as its repository on a hub calls it."""

    repository: str
    path: str


@dataclass(frozen=True, slots=True)
class Model:
    """An encoder on offer, or one that has vectors here; `indexed` counts them.

    `spec` is what the setting `encoder` calls it, empty where that has to say where its weights lie. `in_use` is the
    one that the setting names, `searched` the one that answers searches; `built` (0…1) is set while the former is to
    take the place of the latter. `quality` is the quality encoder.

    `row` is what the table of models calls it, empty for an encoder that is not in it. `commercial` is whether the
    licence allows a studio to use it in its work, `speed` one of fast, medium, slow or empty. `files` have to be
    downloaded from `hub` or copied from elsewhere; `arrived_bytes` of them are there from an earlier attempt.
    """

    name: str
    title: str
    dimension: int
    languages: tuple[str, ...]
    licence: str
    disk_bytes: int
    note: str
    spec: str
    in_use: bool
    indexed: int
    searched: bool = False
    built: float | None = None
    row: str = ""
    place: ModelPlace = ModelPlace.ELSEWHERE
    commercial: bool = True
    licence_url: str = ""
    memory_bytes: int = 0
    speed: str = ""
    figures: str = ""
    note_zh: str = ""
    figures_zh: str = ""
    hub: str = ""
    files: tuple[ModelFile, ...] = ()
    arrived_bytes: int = 0
    transfer: Transfer | None = None
    quality: bool = False


class QualityReason(StrEnum):
    """Why a picture is shown to the quality encoder before others, the best reason first."""

    CHOSEN_FOLDER = "chosen_folder"
    USED = "used"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class QualityShare:
    """How many pictures of a directory are bought, and why those."""

    folder: Path
    reason: QualityReason
    images: int


@dataclass(frozen=True, slots=True)
class ServiceTerms:
    """Who gets the pictures of an encoder that is a service, and its price: micro-USD each, on a day (ISO 8601)."""

    service: str
    per_image: int
    as_of: str
    source: str


@dataclass(frozen=True, slots=True)
class QualityPlan:
    """What is bought: `images` of `waiting`, after the `seen` ones; `kept_back` are never sent to a service.

    `price`, the most it may cost, and `day_left`, what may be spent on any service today, are in micro-USD. `seconds`
    is told for an encoder on this machine, `terms` for a service. `chosen`: it is the one of the settings.
    """

    encoder: str
    seen: int
    waiting: int
    kept_back: int
    images: int
    shares: tuple[QualityShare, ...] = ()
    price: int = 0
    day_left: int = 0
    chosen: bool = False
    seconds: float | None = None
    terms: ServiceTerms | None = None


class QualityActivity(StrEnum):
    """What the quality run does: nothing (IDLE), it RUNS, it is HELD by the user, or it STOPPED by itself."""

    IDLE = "idle"
    RUNS = "runs"
    HELD = "held"
    STOPPED = "stopped"
