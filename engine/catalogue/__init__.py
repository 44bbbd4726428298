"""The catalogue: SQLite, the truth about folders, assets, contents and their vectors."""
