"""The doors: command line, scheduler and the demo. Everything here may be replaced."""
