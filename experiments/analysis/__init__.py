"""What stored runs say: data frames in, numbers and words out."""
