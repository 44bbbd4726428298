"""`propmaster jobs`: batches of compositions and their fate; repeat, resume, cancel, pick, export, disclose."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.app import app
from engine.cli.context import HomeOption, JsonOption, common
from engine.cli.maker import open_maker
from engine.cli.making import (
    batch_as_json,
    counts_in_words,
    make_pictures,
    print_job,
    require_consent,
    status_as_json,
)
from engine.cli.output import print_json, printable, stderr, stdout
from engine.services.money import USD

if TYPE_CHECKING:
    from engine.catalogue.jobs import Job

jobs_app = typer.Typer(
    name="jobs",
    invoke_without_command=True,
    help="List compositions and their fate; repeat, resume, cancel, pick, export, disclose.",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(jobs_app)

BatchArgument = Annotated[int, typer.Argument(metavar="BATCH", help="A number that `propmaster jobs` lists.")]
JobOption = Annotated[
    list[int] | None, typer.Option("--job", metavar="JOB", help="Only this job of the batch. Repeatable.")
]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Send without asking; scripts need it.")]


@jobs_app.callback()
def jobs(context: typer.Context, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List compositions and their fate. Without a sub-command: list the batches."""
    common.take(home, as_json)
    if context.invoked_subcommand is None:
        _list_batches()


@jobs_app.command("list")
def list_jobs(
    batch: Annotated[int | None, typer.Argument(metavar="[BATCH]", help="One batch, with every job.")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the batches, or the jobs of one with their results and failures."""
    common.take(home, as_json)
    if batch is None:
        _list_batches()
        return
    with common.open_to_read() as library:
        status, found = library.studio.batch(batch), library.studio.jobs(batch)
    if common.as_json:
        print_json(batch_as_json(status, found))
        return
    for job in found:
        print_job(job, status.batch.results_folder)
    stdout.print(f"{counts_in_words(status)}  {USD.written(status.spent)}")
    if status.batch.halt is not None:
        stdout.print(f"Stands still: {status.batch.halt.words}", markup=False, style="yellow")


@jobs_app.command("redo")
def redo_jobs(
    batch: BatchArgument,
    job: JobOption = None,
    refused: Annotated[bool, typer.Option("--refused", help="Every job that was refused.")] = False,
    failed: Annotated[bool, typer.Option("--failed", help="Every job that failed.")] = False,
    maybe_billed: Annotated[
        bool, typer.Option("--maybe-billed", help="Every job whose answer was lost; it may cost twice.")
    ] = False,
    wording: Annotated[str, typer.Option("--wording", metavar="TEXT", help="Said in addition in each prompt.")] = "",
    prompt: Annotated[str, typer.Option("--prompt", metavar="TEXT", help="Said in place of each prompt.")] = "",
    yes: YesOption = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ask again for pictures, in other words if you like; the earlier ones stay."""
    from engine.catalogue.jobs import JobState

    common.take(home, as_json)
    wanted = {JobState.REFUSED: refused, JobState.FAILED: failed, JobState.MAYBE_BILLED: maybe_billed}
    with open_maker() as maker:
        states = [state for state, asked in wanted.items() if asked]
        chosen = maker.library.studio.chosen(batch, job or (), states)
        _require_consent(chosen, yes)
        maker.redo(batch, chosen, wording, prompt)
        make_pictures(maker, batch)


@jobs_app.command("resume")
def resume_jobs(
    batch: BatchArgument, yes: YesOption = False, home: HomeOption = None, as_json: JsonOption = False
) -> None:
    """Go on with a batch that was paused, halted or cut off; what was done or may be billed is not sent again.

    What was planned without your consent asks for it.
    """
    from engine.catalogue.jobs import JobState

    common.take(home, as_json)
    with open_maker() as maker:
        planned = maker.library.studio.jobs(batch, (JobState.PLANNED,))
        if planned:
            _require_consent(planned, yes)
        maker.consent(batch, planned)
        make_pictures(maker, batch)


@jobs_app.command("cancel")
def cancel_jobs(
    batch: BatchArgument, job: JobOption = None, home: HomeOption = None, as_json: JsonOption = False
) -> None:
    """Cancel what is not sent yet, of a batch or some jobs of it; also from beside the program that makes them."""
    common.take(home, as_json)
    with open_maker(common.open_to_read) as maker:
        count = maker.cancel(batch, job or ())
    if common.as_json:
        print_json({"batch": batch, "cancelled": count})
    else:
        stdout.print(f"{count} jobs of batch {batch} are cancelled")


@jobs_app.command("pick")
def pick_jobs(
    batch: BatchArgument,
    job: JobOption = None,
    reject: Annotated[bool, typer.Option("--reject", help="Reject instead.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Take the verdict back.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Pick or reject results; `propmaster jobs list` shows the verdicts with --json."""
    from engine.catalogue.jobs import Verdict

    common.take(home, as_json)
    verdict = Verdict.NONE if undo else Verdict.REJECTED if reject else Verdict.PICKED
    with open_maker() as maker:
        done = [one.id for one in maker.library.studio.jobs(batch) if one.state.value == "done"]
        judged = [one for one in done if not job or one in job]
        maker.judge(judged, verdict)
    if common.as_json:
        print_json({"batch": batch, "jobs": judged, "verdict": verdict.value or None})
    else:
        stdout.print(f"{len(judged)} results are {verdict.value or 'without a verdict'}")


@jobs_app.command("export")
def export_jobs(
    batch: BatchArgument,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the copies go; made where it is missing.")],
    cut_ground: Annotated[
        bool, typer.Option("--cut-ground", help="Cut a plain ground away, for true alpha; others keep theirs.")
    ] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Copy the picked results of a batch into a folder, each with its provenance; no file is written over."""
    from engine.compose.picks import Ground

    common.take(home, as_json)
    with common.open_to_read() as library:
        made = library.studio.export_picks(batch, folder.expanduser(), Ground.CUT if cut_ground else Ground.KEPT)
    if common.as_json:
        print_json({"batch": batch, "files": [printable(path) for path in made.files], "uncut": list(made.uncut)})
        return
    for path in made.files:
        stdout.print(printable(path), markup=False)
    if made.uncut:
        jobs = ", ".join(map(str, made.uncut))
        stderr.print(f"The ground of these jobs is not plain enough to be cut: {jobs}", markup=False, style="yellow")


@jobs_app.command("disclose")
def disclose_jobs(batch: BatchArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Write beside the pictures of a batch a JSON file that says how they were made."""
    common.take(home, as_json)
    with common.open_to_read() as library:
        path = library.studio.write_disclosure(batch)
    if common.as_json:
        print_json({"batch": batch, "file": printable(path)})
    else:
        stdout.print(printable(path), markup=False)


def _list_batches() -> None:
    with common.open_to_read() as library:
        found = library.studio.batches()
    if common.as_json:
        print_json([status_as_json(status) for status in found])
        return
    for status in found:
        batch = status.batch
        when = batch.created_at[:16].replace("T", " ")
        stdout.print(f"[bold]{batch.id:4}[/]  {when}  {batch.mode:<9}  ", end="")
        stdout.print(f"{counts_in_words(status)}  {USD.written(status.spent)}", end="  ")
        stdout.print("" if batch.halt is None else batch.halt.words, markup=False, style="yellow")
    if not found:
        stdout.print("Nothing was composed yet; `propmaster compose TEXT` begins.", markup=False)


def _require_consent(chosen: list[Job], yes: bool) -> None:
    price = sum(one.price for one in chosen)
    billed = sum(one.state.value == "maybe_billed" for one in chosen)
    twice = f" {billed} of them may be billed already." if billed else ""
    stderr.print(f"{len(chosen)} pictures for {USD.written(price)} at most.{twice}")
    if price:
        require_consent("Send these requests?", yes=yes)
