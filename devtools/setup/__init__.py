"""Put devtools into a repository beside what is there, take it out without a trace, and say what would not work.

This room owns init, uninstall and doctor: what each file of a person gains, and how it is had back.
It does not know what the hooks answer (`hooks`) nor what the checks find (`checks`).
Read `client_settings` first.
"""
