"""The lab: a page in which every number of a training can be seen, and which goes on training by itself."""
