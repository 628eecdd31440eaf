"""The visual kit: tokens, components, icons, and the words for dates, ages and deadlines."""
