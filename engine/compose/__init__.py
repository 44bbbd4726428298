"""Compositions: references of the library and a brief become plans, jobs, pictures and their origin."""
