"""Compare the model with survey data measured in the same way, and separate selection from influence.

Both `dayroom validate` and a notebook call `compared.validate`.
"""
