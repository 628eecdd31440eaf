"""What things are called: GS1 keys, their two spellings, and the serials that we print."""
