"""Reading: files, corpus, passages, municipalities, cases."""
