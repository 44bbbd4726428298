"""What batches and their jobs are called in the language of the window: states, modes, why, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale, Qt

from desktop.reasons import told_reason
from engine.protocol import Batch, Element, Job, JobState, Mode, Standing, Verdict

translate = QCoreApplication.translate

Sieve = JobState | Verdict | None
"""Which cells are looked at: those in a state, those with a verdict, or all."""


def mode_words(mode: Mode) -> str:
    """Return what kind of picture is made."""
    return {
        Mode.DRESS: translate("Batches", "Dress up"),
        Mode.PROP: translate("Batches", "Prop or character"),
        Mode.SCENE: translate("Batches", "Scene"),
        Mode.VARIATION: translate("Batches", "Variation"),
    }[mode]


def state_words(state: JobState) -> str:
    """Return how far a job is, in a word or two."""
    return {
        JobState.PLANNED: translate("Batches", "Not agreed to"),
        JobState.WAITING: translate("Batches", "Waiting"),
        JobState.SENDING: translate("Batches", "Being made"),
        JobState.DONE: translate("Batches", "Done"),
        JobState.REFUSED: translate("Batches", "Refused"),
        JobState.FAILED: translate("Batches", "Failed"),
        JobState.CANCELLED: translate("Batches", "Cancelled"),
        JobState.MAYBE_BILLED: translate("Batches", "Maybe billed"),
    }[state]


def state_icon(state: JobState) -> str:
    """Return the icon that stands for a state where there is no picture."""
    return {
        JobState.PLANNED: "planned",
        JobState.WAITING: "history",
        JobState.SENDING: "sending",
        JobState.DONE: "check",
        JobState.REFUSED: "refused",
        JobState.FAILED: "alert",
        JobState.CANCELLED: "minus",
        JobState.MAYBE_BILLED: "maybe-billed",
    }[state]


def verdict_icon(verdict: Verdict) -> str:
    """Return the icon that stands for a verdict."""
    return {Verdict.NONE: "dot", Verdict.PICKED: "picked", Verdict.REJECTED: "rejected"}[verdict]


def sieve_words(sieve: Sieve) -> str:
    """Return which cells are looked at."""
    if isinstance(sieve, JobState):
        return state_words(sieve)
    return {
        None: translate("Batches", "All"),
        Verdict.NONE: translate("Batches", "Not judged"),
        Verdict.PICKED: translate("Batches", "Picked"),
        Verdict.REJECTED: translate("Batches", "Rejected"),
    }[sieve]


def standing_words(standing: Standing) -> str:
    """Return how a batch is, in a word or two."""
    return {
        Standing.UNAGREED: translate("Batches", "Not agreed to"),
        Standing.RUNNING: translate("Batches", "Running"),
        Standing.PAUSED: translate("Batches", "Paused"),
        Standing.HALTED: translate("Batches", "Stopped"),
        Standing.INTERRUPTED: translate("Batches", "Interrupted"),
        Standing.ENDED: translate("Batches", "Ended"),
    }[standing]


def why_words(batch: Batch) -> str:
    """Return why a batch stands still and what to do; nothing where that is plain."""
    if batch.standing is Standing.INTERRUPTED:
        return translate(
            "Batches", "Propmaster ended while this batch ran. Nothing is sent until you resume it; what is done stays."
        )
    if batch.standing is Standing.PAUSED:
        return translate("Batches", "Paused by you. Resume it to go on.")
    if batch.standing is Standing.UNAGREED:
        return translate("Batches", "Nobody agreed to what is left of it. Resume it to see the price and agree.")
    if batch.standing is Standing.HALTED:
        words = told_reason(batch.halt_reason, batch.halt_words, "")
        return " ".join(filter(None, (*words, translate("Batches", "Resume it once that is mended."))))
    return ""


def job_words(job: Job) -> str:
    """Return how a job is, why it gave no picture, and what to do; one thing a line."""
    lines = (
        [state_words(job.state), *told_reason(job.reason, job.words, job.hint)]
        if job.words
        else [state_words(job.state)]
    )
    if job.state is JobState.MAYBE_BILLED:
        lines.append(translate("Batches", "Asking again may cost twice."))
    if job.verdict is not Verdict.NONE:
        lines.append(sieve_words(job.verdict))
    return "\n".join(filter(None, lines))


def title_of(batch: Batch) -> str:
    """Return what a batch is called: its words, or what kind of picture it makes."""
    words = " ".join(batch.text.split())
    return words or translate("Batches", "{0} no. {1}").format(mode_words(batch.mode), batch.id)


def choice_words(elements: Iterable[Element]) -> str:
    """Return what a choice is called: its words, or its files' names."""
    return " + ".join(one.text or Path(one.name).stem for one in elements)


def failed_words(state: JobState, count: int) -> str:
    """Return how many jobs gave no picture."""
    words = {
        JobState.REFUSED: translate("Batches", "{0} refused"),
        JobState.FAILED: translate("Batches", "{0} failed"),
        JobState.MAYBE_BILLED: translate("Batches", "{0} maybe billed"),
        JobState.CANCELLED: translate("Batches", "{0} cancelled"),
    }
    return words[state].format(QLocale().toString(count))


def moment_words(moment: str | None) -> str:
    """Return a time in UTC as the user's clock showed it; nothing for none."""
    if not moment:
        return ""
    then = QDateTime.fromString(moment, Qt.DateFormat.ISODateWithMs).toLocalTime()
    return QLocale().toString(then, QLocale.FormatType.ShortFormat)
