"""How OpenAPI and Swagger documents are read."""
