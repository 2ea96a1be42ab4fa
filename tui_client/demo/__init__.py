"""The loopback demo API and the sample collection; aiohttp is imported only here."""
