"""How passwords are kept."""

from __future__ import annotations

from argon2 import PasswordHasher, extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY

from services import passwords


def test_a_hash_costs_what_the_standard_recommends() -> None:
    found = extract_parameters(passwords.hashed("Sommer-2024-Regen"))
    assert found == RFC_9106_LOW_MEMORY


def test_a_cheaper_hash_is_outdated_and_still_checked() -> None:
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("old")
    assert passwords.outdated(cheap)
    assert passwords.matches(cheap, "old")
    assert not passwords.matches(cheap, "new")
    assert not passwords.matches("", "")
