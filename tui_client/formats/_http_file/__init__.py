"""Files of requests as VS Code's REST Client, JetBrains' editors and httpyac write them."""
