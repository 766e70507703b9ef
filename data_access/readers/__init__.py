"""Reads, one module per subject. Every public function here takes a `Scope`; a contract test holds it."""
