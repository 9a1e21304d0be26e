"""The screens, one short script each, and what they share in `parts`."""
