"""For those who start gunicorn themselves instead of `manage.py serve`; the settings are the same.

    gunicorn -c deploy/gunicorn_conf.py 'app:create_server()'

Run it in the program's folder with the environment of deploy/board.env.
"""

import os
import tempfile

from settings import load_settings
from web.metrics import MULTIPROCESS
from web.serving import options

os.environ.setdefault(MULTIPROCESS, tempfile.mkdtemp(prefix="board-metrics-"))
_settings = load_settings()
globals().update(options((_settings.host, _settings.port), _settings.workers, _settings.threads))
