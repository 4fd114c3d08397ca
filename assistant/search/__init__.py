"""Finding: lexical fields, vectors, index generations, ranking."""
