"""What everything stands on: settings, database, errors, extensions, log, revisions and background jobs."""
