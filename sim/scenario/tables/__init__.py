"""Tables as offices have them: xlsx and CSV, Chinese or English; every guess becomes a note."""
