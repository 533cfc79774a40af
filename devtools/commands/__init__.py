"""One module a verb: options in, core and checks called, a report out."""
