"""docs/importing.md names every reason and profile, and its example is a profile that works."""

from __future__ import annotations

import re
from pathlib import Path

from catalogue.profiles_loader import load_profile, profile_names
from data_access.importing import check_profile
from domain.parsing import REASONS
from tests.support.project import ROOT

TEXT = (ROOT / "docs" / "importing.md").read_text(encoding="utf-8")


def test_every_reason_and_every_profile_is_explained() -> None:
    assert [name for name in sorted(REASONS) + list(profile_names()) if f"`{name}`" not in TEXT] == []


def test_every_warning_is_explained() -> None:
    folder = ROOT / "data_access" / "importing"
    code = "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py")))
    found = set(re.findall(r'warn\("(\w+)"', code)) | {
        f"place_{issue}" for issue in ("missing", "impossible", "outside")
    }
    assert len(found) >= 7
    assert [name for name in sorted(found) if f"`{name}`" not in TEXT] == []


def test_the_example_profile_works(tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    path = tmp_path / "mine.toml"
    path.write_text(example, encoding="utf-8")
    check_profile(load_profile(str(path)))
