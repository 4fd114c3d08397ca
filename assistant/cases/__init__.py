"""Good practices that travel: find, explain, compare and add cases."""
