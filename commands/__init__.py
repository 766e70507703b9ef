"""What the command line's longer commands do; `manage.py` puts them together."""
