"""The mechanisms of the day, one a file: small compiled functions with their equation, symbols, bounds and source.

Rules do not import each other; `sim.day` puts them in order. In the docstrings i is the user and j the other user, a
state x lies in [0, 1], and a parameter has the name it has in the section named after the rule.
"""
