"""EPCIS 2.0: what partners tell each other about units, read, proven and fingerprinted."""
