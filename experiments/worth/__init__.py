"""What it is worth to know more before a choice: value of information over draws of unknown parameters."""
