"""Pure rules: text and values in, text and values out. No process, no file, no clock."""
