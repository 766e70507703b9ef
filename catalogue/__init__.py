"""What an administrator may change without Python: themes, tasks, import profiles (TOML), loaded once."""
