"""What a plan of the quality model says: how many pictures, which, at what price, in what time. Pure functions."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QDate, QLocale, Qt

from desktop.amounts import amount_words
from engine.protocol import QualityPlan, QualityReason

SHARES_SHOWN = 5
MINUTE_S = 60
HOUR_S = 3600

translate = QCoreApplication.translate


def plan_words(plan: QualityPlan) -> str:
    """Return in a few sentences what a plan buys."""
    said = [translate("QualityWords", "%Ln picture(s) seen,", "", plan.seen)]
    said.append(translate("QualityWords", "%Ln waiting.", "", plan.waiting))
    if plan.kept_back:
        said.append(translate("QualityWords", "%Ln stay(s) here, marked “never send”.", "", plan.kept_back))
    if plan.terms is not None:
        said.append(_price_words(plan))
    elif plan.seconds is not None and plan.images:
        said.append(_time_words(plan.seconds))
    return " ".join(said)


def share_words(plan: QualityPlan) -> str:
    """Return how many pictures of which folders are bought, a line each, the first ones."""
    locale = QLocale()
    lines = [
        f"{locale.toString(share.images)}  {share.folder}  ·  {_reason_words(share.reason)}"
        for share in plan.shares[:SHARES_SHOWN]
    ]
    left = len(plan.shares) - SHARES_SHOWN
    if left > 0:
        lines.append(translate("QualityWords", "and %Ln more folder(s)", "", left))
    return "\n".join(lines)


def short_date(iso: str) -> str:
    """Return a date as the language of the window writes it."""
    return QLocale().toString(QDate.fromString(iso, Qt.DateFormat.ISODate), QLocale.FormatType.ShortFormat)


def _price_words(plan: QualityPlan) -> str:
    assert plan.terms is not None
    words = translate(
        "QualityWords", "This buys %Ln of them: {0} at most, {1} each, to {2} (prices of {3}).", "", plan.images
    )
    price, each = amount_words(plan.price), amount_words(plan.terms.per_image)
    return words.format(price, each, plan.terms.service, short_date(plan.terms.as_of))


def _time_words(seconds: float) -> str:
    if seconds < MINUTE_S:
        return translate("QualityWords", "That takes less than a minute on this machine.")
    if seconds < HOUR_S:
        return translate(
            "QualityWords", "That takes about %Ln minute(s) on this machine.", "", round(seconds / MINUTE_S)
        )
    return translate("QualityWords", "That takes about %Ln hour(s) on this machine.", "", round(seconds / HOUR_S))


def _reason_words(reason: QualityReason) -> str:
    return {
        QualityReason.CHOSEN_FOLDER: translate("QualityWords", "to begin with"),
        QualityReason.USED: translate("QualityWords", "in use"),
        QualityReason.NEWEST: translate("QualityWords", "newest"),
    }[reason]
