"""The preview's canvas fits, zooms about the pointer, and tells rectangles in shares of the picture."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QPixmap
from pytestqt.qtbot import QtBot

from desktop.views.picture_canvas import PictureCanvas


@pytest.fixture
def canvas(qtbot: QtBot) -> PictureCanvas:
    made = PictureCanvas()
    qtbot.addWidget(made)
    made.resize(848, 648)
    made.show()
    return made


def draw(qtbot: QtBot, canvas: PictureCanvas, start: QPoint, end: QPoint) -> None:
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(canvas, end)
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=end)


@pytest.mark.parametrize(("edge", "zoom"), [(1600, 600 / 1600), (400, 1.0), (200, 3.0), (64, 9.0)])
def test_a_picture_is_fitted_whole_and_enlarged_by_whole_factors(
    qtbot: QtBot, canvas: PictureCanvas, edge: int, zoom: float
) -> None:
    with qtbot.waitSignal(canvas.zoomed) as told:
        canvas.show_pixmap(QPixmap(edge, edge))
    assert told.args[0] == pytest.approx(zoom)


def test_a_rectangle_is_told_in_shares_of_the_picture(qtbot: QtBot, canvas: PictureCanvas) -> None:
    canvas.show_pixmap(QPixmap(1600, 1200))
    with qtbot.waitSignal(canvas.part_drawn) as told:
        draw(qtbot, canvas, QPoint(24, 24), QPoint(424, 324))
    part: QRectF = told.args[0]
    assert (part.x(), part.y()) == pytest.approx((0, 0), abs=0.01)
    assert (part.width(), part.height()) == pytest.approx((0.5, 0.5), abs=0.01)


def test_a_rectangle_ends_where_the_picture_ends(qtbot: QtBot, canvas: PictureCanvas) -> None:
    canvas.show_pixmap(QPixmap(1600, 1200))
    draw(qtbot, canvas, QPoint(424, 324), QPoint(847, 647))
    assert (canvas.part.right(), canvas.part.bottom()) == pytest.approx((1.0, 1.0))


def test_a_click_is_no_rectangle(qtbot: QtBot, canvas: PictureCanvas) -> None:
    canvas.show_pixmap(QPixmap(1600, 1200))
    draw(qtbot, canvas, QPoint(400, 300), QPoint(403, 304))
    assert canvas.part.isEmpty()


def test_a_zoomed_picture_is_moved_by_dragging(qtbot: QtBot, canvas: PictureCanvas) -> None:
    canvas.show_pixmap(QPixmap(1600, 1200))
    canvas.show_pixels()
    draw(qtbot, canvas, QPoint(400, 300), QPoint(300, 200))
    assert canvas.part.isEmpty()


def test_zooming_keeps_the_point_under_the_pointer(canvas: PictureCanvas) -> None:
    canvas.show_pixmap(QPixmap(1600, 1200))
    pointer = QPointF(600, 200)
    before = canvas._to_picture(pointer)
    canvas.zoom_by(1.7, pointer)
    after = canvas._to_picture(pointer)
    assert (after.x(), after.y()) == pytest.approx((before.x(), before.y()))
