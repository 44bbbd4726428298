"""What a front end asks of the engine; each is answered once, by the event named in its docstring or RequestFailed.

Part of `engine.protocol`. `request_id` is chosen by the client and comes back in the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.protocol.composing_commands import ComposingCommand
from engine.protocol.values import AssetQuery, Decision, Throttle

PAGE_ROWS = 200


@dataclass(frozen=True, slots=True)
class Hello:
    """Begin: EngineReady, or RequestFailed with code `protocol_mismatch`, after which the engine hangs up."""

    request_id: int
    version: int


# Folders


@dataclass(frozen=True, slots=True)
class ListFolders:
    """FoldersListed."""

    request_id: int


@dataclass(frozen=True, slots=True)
class AddFolder:
    """Watch a folder and index it: RequestCompleted. `polling` None lets the engine see to it."""

    request_id: int
    path: Path
    polling: bool | None = None


@dataclass(frozen=True, slots=True)
class RemoveFolder:
    """Forget a watched folder; its files stay: RequestCompleted."""

    request_id: int
    path: Path


@dataclass(frozen=True, slots=True)
class SetFolderPolling:
    """Compare a watched folder at intervals, or follow the system's events: RequestCompleted."""

    request_id: int
    path: Path
    polling: bool


@dataclass(frozen=True, slots=True)
class SetFolderNeverSend:
    """Say whether a watched folder's pictures may ever leave this machine: RequestCompleted."""

    request_id: int
    path: Path
    never_send: bool


# Assets


@dataclass(frozen=True, slots=True)
class Search:
    """Show what a query finds: SearchCompleted, or SearchSuperseded where a newer one of the same client came.

    Also for plain lists. The engine keeps the whole list under this request's id until the client's next Search but
    three; FetchRows and FetchIds read on in it. `rows` of the first come with the answer.
    """

    request_id: int
    query: AssetQuery
    rows: int = PAGE_ROWS


@dataclass(frozen=True, slots=True)
class CancelSearch:
    """Do not finish a search: RequestCompleted, and SearchSuperseded for that one if it had not ended."""

    request_id: int
    search_id: int


@dataclass(frozen=True, slots=True)
class FetchRows:
    """Read on in a list: RowsFetched; RequestFailed with code `list_unknown` if the engine has it no more."""

    request_id: int
    search_id: int
    offset: int
    count: int = PAGE_ROWS


@dataclass(frozen=True, slots=True)
class FetchIds:
    """Get the ids of a list in its order, such as to select all: IdsFetched, or as FetchRows."""

    request_id: int
    search_id: int
    offset: int = 0
    count: int = 1_000_000_000


@dataclass(frozen=True, slots=True)
class FetchAssets:
    """AssetsFetched, in the order of the ids; ones that are no more are left out."""

    request_id: int
    asset_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FindAssets:
    """AssetsFetched: the assets of these files, in their order; files outside the library are left out."""

    request_id: int
    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class FetchDetails:
    """DetailsFetched; RequestFailed with code `asset_unknown`."""

    request_id: int
    asset_id: int


@dataclass(frozen=True, slots=True)
class FetchNearDuplicates:
    """AssetsFetched: other assets that show the same picture, most alike first."""

    request_id: int
    asset_id: int


@dataclass(frozen=True, slots=True)
class DrawPicture:
    """Have an asset drawn as large as a screen shows it, for formats that the client does not read: PictureDrawn."""

    request_id: int
    asset_id: int


# Marks


@dataclass(frozen=True, slots=True)
class TagAssets:
    """Add and remove tags: RequestCompleted."""

    request_id: int
    asset_ids: tuple[int, ...]
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListTags:
    """TagsListed."""

    request_id: int


@dataclass(frozen=True, slots=True)
class RateAssets:
    """Rate with 1…5 stars, 0 for none: RequestCompleted."""

    request_id: int
    asset_ids: tuple[int, ...]
    rating: int


@dataclass(frozen=True, slots=True)
class SetNote:
    """Write a note, or clear it with an empty text: RequestCompleted."""

    request_id: int
    asset_id: int
    note: str


@dataclass(frozen=True, slots=True)
class SetDescription:
    """Describe a picture in words that searches find, or forget them with an empty text: RequestCompleted."""

    request_id: int
    asset_id: int
    text: str


@dataclass(frozen=True, slots=True)
class SetNeverSend:
    """Say whether these pictures may ever leave this machine: RequestCompleted."""

    request_id: int
    asset_ids: tuple[int, ...]
    never_send: bool


# Searches that are kept


@dataclass(frozen=True, slots=True)
class SaveSearch:
    """Keep a query under a name, in place of one that has it: RequestCompleted."""

    request_id: int
    name: str
    query: AssetQuery


@dataclass(frozen=True, slots=True)
class ForgetSavedSearch:
    """RequestCompleted, also where there is none of this name."""

    request_id: int
    name: str


@dataclass(frozen=True, slots=True)
class ListSavedSearches:
    """SavedSearchesListed."""

    request_id: int


@dataclass(frozen=True, slots=True)
class RememberSearch:
    """Put a query on top of the history, once the user meant it: RequestCompleted."""

    request_id: int
    query: AssetQuery


@dataclass(frozen=True, slots=True)
class ListHistory:
    """HistoryListed, newest first."""

    request_id: int
    limit: int = 50


@dataclass(frozen=True, slots=True)
class ForgetHistory:
    """RequestCompleted."""

    request_id: int


# Duplicates


@dataclass(frozen=True, slots=True)
class FindDuplicates:
    """DuplicatesFound: groups that are undecided, exact ones first. Takes seconds in a large library."""

    request_id: int


@dataclass(frozen=True, slots=True)
class DecideDuplicates:
    """Remember what was decided of the assets of a group: RequestCompleted."""

    request_id: int
    asset_ids: tuple[int, ...]
    decision: Decision


# Indexing


@dataclass(frozen=True, slots=True)
class PauseIndexing:
    """RequestCompleted."""

    request_id: int


@dataclass(frozen=True, slots=True)
class ResumeIndexing:
    """RequestCompleted."""

    request_id: int


@dataclass(frozen=True, slots=True)
class ThrottleIndexing:
    """RequestCompleted."""

    request_id: int
    throttle: Throttle


@dataclass(frozen=True, slots=True)
class RescanFolders:
    """Compare every watched folder in full and index what is new: RequestCompleted at once."""

    request_id: int


@dataclass(frozen=True, slots=True)
class RetryFailed:
    """Read failed files again, without ids all of them: RequestCompleted at once."""

    request_id: int
    asset_ids: tuple[int, ...] = ()


# The engine itself


@dataclass(frozen=True, slots=True)
class FetchStatus:
    """StatusFetched."""

    request_id: int


@dataclass(frozen=True, slots=True)
class ListModels:
    """ModelsListed."""

    request_id: int


@dataclass(frozen=True, slots=True)
class DropVectors:
    """Delete the vectors of an encoder that is neither searched nor in use: RequestCompleted.

    RequestFailed with code `encoder_in_use` or `encoder_unknown`.
    """

    request_id: int
    encoder: str


# The quality encoder


@dataclass(frozen=True, slots=True)
class PlanQuality:
    """What a budget (micro-USD) buys of an encoder: QualityPlanned.

    `encoder` as the setting `quality_encoder` writes it, empty for the chosen one. It may take seconds: an encoder
    whose speed nobody knows is tried.
    """

    request_id: int
    encoder: str = ""
    budget: int | None = None


@dataclass(frozen=True, slots=True)
class BuyQuality:
    """Let the chosen encoder's service get pictures and the words of searches for so much more (micro-USD), and begin.

    The user has seen a plan and agreed. RequestCompleted, then QualityChanged; RequestFailed with code
    `encoder_unknown` where none is chosen, or one on this machine.
    """

    request_id: int
    budget: int


@dataclass(frozen=True, slots=True)
class HoldQuality:
    """Show the chosen encoder no more pictures, or go on: RequestCompleted, then QualityChanged."""

    request_id: int
    held: bool


@dataclass(frozen=True, slots=True)
class DownloadModel:
    """Download the weights of a model, named as its row, over the network: RequestCompleted once it has begun.

    ModelProgressed and in the end ModelArrived or ModelStopped tell how it goes. RequestFailed with code `model_busy`
    or `weights_not_offered`.
    """

    request_id: int
    model: str


@dataclass(frozen=True, slots=True)
class ImportModel:
    """Copy the weights of a model from a file or folder; otherwise as DownloadModel."""

    request_id: int
    model: str
    path: Path


@dataclass(frozen=True, slots=True)
class StopTransfer:
    """Let a model's weights not arrive, or not now: RequestCompleted, and ModelStopped once it has ended."""

    request_id: int
    model: str


@dataclass(frozen=True, slots=True)
class RemoveModel:
    """Delete the weights of a model from the data directory: RequestCompleted.

    RequestFailed with code `encoder_in_use`, `weights_missing` or `weights_not_offered`.
    """

    request_id: int
    model: str


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """SettingsFetched."""

    request_id: int


@dataclass(frozen=True, slots=True)
class ChangeSettings:
    """Write settings as (name, value): RequestCompleted. An empty value goes back to the default.

    Those of services hold from the next batch on; with any other the engine begins anew, which tells StageChanged as it
    loads. Another encoder gets vectors of its own; the former one answers searches until EncoderSwitched.
    RequestFailed, with nothing written, where a value or the encoder's files are no good.
    """

    request_id: int
    changes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CheckUpdates:
    """Ask the publisher over the network for a newer version, and take over newer tables: UpdatesChecked."""

    request_id: int


Command = (
    Hello
    | ListFolders
    | AddFolder
    | RemoveFolder
    | SetFolderPolling
    | SetFolderNeverSend
    | Search
    | CancelSearch
    | FetchRows
    | FetchIds
    | FetchAssets
    | FindAssets
    | FetchDetails
    | FetchNearDuplicates
    | TagAssets
    | ListTags
    | RateAssets
    | SetNote
    | SetDescription
    | SetNeverSend
    | SaveSearch
    | ForgetSavedSearch
    | ListSavedSearches
    | RememberSearch
    | ListHistory
    | ForgetHistory
    | FindDuplicates
    | DecideDuplicates
    | PauseIndexing
    | ResumeIndexing
    | ThrottleIndexing
    | RescanFolders
    | RetryFailed
    | FetchStatus
    | ListModels
    | DrawPicture
    | DropVectors
    | DownloadModel
    | ImportModel
    | StopTransfer
    | RemoveModel
    | PlanQuality
    | BuyQuality
    | HoldQuality
    | FetchSettings
    | ChangeSettings
    | CheckUpdates
    | ComposingCommand
)
