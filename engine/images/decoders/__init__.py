"""One module per family of formats, each with `decode(source, limits) -> Picture`; named by the table in `formats`."""
