"""The inspector shows what is known, and never loses what the user writes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QToolButton
from pytestqt.qtbot import QtBot

from desktop.thumbnails import ThumbnailLoader
from desktop.views.chip import Chip
from desktop.views.inspector import Inspector
from desktop.views.picture_strip import PictureStrip
from desktop.views.rating import STAR_PX, RatingStars
from desktop.views.swatches import Swatches
from engine.protocol import AssetDetails, Description, PaletteColour
from tests.desktop.conftest import put_thumbnail
from tests.desktop.fake_engine import make_rows

ONE, TWO = make_rows(2)


@pytest.fixture
def inspector(qtbot: QtBot, thumbnails: ThumbnailLoader) -> Inspector:
    made = Inspector(thumbnails)
    qtbot.addWidget(made)
    made.resize(290, 800)
    made.show()
    return made


def field(inspector: Inspector, name: str) -> QPlainTextEdit:
    (found,) = (one for one in inspector.findChildren(QPlainTextEdit) if one.accessibleName() == name)
    assert isinstance(found, QPlainTextEdit)
    return found


def note(inspector: Inspector) -> QPlainTextEdit:
    return field(inspector, "Note")


def description(inspector: Inspector) -> QPlainTextEdit:
    return field(inspector, "Description")


def texts(inspector: Inspector) -> list[str]:
    return [label.text() for label in inspector.findChildren(QLabel) if label.isVisibleTo(inspector)]


def test_description_is_shown_with_its_author(inspector: Inspector) -> None:
    inspector.show_rows((ONE,))
    assert not any("Written by" in text for text in texts(inspector))
    inspector.show_details(AssetDetails(ONE, description=Description("A crown. 王冠", "cloud", edited=False)))
    assert description(inspector).toPlainText() == "A crown. 王冠"
    assert "Written by cloud" in texts(inspector)
    inspector.show_details(AssetDetails(ONE, description=Description("A tiara", "cloud", edited=True)))
    assert "Written by cloud, edited by you" in texts(inspector)
    inspector.show_details(AssetDetails(ONE, description=Description("A tiara", "", edited=True)))
    assert not any("Written by" in text for text in texts(inspector))
    inspector.show_rows((ONE, TWO))
    assert not description(inspector).isVisibleTo(inspector)


def test_description_is_kept_once_the_user_pauses(qtbot: QtBot, inspector: Inspector) -> None:
    inspector.show_rows((ONE,))
    inspector.show_details(AssetDetails(ONE, description=Description("A crown", "cloud", edited=False)))
    with qtbot.waitSignal(inspector.described) as told:
        description(inspector).setPlainText("A tiara")
    assert told.args == [ONE, "A tiara"]
    with qtbot.assertNotEmitted(inspector.described, wait=0):
        inspector.show_rows((TWO,))


def test_description_being_written_is_kept_for_its_own_picture(qtbot: QtBot, inspector: Inspector) -> None:
    inspector.show_rows((ONE,))
    description(inspector).setPlainText("half a sentence")
    inspector.show_details(AssetDetails(ONE, description=Description("A crown", "cloud", edited=False)))
    assert description(inspector).toPlainText() == "half a sentence"
    with qtbot.waitSignal(inspector.described) as told:
        inspector.show_rows((TWO,))
    assert told.args == [ONE, "half a sentence"]
    assert description(inspector).toPlainText() == ""


def test_a_note_is_kept_when_another_picture_is_selected(qtbot: QtBot, inspector: Inspector) -> None:
    inspector.show_rows((ONE,))
    inspector.show_details(AssetDetails(ONE, note="old"))
    note(inspector).setPlainText("new")
    with qtbot.waitSignal(inspector.noted) as told:
        inspector.show_rows((TWO,))
    assert told.args == [ONE, "new"]
    assert note(inspector).toPlainText() == ""


def test_news_of_a_picture_do_not_overwrite_a_note_that_is_being_written(inspector: Inspector) -> None:
    inspector.show_rows((ONE,))
    note(inspector).setPlainText("half a sen")
    inspector.show_rows((replace(ONE, rating=2),))
    inspector.show_details(AssetDetails(ONE, note="from elsewhere"))
    assert note(inspector).toPlainText() == "half a sen"


def test_the_palette_stays_while_facts_of_the_same_picture_change(inspector: Inspector) -> None:
    inspector.show_rows((ONE,))
    inspector.show_details(AssetDetails(ONE, (PaletteColour("#c03020", 0.5),)))
    inspector.show_rows((replace(ONE, rating=2),))
    assert inspector.findChild(Swatches).isVisibleTo(inspector)


def test_a_press_on_a_colour_searches_by_it(qtbot: QtBot, inspector: Inspector) -> None:
    inspector.show_rows((ONE,))
    inspector.show_details(AssetDetails(ONE, (PaletteColour("#c03020", 0.5), PaletteColour("#203040", 0.5))))
    bar = inspector.findChild(Swatches)
    with qtbot.waitSignal(inspector.colour_chosen) as told:
        qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=QPoint(bar.width() - 5, 5))
    assert told.args == ["#203040"]


def test_the_tags_that_all_share_are_shown_for_several(qtbot: QtBot, inspector: Inspector) -> None:
    inspector.show_rows((replace(ONE, tags=("wood", "old")), replace(TWO, tags=("wood",))))
    qtbot.waitUntil(lambda: [chip.accessibleName() for chip in inspector.findChildren(Chip)] == ["wood"])


def test_a_press_on_a_star_rates_and_on_the_same_star_again_takes_it_away(qtbot: QtBot, inspector: Inspector) -> None:
    inspector.show_rows((ONE,))
    stars = inspector.findChild(RatingStars)
    place = QPoint(3 * STAR_PX - STAR_PX // 2, 8)
    with qtbot.waitSignal(inspector.rated) as told:
        qtbot.mouseClick(stars, Qt.MouseButton.LeftButton, pos=place)
    assert told.args == [3]
    inspector.show_rows((replace(ONE, rating=3),))
    with qtbot.waitSignal(inspector.rated) as told:
        qtbot.mouseClick(stars, Qt.MouseButton.LeftButton, pos=place)
    assert told.args == [0]


def test_a_failed_file_says_why_and_what_to_do(inspector: Inspector) -> None:
    inspector.show_rows((replace(ONE, failed=True, reason="The file is cut off.", hint="Export it again."),))
    shown = [label.text() for label in inspector.findChildren(QLabel)]
    assert "The file is cut off. Export it again." in shown


def test_pictures_made_with_this_one_are_shown_and_can_be_gone_to(qtbot: QtBot, inspector: Inspector) -> None:
    inspector.show_rows((ONE,))
    inspector.show_uses((TWO,))
    (press,) = (one for one in inspector.findChildren(QToolButton) if one.accessibleName() == TWO.path.name)
    assert press.isVisibleTo(inspector)
    with qtbot.waitSignal(inspector.use_chosen) as told:
        qtbot.mouseClick(press, Qt.MouseButton.LeftButton)
    assert told.args == [TWO]
    inspector.show_rows((TWO,))
    assert not any(strip.isVisibleTo(inspector) for strip in inspector.findChildren(PictureStrip))


def test_copies_that_share_a_thumbnail_all_show_it_once_it_is_read(
    qtbot: QtBot, inspector: Inspector, thumbnails: ThumbnailLoader, tmp_path: Path
) -> None:
    put_thumbnail(tmp_path, "ab12cd34")
    inspector.show_rows((ONE,))
    with qtbot.waitSignal(thumbnails.arrived):
        inspector.show_near((replace(ONE, thumbnail="ab12cd34"), replace(TWO, thumbnail="ab12cd34")))
    strip = next(strip for strip in inspector.findChildren(PictureStrip) if strip.isVisibleTo(inspector))
    assert [press.icon().isNull() for press in strip.findChildren(QToolButton)] == [False, False]
