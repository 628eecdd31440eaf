"""`/epcis`: the standard's own door for partners (EPCIS 2.0 over REST), answered by its own rules."""
