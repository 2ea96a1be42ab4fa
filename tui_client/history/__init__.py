"""Every exchange of the past: SQLite for what is looked for, files for large bodies."""
