"""What a report says beside its result: the model, its assumptions, its validation, the scenarios, the command."""
