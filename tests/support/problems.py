"""What every error for programs holds."""

PROBLEM_FIELDS = {"code", "message", "advice", "parameter", "value", "request_id"}
