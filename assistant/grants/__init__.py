"""Rules as data → three-valued verdicts."""
