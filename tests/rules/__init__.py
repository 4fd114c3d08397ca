"""Tests of the grant files in the corpus."""
