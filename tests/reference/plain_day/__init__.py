"""The day again in plain Python: numbers, lists and dictionaries, written from MODEL.md alone.

One file holds one phase. Nothing here is taken from the rules of the engine, so that the two agree only where the
document says what the engine does.
"""
