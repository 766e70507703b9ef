"""View-models as files: spreadsheets and text tables of what is on screen."""
