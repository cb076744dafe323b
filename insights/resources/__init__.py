"""Sheets: which columns each has."""
