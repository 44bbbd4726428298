"""Image generators, one module each, behind one protocol."""
