"""Question → understanding → hits → draft claims → checked claims → answer."""
