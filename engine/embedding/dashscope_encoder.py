"""DashScope as an encoder: a multimodal model that puts pictures and texts into one space, strong in Chinese."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence

import numpy as np

from engine.embedding.cloud import (
    CloudMeans,
    CloudModel,
    Gate,
    Outlay,
    Reply,
    Sent,
    most_tokens,
    vectors_in_order,
    whole,
)
from engine.embedding.encoder import EncoderProfile, EncodingPlan, Pixels, Vectors
from engine.images.outgoing import encode_pixels
from engine.services import failures
from engine.services.background import begin
from engine.services.dashscope import Answer, DashScope, DashScopeAccess
from engine.services.service import Service, Usage

SERVICE = Service("DashScope", gives="vector")
ITEMS_AT_ONCE = 8
"""The most that the service takes in a call."""
LONGEST_TEXT = 500
"""Characters; the service takes 1,024 tokens, and no character of a query is more than two."""


class DashScopeEncoder:
    """Implements `Encoder`. Any number of model threads may ask at once."""

    def __init__(self, profile: EncoderProfile, model: CloudModel, means: CloudMeans) -> None:
        """Open a session without asking anything of the network. Raises ServiceFailed without a key."""
        self._profile, self._model = profile, model
        self._plan = EncodingPlan(ITEMS_AT_ONCE, means.at_once)
        access = DashScopeAccess(means.key_of("dashscope"), means.addresses["dashscope"], means.proxy, means.deadline_s)
        self._session = DashScope(SERVICE, access)
        self._gate: Gate = means.gate_of(profile)

    @property
    def profile(self) -> EncoderProfile:
        """Return what was known before loading."""
        return self._profile

    @property
    def plan(self) -> EncodingPlan:
        """Fill the service's calls. Where one picture of a call is refused, none has a vector: send them one by one."""
        return self._plan

    def encode_images(self, pixels: Pixels) -> Vectors:
        """Embed pictures; see `Encoder`. Raises what the gate raises; a refusal is of the family ASK."""
        return self._in_calls([{"image": _data_uri(one)} for one in pixels], Sent.PICTURES)

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Embed texts; see `Encoder`. Raises what the gate raises."""
        return self._in_calls([{"text": text[:LONGEST_TEXT] or " "} for text in texts], Sent.TEXTS)

    def close(self) -> None:
        """Give up what is under way and close the connections."""
        self._gate.close()
        self._session.close()

    def _in_calls(self, contents: Sequence[Mapping[str, str]], sent: Sent) -> Vectors:
        parts = [np.empty((0, self._profile.dimension), np.float32)]
        starts = range(0, len(contents), ITEMS_AT_ONCE)
        parts += [self._embed(contents[start : start + ITEMS_AT_ONCE], sent) for start in starts]
        return np.concatenate(parts)

    def _embed(self, contents: Sequence[Mapping[str, str]], sent: Sent) -> Vectors:
        model = self._model
        if sent is Sent.PICTURES:
            amount = len(contents) * model.picture_tokens * model.picture_price
        else:
            amount = most_tokens(one["text"] for one in contents) * model.text_price

        def ask() -> Reply[Vectors]:
            answer = self._session.embed(model.model, contents, self._profile.dimension)
            return self._vectors_in(answer, len(contents), sent)

        return self._gate.send(Outlay(sent, len(contents), whole(amount)), lambda: begin(ask, "dashscope"))

    def _vectors_in(self, answer: Answer, count: int, sent: Sent) -> Reply[Vectors]:
        try:
            rows = [(int(one["index"]), [float(n) for n in one["embedding"]]) for one in answer.output["embeddings"]]
        except (KeyError, TypeError, ValueError):
            raise failures.unreadable(SERVICE, "something unknown") from None
        vectors = vectors_in_order(SERVICE, rows, count, self._profile)
        tokens = _tokens(answer.usage)
        price = self._model.picture_price if sent is Sent.PICTURES else self._model.text_price
        return Reply(vectors, whole(tokens * price), Usage(tokens), answer.request_id)


def _data_uri(picture: Pixels) -> str:
    # Anything else that the SDK is given as an image it takes for a file, and uploads it.
    return f"data:image/jpeg;base64,{base64.b64encode(encode_pixels(picture)).decode()}"


def _tokens(usage: Mapping[str, object]) -> int:
    """Return the tokens of an answer: the newer models count all as input, the older ones pictures apart."""
    counted = [usage.get("input_tokens"), usage.get("image_tokens")]
    return sum(number for number in counted if isinstance(number, int))
