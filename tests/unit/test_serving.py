"""How the web processes are started."""

from __future__ import annotations

import gc

from web.serving import options


def test_what_a_ready_process_holds_is_left_out_of_later_searches_for_garbage() -> None:
    """gunicorn calls the hook in each process when its application is made."""
    held = [[number] for number in range(1000)]
    before = gc.get_freeze_count()
    try:
        options(("127.0.0.1", 8050), 2, 8)["post_worker_init"](None)
        assert gc.get_freeze_count() >= before + len(held)
        assert not any(one is held for one in gc.get_objects())
    finally:
        gc.unfreeze()
