"""What everything else is about: requests, collections, environments, exchanges. Frozen values, no I/O."""
