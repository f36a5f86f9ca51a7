"""What each kind of thing in the queue is: what a moderator may do to it and what they read of it."""
