"""Turns pictures and texts into vectors that can be compared; the only room that knows torch and open_clip."""
