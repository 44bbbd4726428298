"""The handler that asks for updates; the only one that opens the network for Propmaster's own sake."""

from __future__ import annotations

from engine import protocol
from engine.serving.engine import Engine
from engine.serving.plans import Plans
from engine.updating import check_for_updates


def check_updates(engine: Engine, plans: Plans, command: protocol.CheckUpdates) -> protocol.Answer:
    """Ask, until the client is gone. Raises what `check_for_updates` raises."""
    news = check_for_updates(engine.home, engine.library.settings, given_up=plans.closed)
    url, sha256 = (news.download.url, news.download.sha256) if news.download is not None else ("", "")
    return protocol.UpdatesChecked(
        command.request_id, news.version, news.is_newer, news.notes, url, sha256, news.tables
    )
