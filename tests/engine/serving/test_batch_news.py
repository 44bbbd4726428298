"""However fast jobs change, the clients hear of it a few times a second, and of each job."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

from engine import protocol
from engine.compose.brief import Brief, Mode
from engine.serving.batch_news import INTERVAL_S, BatchNews
from engine.serving.engine import Engine
from tests.helpers.engine_process import PATIENCE_S

JOBS = 250
ROUNDS = 40
MOMENT_S = 0.01


def test_many_changes_are_told_in_few_pieces(tmp_path: Path) -> None:
    told: list[protocol.News] = []
    with contextlib.closing(Engine(tmp_path)) as engine:
        studio = engine.library.studio
        plan = engine.library.composer.plan(Brief(Mode.PROP, "a hat", model="draft", count=JOBS))
        batch_id = studio.add(plan)
        job_ids = [job.id for job in studio.jobs(batch_id)]
        news = BatchNews(studio, told.append)
        with contextlib.closing(news):
            news.start()
            begun = time.monotonic()
            for _ in range(ROUNDS):
                news.note(batch_id, job_ids)
                time.sleep(MOMENT_S)
            pieces = [one for one in told if isinstance(one, protocol.BatchChanged)]
            assert 1 <= len(pieces) <= (time.monotonic() - begun) / INTERVAL_S + 2
            deadline = time.monotonic() + PATIENCE_S
            while _told_jobs(told) != set(job_ids):
                assert time.monotonic() < deadline
                time.sleep(MOMENT_S)
    assert all(len(one.jobs) <= protocol.JOBS_PAGE for one in told if isinstance(one, protocol.JobsChanged))


def _told_jobs(told: list[protocol.News]) -> set[int]:
    return {job.id for one in told if isinstance(one, protocol.JobsChanged) for job in one.jobs}
