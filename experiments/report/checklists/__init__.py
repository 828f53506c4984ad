"""Answers to the checklists of journals, from the run itself."""
