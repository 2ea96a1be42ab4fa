"""The parts of the curl format: the shell's words, curl's options, what they make, and the way back."""
