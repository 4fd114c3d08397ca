"""Gold sets, measures as values, runs, reports."""
