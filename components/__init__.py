"""View-models to screen trees. Pure: no query, no session, no request."""
