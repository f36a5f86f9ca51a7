"""The WSGI application: `granian --interface wsgi wsgi:app`."""

from marketplace import create_app
from marketplace.core.config import ConfigError
from marketplace.core.jobs.worker import start_embedded
from marketplace.core.logs import log_to_stderr, log_warnings
from marketplace.values.exponents import require_same_exponents

log_to_stderr()
try:
    app = create_app()
    require_same_exponents(app)
except ConfigError as error:
    raise SystemExit(str(error)) from None  # one line, no traceback
log_warnings(app.extensions["settings"].warnings)
if app.extensions["settings"].worker == "embedded":
    start_embedded(app)
