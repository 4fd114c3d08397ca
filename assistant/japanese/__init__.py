"""Japanese text as data: folding, tokens, numbers, calendar. Pure functions."""
