"""Bytes → Document. `read` decides what a file is and hands it to the reader of its format."""
