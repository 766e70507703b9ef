"""The history of the tables: one revision per change, up and down, on every database."""
