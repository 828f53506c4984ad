"""The figures of a result in a folder, drawn anew: in another language, size or format, and as a film."""
