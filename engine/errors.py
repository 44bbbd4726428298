"""Error types of the user's world and their stable codes; everything else that is raised is a bug of ours.

Any room may raise them. Adapters translate the exceptions of the libraries they own into these at their own door.
The message says what happened, the hint what to do next.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar


class PropmasterError(Exception):
    """Base of every error that is shown to the user as it is."""

    code: ClassVar[str] = "error"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def in_one_text(message: str, hint: str) -> str:
    """Return what happened and what to do next as sentences in a row."""
    return " ".join(_sentence(text) for text in (message, hint) if text)


def _sentence(text: str) -> str:
    first = text.split(" ", 1)[0]
    # A path or a file's name keeps its letters.
    begins = text[:1].upper() if first.replace("'", "").isalpha() else text[:1]
    stop = "" if text.endswith((".", "!", "?", "”", "。")) else "."
    return f"{begins}{text[1:]}{stop}"


class FolderNotFound(PropmasterError):
    """The folder does not exist or is not a folder."""

    code = "folder_not_found"


class FolderOverlaps(PropmasterError):
    """The folder lies inside a watched one, or the other way round."""

    code = "folder_overlaps"


class FolderUnknown(PropmasterError):
    """The folder is not in the library."""

    code = "folder_unknown"


class AccessDenied(PropmasterError):
    """The operating system refuses to read a file or folder."""

    code = "access_denied"


class DataDirectoryUnusable(PropmasterError):
    """The data directory cannot be created or written."""

    code = "data_directory_unusable"


class DiskFull(PropmasterError):
    """The disk that holds the data directory has no room left."""

    code = "disk_full"


class LibraryBusy(PropmasterError):
    """Another Propmaster writes to this data directory."""

    code = "library_busy"


class CatalogueCorrupt(PropmasterError):
    """The catalogue cannot be read; a backup may be restored."""

    code = "catalogue_corrupt"


class CatalogueTooNew(PropmasterError):
    """The catalogue was written by a newer Propmaster."""

    code = "catalogue_too_new"


class VectorStoreFailed(PropmasterError):
    """Milvus refused a write or a read; the catalogue still holds every vector."""

    code = "vector_store_failed"


class EncoderUnavailable(PropmasterError):
    """The encoder's weights or configuration are missing or unreadable."""

    code = "encoder_unavailable"


class EncoderInUse(PropmasterError):
    """The encoder answers searches, or is to; its vectors are needed."""

    code = "encoder_in_use"


class ConsentMissing(PropmasterError):
    """An encoder would send something away that the user has not allowed."""

    code = "consent_missing"


class EncoderUnknown(PropmasterError):
    """The library has no vectors of such an encoder."""

    code = "encoder_unknown"


class HubUnreachable(PropmasterError):
    """No hub of models answers: no network, a wrong address, a proxy, or the line broke off."""

    code = "hub_unreachable"


class HubRefused(PropmasterError):
    """The hub asks for a licence to be accepted, or for a key."""

    code = "hub_refused"


class HubLacksFile(PropmasterError):
    """The hub does not have the file."""

    code = "hub_lacks_file"


class HubFailed(PropmasterError):
    """The hub answered with an error of its own, or is no hub."""

    code = "hub_failed"


class WeightsDamaged(PropmasterError):
    """Weights that arrived are not what was announced, or are cut off."""

    code = "weights_damaged"


class WeightsMissing(PropmasterError):
    """There are no weights at the path that they were to be taken from, or the disk broke off."""

    code = "weights_missing"


class WeightsNotOffered(PropmasterError):
    """The table of models has no such row, or one that ships."""

    code = "weights_not_offered"


class ModelBusy(PropmasterError):
    """The model is here already, is on its way, or is used."""

    code = "model_busy"


class InvalidQuery(PropmasterError):
    """A search or its filters make no sense as given."""

    code = "invalid_query"


class InvalidSetting(PropmasterError):
    """The settings file or an environment variable holds a value that cannot be used."""

    code = "invalid_setting"


class AssetUnknown(PropmasterError):
    """There is no such asset, or it is no more."""

    code = "asset_unknown"


class BatchUnknown(PropmasterError):
    """There is no such batch of compositions."""

    code = "batch_unknown"


class JobUnknown(PropmasterError):
    """There is no such job, or it cannot be done with it now what was asked."""

    code = "job_unknown"


class BudgetExceeded(PropmasterError):
    """The next request could cost more than is left for the day or the batch."""

    code = "budget_exceeded"


class ResultsFolderUnusable(PropmasterError):
    """The folder for new pictures is not there, is full or cannot be written."""

    code = "results_folder_unusable"


class FileUnwritable(PropmasterError):
    """A file that the user asked for cannot be written where they chose."""

    code = "file_unwritable"


class ListUnknown(PropmasterError):
    """The engine does not keep this list, or keeps it no more."""

    code = "list_unknown"


class PlanUnknown(PropmasterError):
    """The engine does not keep this plan of a composition, or it was run already."""

    code = "plan_unknown"


class SecondSpaceSilent(PropmasterError):
    """The quality encoder did not say in time what a search means to it."""

    code = "second_space_silent"


class EngineGone(PropmasterError):
    """No engine answers, or it went away."""

    code = "engine_gone"


class ProtocolMismatch(PropmasterError):
    """The engine and its client are of different versions."""

    code = "protocol_mismatch"


class MessageInvalid(PropmasterError):
    """A message on the wire is not one of the protocol."""

    code = "message_invalid"


def error_of(code: str, message: str, hint: str = "") -> PropmasterError:
    """Return the error that a code on the wire stands for, a plain PropmasterError for an unknown one."""
    # Errors that carry more than words cannot be made from words alone.
    plain = (kind for kind in PropmasterError.__subclasses__() if kind.__init__ is PropmasterError.__init__)
    kinds = {kind.code: kind for kind in plain}
    return kinds.get(code, PropmasterError)(message, hint)


class DecodeFault(StrEnum):
    """Why a file gave no picture; stored in the catalogue, so values never change."""

    EMPTY = "empty"
    TRUNCATED = "truncated"
    UNRECOGNISED = "unrecognised"
    CORRUPT = "corrupt"
    NO_PREVIEW = "no_preview"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_MANY_BYTES = "too_many_bytes"
    TIMED_OUT = "timed_out"
    CRASHED = "crashed"
    MISSING_DECODER = "missing_decoder"
    ACCESS_DENIED = "access_denied"
    VANISHED = "vanished"
    CHANGING = "changing"
    UNREADABLE = "unreadable"
    NOT_EMBEDDABLE = "not_embeddable"


class DecodeError(PropmasterError):
    """One file gave no picture; recorded on its asset, never stops a batch."""

    code = "decode_error"

    def __init__(self, fault: DecodeFault, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.fault = fault

    def __reduce__(self) -> tuple[type[DecodeError], tuple[DecodeFault, str, str]]:
        return type(self), (self.fault, self.message, self.hint)
