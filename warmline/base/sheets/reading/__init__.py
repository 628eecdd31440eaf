"""What the limited child process does: it alone touches the bytes that a stranger sent."""
