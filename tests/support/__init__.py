"""What tests share: databases, a browser, the layout of the project."""
