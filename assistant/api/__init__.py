"""The HTTP face: the verbs of the command line, their JSON, and an OpenAPI document."""
