"""The engine as a process: clients on a local pipe, one handler a command, indexing in the background."""
