"""All that is Flask: current scope, caching, JSON answers, downloads, error pages, health."""
