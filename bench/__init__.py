"""Speed and memory, measured. Nothing here is a test: quote ratios from one run."""
