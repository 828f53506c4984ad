"""Listed users and surveyed ties: who they are, and how they take their seats in a centre that has settled."""
