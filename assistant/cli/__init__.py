"""The command line: thin faces over the service. One Japanese message on error, never a traceback."""
