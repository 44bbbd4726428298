"""Brings the weights of listed models to this machine, when the user asks for that, and takes them away again."""
