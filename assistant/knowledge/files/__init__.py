"""Reading foreign files: one module per format, a measure of fidelity, and a child process with limits."""
