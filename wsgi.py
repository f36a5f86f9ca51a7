"""The WSGI application: `granian --interface wsgi wsgi:app`."""

from marketplace import create_app
from marketplace.logs import log_to_stderr
from marketplace.worker import start_embedded

log_to_stderr()
app = create_app()
if app.extensions["settings"].worker == "embedded":
    start_embedded(app)
