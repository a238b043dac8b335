"""What may be asked: one file a command, the table of them, and how they are executed."""
