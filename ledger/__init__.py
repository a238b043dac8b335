"""What happened: events, the append-only log, and the vocabulary they are written in."""
