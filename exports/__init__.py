"""View-models to bytes: spreadsheets and text tables."""
