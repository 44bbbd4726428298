"""How pictures become vectors: by a model in batches, or by a service, whose answers are kept as soon as they come."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from typing import ClassVar, Protocol, cast

import numpy as np

from engine.catalogue.contents import Contents
from engine.catalogue.descriptions import Descriptions
from engine.catalogue.worth import Worth
from engine.embedding.encoder import DescribingEncoder, Encoder, Vectors
from engine.embedding.model_thread import ModelThread
from engine.errors import PropmasterError
from engine.indexing.reading import NewPicture
from engine.services.patience import concerns_all
from engine.services.service import Family, ServiceFailed

LOST_IN_A_ROW = 3
"""So many pictures whose answers did not come in a row end a run: the service or the network is down."""


class PictureRefused(PropmasterError):
    """One picture of a batch got no vector, and the others may still get theirs; `row` counts from 0."""

    code: ClassVar[str] = "picture_refused"

    def __init__(self, row: int, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.row = row


class Encoding(Protocol):
    """Turns pictures into vectors in the background."""

    @property
    def batch_size(self) -> int:
        """Return how many pictures `begin` takes at most."""

    def begin(self, pictures: Sequence[NewPicture]) -> Future[Vectors]:
        """Return the coming vectors `[n, dimension]`; the future may fail with VectorInvalid or PictureRefused."""


class ByModel:
    """A model on this machine."""

    def __init__(self, model: ModelThread) -> None:
        self._model = model

    @property
    def batch_size(self) -> int:
        """See `Encoding`."""
        return self._model.plan.batch_size

    def begin(self, pictures: Sequence[NewPicture]) -> Future[Vectors]:
        """See `Encoding`."""
        return self._model.encode_images(np.stack([picture.pixels for picture in pictures]))


class ByService:
    """A service that is paid: what must not leave stays, and what it said of a picture is kept before it is embedded.

    A picture that somebody put into words before, the user or an earlier run, is not sent at all. What the service has
    against one picture does not stop the others; what would meet them too, or fails again and again, does.
    """

    batch_size = 1
    """What becomes of another picture never loses what was paid for one."""

    def __init__(self, model: ModelThread, name: str, catalogue: tuple[Contents, Descriptions, Worth]) -> None:
        self._model, self._name = model, name
        self._contents, self._descriptions, self._worth = catalogue
        self._lost_in_a_row = 0

    def begin(self, pictures: Sequence[NewPicture]) -> Future[Vectors]:
        """See `Encoding`."""
        (picture,) = pictures
        return self._model.run(lambda encoder: self._look_at(encoder, picture))

    def _look_at(self, encoder: Encoder, picture: NewPicture) -> Vectors:
        try:
            vector = self._see(encoder, picture, self._sendable(picture))
        except ServiceFailed as failure:
            self._lost_in_a_row += failure.family is Family.RETRY
            if concerns_all(failure) or self._lost_in_a_row >= LOST_IN_A_ROW:
                raise
            raise PictureRefused(0, failure.message, failure.hint) from failure
        self._lost_in_a_row = 0
        return vector

    def _sendable(self, picture: NewPicture) -> int:
        """Return the picture's content. Raises PictureRefused where it may not leave, as it is marked by now."""
        content_id = self._contents.find(picture.read.hash)
        if content_id is None or not self._worth.is_sendable(content_id):
            path = picture.read.asset.path
            raise PictureRefused(0, f"{path} is marked “never send”, or is another picture by now", "it stays here")
        return content_id

    def _see(self, encoder: Encoder, picture: NewPicture, content_id: int) -> Vectors:
        """Return the vector `[1, dimension]` of one picture. Raises what the encoder does."""
        pixels = picture.pixels[np.newaxis]
        if not hasattr(encoder, "describe"):
            return encoder.encode_images(pixels)
        known = self._descriptions.of([content_id]).get(content_id)
        if known is not None:
            return encoder.encode_texts([known.text])
        (said,) = cast(DescribingEncoder, encoder).describe(pixels)
        return encoder.encode_texts([self._descriptions.keep(content_id, said, self._name)])
