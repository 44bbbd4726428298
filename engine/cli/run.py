"""Runs the command line: every command, what errors look like, and the exit status."""

from __future__ import annotations

import os
import sys

from engine.cli import (  # noqa: F401 - registers the commands
    browsing,
    composing,
    demo,
    describing,
    evaluating,
    indexing,
    jobs,
    keys,
    models,
    quality,
    searching,
    spending,
    updating,
    upkeep,
)
from engine.cli.app import app
from engine.cli.context import common
from engine.cli.output import error_as_json, print_error, print_json
from engine.errors import PropmasterError


def run() -> None:
    """Run the command line; the exit status is 0 on success, 1 on an error of the user's world, 2 on wrong usage."""
    common.reset()
    try:
        app()
    except PropmasterError as error:
        if common.as_json:
            print_json(error_as_json(error))
        else:
            print_error(error)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # The reader of a pipe went away; Python would complain once more while flushing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
