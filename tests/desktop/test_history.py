"""Back and forward walk the searches as a browser does."""

from __future__ import annotations

from desktop.models.history import History


def test_back_and_forward_return_to_the_same_step() -> None:
    history = History("all")
    history.go("sword")
    history.go("like this one")
    assert (history.back(), history.back(), history.forward()) == ("sword", "all", "sword")


def test_a_new_step_forgets_what_lay_ahead() -> None:
    history = History("all")
    history.go("sword")
    history.back()
    history.go("potion")
    assert not history.has_future
    assert history.back() == "all"


def test_typing_on_is_no_new_step() -> None:
    history = History("all")
    history.go("swo")
    history.amend("sword")
    assert history.present == "sword"
    assert history.back() == "all"


def test_there_is_nothing_before_the_first_step() -> None:
    history = History("all")
    assert history.back() == "all"
    assert not history.has_past
