"""The command line: `propmaster …`. Parses, calls `engine.library`, prints; no logic of its own."""

from __future__ import annotations


def main() -> None:
    """Run the command line and end the process with its exit status."""
    from engine.cli.run import run

    run()
