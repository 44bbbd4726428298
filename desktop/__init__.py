"""The window: the Qt process of Propmaster. Talks to the engine in messages only; loads no torch."""
