"""Many ads at once: manifests, folders, spreadsheets and archives, by the command line or left to the background."""
