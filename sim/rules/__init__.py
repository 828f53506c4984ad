"""The mechanisms of the day, in one file each: compiled functions with equation, symbols, bounds and source.

Rules do not import each other; `sim.day` sets their order. In the docstrings, i is the user and j the other user, a
state x lies in [0, 1], and a parameter has its name in the section of `rules` named after the rule.
"""
