"""Preflight: how we stand before the first question is asked, line by line."""
