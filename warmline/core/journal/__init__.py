"""What happened: signals, their lines in the journal, and the reactions still owed."""
