"""The numbers the program promises, measured: `make bench` or `python -m tests.bench`."""
