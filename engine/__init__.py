"""Propmaster's engine: indexes image libraries and finds assets by what they show.

Usable as a library through `engine.library.Library`. It knows nothing of who asks: no Qt, and no terminal below
`engine.cli`.
"""

__version__ = "0.1.0"
