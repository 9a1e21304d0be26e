"""Decides whether mail would arrive at an address. Knows no web page and no SQL."""
