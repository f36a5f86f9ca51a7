"""Background jobs: the queue in the database, and the worker that empties it."""
