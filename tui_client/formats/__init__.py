"""Foreign formats, one file each: text or bytes in, values out."""
