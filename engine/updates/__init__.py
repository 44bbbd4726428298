"""Newer versions and newer tables: what a signed manifest says, and the tables taken over from one."""
