"""Statistics of stored runs: functions from data frames to numbers with intervals, and the words for them."""
