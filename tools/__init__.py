"""Tools that write documents from code and measurements; they are not in the wheel."""
