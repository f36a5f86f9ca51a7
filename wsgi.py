"""The WSGI application: `granian --interface wsgi wsgi:app`."""

from marketplace import create_app
from marketplace.config import ConfigError
from marketplace.logs import log_to_stderr
from marketplace.worker import start_embedded

log_to_stderr()
try:
    app = create_app()
except ConfigError as error:
    raise SystemExit(str(error)) from None  # one line, no traceback
if app.extensions["settings"].worker == "embedded":
    start_embedded(app)
