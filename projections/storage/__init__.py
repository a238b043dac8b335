"""Rows in a database: their tables, what is loaded beforehand, what is kept on."""
