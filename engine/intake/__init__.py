"""Turns a file or a pasted text into a Sheet, and its cells into addresses."""
