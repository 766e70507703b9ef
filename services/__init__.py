"""Use cases: fetch, decide, answer with a frozen view-model."""
