"""Widgets: they lay out, show state and emit intent. `desktop.app` hands them their collaborators."""
