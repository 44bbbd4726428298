"""Folders and files as they lie on the disk: walking, reading, watching; never changing anything."""
