"""Words. `t(key, **params)` is always passed in as an argument."""
