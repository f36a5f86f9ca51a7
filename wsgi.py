"""The WSGI application: `granian --interface wsgi wsgi:app`."""

from marketplace import create_app, jobs

app = create_app()
if app.extensions["settings"].worker == "embedded":
    jobs.start_embedded(app)
