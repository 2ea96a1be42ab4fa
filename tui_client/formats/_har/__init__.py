"""HAR: what files of recordings hold, one file for each part of reading and writing them."""
