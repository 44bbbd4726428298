"""Errors nobody expected reach the user as a quiet line and the log in full."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.notifications import LOG_NAME, CrashLog, Notice, Notifications, Offer, Tone
from desktop.views.toast import Toast


def test_an_unexpected_error_is_told_and_logged(tmp_path: Path) -> None:
    told: list[Notice] = []
    notifications = Notifications()
    notifications.told.connect(told.append)
    with CrashLog(tmp_path, notifications):
        try:
            raise KeyError("no such prop")
        except KeyError as error:
            sys.excepthook(type(error), error, error.__traceback__)
    assert told[0].tone is Tone.TROUBLE
    assert "no such prop" in (tmp_path / LOG_NAME).read_text("utf-8")


def test_the_hooks_are_given_back(tmp_path: Path) -> None:
    before = sys.excepthook
    with CrashLog(tmp_path, Notifications()):
        assert sys.excepthook is not before
    assert sys.excepthook is sys.__excepthook__


@pytest.fixture
def toast(qtbot: QtBot) -> Toast:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(800, 400)
    parent.show()
    return Toast(Notifications(), parent)


def test_a_notice_lies_inside_its_parent(toast: Toast) -> None:
    toast.show_notice(Notice("The drive is gone.", "Plug it in again. " * 20, Tone.TROUBLE))
    assert toast.isVisible()
    assert toast.parentWidget().rect().contains(toast.geometry())


def test_what_a_notice_offers_is_done_once_pressed(toast: Toast) -> None:
    done: list[str] = []
    toast.show_notice(Notice("Moved to the trash.", offer=Offer("Undo", lambda: done.append("undone"))))
    toast.findChild(QWidget, "offer").click()
    assert done == ["undone"]
    assert not toast.isVisible()
