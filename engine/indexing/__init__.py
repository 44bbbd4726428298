"""Indexing: list what lies in the folders, then read, embed and store what is new."""
