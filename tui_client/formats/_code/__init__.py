"""What the exporters to code share: requests as calls, and how two languages write them."""
