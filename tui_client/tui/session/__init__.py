"""What a workspace looked like when the app ended, kept for the next start."""
