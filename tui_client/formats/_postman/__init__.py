"""Postman collections and environments: their parts, one file each."""
