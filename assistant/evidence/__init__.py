"""Does this text bear out this sentence?"""
