"""The model beside data: waves of a survey held in both, measured alike, and what tells selection from influence.

`compared.validate` is what `dayroom validate` calls, and what a notebook calls.
"""
