"""The day again in plain Python: numbers, lists and dictionaries, written from MODEL.md and its appendices alone.

Each file holds a phase. Nothing here comes from the rules of the engine, so the two agree only where the document says
what the engine does.
"""
