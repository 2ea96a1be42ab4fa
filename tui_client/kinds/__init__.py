"""What there can be several kinds of: authentication, bodies, queries. One file a kind."""
