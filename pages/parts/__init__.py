"""What the screens share: the frame round them, the charts, and the words for people."""
