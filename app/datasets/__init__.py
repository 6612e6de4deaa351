"""Selections of labels leaving as files."""
