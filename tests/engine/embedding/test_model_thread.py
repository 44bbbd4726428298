from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future

import numpy as np
import pytest

from engine.embedding.catalog import find_encoder
from engine.embedding.encoder import EncoderProfile, EncodingPlan, Pixels, Vectors
from engine.embedding.model_thread import ModelThread, Priority
from engine.errors import EncoderUnavailable

DEADLINE_S = 10.0
PROFILE = find_encoder("starter-4").profile


class GatedEncoder:
    """Writes down what it does; every call with images waits for the gate."""

    def __init__(self, workers: int = 1) -> None:
        self.gate = threading.Semaphore(0)
        self.busy = threading.Semaphore(0)
        self.done: list[str] = []
        self.closed = threading.Event()
        self._workers = workers

    @property
    def profile(self) -> EncoderProfile:
        return PROFILE

    @property
    def plan(self) -> EncodingPlan:
        return EncodingPlan(4, self._workers)

    def encode_images(self, pixels: Pixels) -> Vectors:
        self.busy.release()
        assert self.gate.acquire(timeout=DEADLINE_S)
        self.done.append(f"images {pixels[0, 0, 0, 0]}")
        return np.full((len(pixels), 2), pixels[0, 0, 0, 0], np.float32)

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        self.done.append(f"text {texts[0]}")
        if texts[0] == "bad":
            raise ValueError("bad text")
        return np.ones((len(texts), 2), np.float32)

    def close(self) -> None:
        self.closed.set()


def picture(value: int) -> Pixels:
    return np.full((1, 2, 2, 3), value, np.uint8)


@pytest.fixture
def threads() -> Iterator[list[threading.Thread]]:
    before = set(threading.enumerate())
    yield []
    assert set(threading.enumerate()) <= before, "a thread was left over"


@pytest.mark.usefixtures("threads")
class TestModelThread:
    def test_queries_go_before_waiting_batches(self) -> None:
        encoder = GatedEncoder()
        with ModelThread(lambda: encoder) as model:
            futures: list[Future[Vectors]] = [model.encode_images(picture(1))]
            assert encoder.busy.acquire(timeout=DEADLINE_S)
            futures.append(model.encode_images(picture(2)))
            futures.append(model.encode_texts(["crown"]))
            futures.append(model.encode_images(picture(3), Priority.QUERY))
            encoder.gate.release(3)
            for future in futures:
                future.result(DEADLINE_S)
        assert encoder.done == ["images 1", "text crown", "images 3", "images 2"]

    def test_nothing_is_loaded_before_first_use(self) -> None:
        loads: list[int] = []

        def load() -> GatedEncoder:
            loads.append(1)
            return GatedEncoder()

        with ModelThread(load) as model:
            assert loads == []
            model.encode_texts(["a"]).result(DEADLINE_S)
            model.encode_texts(["b"]).result(DEADLINE_S)
        assert loads == [1]

    def test_load_error_reaches_everyone_who_waits_and_next_use_tries_again(self) -> None:
        lined_up = threading.Event()
        encoder = GatedEncoder()
        attempts: list[int] = []

        def load() -> GatedEncoder:
            attempts.append(1)
            if len(attempts) == 1:
                assert lined_up.wait(DEADLINE_S)
                raise EncoderUnavailable("no weights")
            return encoder

        with ModelThread(load) as model:
            waiting = [model.encode_texts(["a"]), model.encode_texts(["b"]), model.encode_images(picture(1))]
            lined_up.set()
            for future in waiting:
                with pytest.raises(EncoderUnavailable, match="no weights"):
                    future.result(DEADLINE_S)
            assert model.encode_texts(["c"]).result(DEADLINE_S).shape == (1, 2)

    def test_error_of_one_call_leaves_the_next_alone(self) -> None:
        with ModelThread(GatedEncoder) as model:
            bad, good = model.encode_texts(["bad"]), model.encode_texts(["good"])
            with pytest.raises(ValueError, match="bad text"):
                bad.result(DEADLINE_S)
            assert good.result(DEADLINE_S).shape == (1, 2)

    def test_closing_cancels_what_waits_and_lets_the_running_call_end(self) -> None:
        encoder = GatedEncoder()
        model = ModelThread(lambda: encoder)
        running = model.encode_images(picture(1))
        assert encoder.busy.acquire(timeout=DEADLINE_S)
        waiting = model.encode_images(picture(2))
        closer = threading.Thread(target=model.close)
        closer.start()
        with pytest.raises(CancelledError):
            waiting.result(DEADLINE_S)
        encoder.gate.release()
        closer.join(DEADLINE_S)
        assert running.result(DEADLINE_S)[0, 0] == 1
        assert encoder.closed.is_set()

    def test_closing_twice_or_unused_is_fine_and_use_afterwards_is_a_bug(self) -> None:
        model = ModelThread(GatedEncoder)
        model.close()
        model.close()
        with pytest.raises(RuntimeError, match="closed"):
            model.encode_texts(["late"])

    def test_cancelled_job_is_not_run(self) -> None:
        encoder = GatedEncoder()
        with ModelThread(lambda: encoder) as model:
            running = model.encode_images(picture(1))
            assert encoder.busy.acquire(timeout=DEADLINE_S)
            assert model.encode_images(picture(2)).cancel()
            last = model.encode_texts(["last"])
            encoder.gate.release()
            running.result(DEADLINE_S)
            last.result(DEADLINE_S)
        assert encoder.done == ["images 1", "text last"]

    def test_as_many_calls_run_at_once_as_the_plan_allows(self) -> None:
        encoder = GatedEncoder(workers=3)
        with ModelThread(lambda: encoder) as model:
            assert model.plan == EncodingPlan(4, 3)
            futures = [model.encode_images(picture(value)) for value in range(5)]
            for _ in range(3):
                assert encoder.busy.acquire(timeout=DEADLINE_S)
            assert not encoder.busy.acquire(blocking=False)
            encoder.gate.release(5)
            answers = [future.result(DEADLINE_S)[0, 0] for future in futures]
        assert answers == [0, 1, 2, 3, 4]

    def test_many_callers_all_get_their_own_answer(self) -> None:
        encoder = GatedEncoder(workers=2)
        encoder.gate.release(200)
        answers: dict[int, float] = {}

        def call(model: ModelThread, value: int) -> Callable[[], None]:
            def run() -> None:
                answers[value] = float(model.encode_images(picture(value)).result(DEADLINE_S)[0, 0])

            return run

        with ModelThread(lambda: encoder) as model:
            callers = [threading.Thread(target=call(model, value)) for value in range(50)]
            for caller in callers:
                caller.start()
            for caller in callers:
                caller.join(DEADLINE_S)
        assert answers == {value: float(value) for value in range(50)}
