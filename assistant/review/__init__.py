"""An uploaded document held against requirements."""
