"""The matrix of a batch puts every job in its place, however jobs arrive, and is quick with 10,000 of them."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.batch_words import standing_words, state_icon, state_words
from desktop.models.batch_matrix import PAGE_JOBS, BatchMatrix, CellRole
from desktop.models.sides import sides_of
from desktop.thumbnails import ThumbnailLoader
from desktop.views.batches.matrix_view import MatrixView
from engine.protocol import Element, Group, Job, JobState, Role, Standing, Verdict
from tests.desktop.fake_compositions import BATCH, GROUPS, JOBS, PRICE

FRAME_MS = 16


def group(size: int, name: str = "choice") -> Group:
    return tuple((Element(Role.PROP, f"{name} {at}"),) for at in range(size))


def job(number: int, cell: tuple[int, ...], take: int = 0, state: JobState = JobState.DONE) -> Job:
    return Job(number, BATCH.id, cell, take, state, PRICE)


def filled(*sizes: int, takes: int = 1) -> BatchMatrix:
    """Return a matrix with every job done."""
    total = takes
    for size in sizes:
        total *= size
    matrix = BatchMatrix()
    matrix.show_anew(replace(BATCH, counts=((JobState.DONE, total),)), tuple(group(size) for size in sizes))
    jobs = []
    for place in range(total):
        cell, rest = [], place // takes
        for size in reversed(sizes):
            rest, choice = divmod(rest, size)
            cell.insert(0, choice)
        jobs.append(job(place + 1, tuple(cell), place % takes))
    while (offset := matrix.next_page(0)) >= 0:
        matrix.fill(offset, jobs[offset : offset + PAGE_JOBS])
    return matrix


def test_first_group_is_rows_and_the_product_of_others_columns() -> None:
    sides = sides_of((group(2), group(3, "coat"), group(2, "hat")), 12)
    assert (len(sides.rows), len(sides.columns), sides.takes) == (2, 6, 1)
    assert [element.text for element in sides.columns[3]] == ["coat 1", "hat 1"]


def test_every_job_stands_where_its_cell_and_take_say() -> None:
    matrix = filled(2, 3, 2, takes=2)
    assert (matrix.rowCount(), matrix.columnCount()) == (2, 12)
    found = matrix.index(1, 2 * (2 * 2 + 1) + 1).data(CellRole.JOB)
    assert (found.cell, found.take) == ((1, 2, 1), 1)
    assert matrix.headerData(11, Qt.Orientation.Horizontal) == "choice 2 + choice 1 · 2"


def test_one_side_alone_is_a_wall_with_words_below_each_cell() -> None:
    matrix = filled(7)
    matrix.set_width(3)
    assert (matrix.is_wall, matrix.rowCount(), matrix.columnCount()) == (True, 3, 3)
    assert matrix.index(2, 0).data(CellRole.CAPTION) == "choice 6"
    assert not matrix.index(2, 1).flags()


def test_news_is_newer_than_a_page_that_was_asked_for_before_it() -> None:
    matrix = BatchMatrix()
    matrix.show_anew(BATCH, GROUPS)
    offset = matrix.next_page(0)
    matrix.replace([replace(JOBS[1], state=JobState.DONE)])
    matrix.fill(offset, JOBS)
    assert matrix.index(0, 1).data(CellRole.JOB).state is JobState.DONE
    assert matrix.index(0, 2).data(CellRole.JOB).state is JobState.SENDING


def test_an_attempt_that_was_repeated_does_not_come_back() -> None:
    matrix = filled(2, 2)
    matrix.replace([job(9, (0, 0), state=JobState.WAITING)])
    matrix.replace([replace(job(1, (0, 0)), verdict=Verdict.PICKED)])
    assert matrix.index(0, 0).data(CellRole.JOB).id == 9


def test_pages_in_sight_are_wanted_first() -> None:
    matrix = BatchMatrix()
    matrix.show_anew(replace(BATCH, counts=((JobState.WAITING, 2_000),)), (group(40), group(50)))
    assert matrix.next_page(1_600) == 1_500
    matrix.fill(1_500, ())
    assert matrix.next_page(1_600) == 0


def test_a_sieve_shows_a_wall_of_what_passes_and_follows_the_news() -> None:
    matrix = filled(4, 5)
    matrix.sift(JobState.REFUSED)
    assert (matrix.is_wall, matrix.shown, matrix.rowCount()) == (True, 0, 0)
    matrix.replace([job(3, (0, 2), state=JobState.REFUSED), job(8, (1, 2), state=JobState.REFUSED)])
    assert list(matrix.places()) == [2, 7]
    assert matrix.index_of(7).data(CellRole.CAPTION) == "choice 1 · choice 2"
    matrix.replace([job(21, (0, 2), state=JobState.WAITING)])
    assert list(matrix.places()) == [7]
    matrix.sift(Verdict.NONE)
    assert matrix.shown == 18


def test_a_tooltip_says_what_went_wrong_and_what_to_do() -> None:
    matrix = filled(2, 2)
    matrix.replace(
        [replace(job(1, (0, 0), state=JobState.MAYBE_BILLED), reason="new", words="It was cut.", hint="Look.")]
    )
    words = matrix.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert words.split("\n") == [
        "choice 0 · choice 0",
        "Maybe billed",
        "It was cut.",
        "Look.",
        "Asking again may cost twice.",
    ]


def test_every_state_and_standing_has_words_and_a_sign_of_its_own() -> None:
    assert len({state_words(state) for state in JobState}) == len(JobState)
    assert len({state_icon(state) for state in JobState}) == len(JobState)
    assert len({standing_words(standing) for standing in Standing}) == len(Standing)


@pytest.mark.parametrize("sizes", [(100, 100), (10_000,), (10_000, 1), (1, 10_000)])
def test_ten_thousand_cells_are_shown_scrolled_and_changed_within_frames(
    qtbot: QtBot, thumbnails: ThumbnailLoader, sizes: tuple[int, ...]
) -> None:
    matrix = filled(*sizes)
    view = MatrixView(matrix, thumbnails)
    qtbot.addWidget(view)
    view.resize(1000, 700)
    view.show()
    view.viewport().repaint()
    times = []
    for step in range(40):
        began = time.perf_counter()
        view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() * step // 40)
        place = 250 * step
        found = matrix.job_at(place)
        assert found is not None
        matrix.replace([replace(found, id=20_000 + step, state=JobState.REFUSED)])
        view.viewport().repaint()
        times.append((time.perf_counter() - began) * 1000)
    assert sorted(times)[len(times) // 2] < FRAME_MS


def test_two_views_of_other_widths_show_one_wall(qtbot: QtBot, thumbnails: ThumbnailLoader) -> None:
    matrix = filled(40)
    views = [MatrixView(matrix, thumbnails) for _ in range(2)]
    for view, width in zip(views, (1_000, 500), strict=True):
        qtbot.addWidget(view)
        view.resize(width, 400)
        view.show()
    assert matrix.is_wall
    across = matrix.columnCount()
    views[0].resize(1_500, 400)
    assert matrix.columnCount() > across


def test_a_result_without_thumbnail_is_read_from_its_file(
    qtbot: QtBot, thumbnails: ThumbnailLoader, tmp_path: Path
) -> None:
    from PySide6.QtGui import QColor, QImage

    image = QImage(640, 480, QImage.Format.Format_RGB32)
    image.fill(QColor("#30a060"))
    file = tmp_path / "scene-0001.png"
    assert image.save(str(file))
    matrix = filled(2, 2)
    view = MatrixView(matrix, thumbnails)
    qtbot.addWidget(view)
    view.resize(600, 500)
    view.show()
    with qtbot.waitSignal(thumbnails.arrived):
        matrix.replace([replace(job(1, (0, 0)), result=file, thumbnail="ab" * 16)])
    found = thumbnails.find("ab" * 16, 256)
    assert found is not None
    assert found.toImage().pixelColor(3, 3).name() == "#30a060"
