"""The mechanisms of the day, one a file: small compiled functions with their equation, symbols, bounds and source.

Rules do not import each other; `sim.day` puts them in order. In the docstrings i is the user, j the other one, x in
[0, 1] a state, and parameters stand under their own name in the section of the same name.
"""
