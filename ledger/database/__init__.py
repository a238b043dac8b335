"""The database under the log: two engines, set up never to lose a commit."""
