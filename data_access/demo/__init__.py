"""The demo district: invented, seeded, calibrated, and moving (docs/demo.md)."""

from data_access.demo.clear import clear_demo
from data_access.demo.live import continue_demo, demo_until
from data_access.demo.load import SEED, DemoReport, NotEmpty, load_demo

__all__ = ["SEED", "DemoReport", "NotEmpty", "clear_demo", "continue_demo", "demo_until", "load_demo"]
