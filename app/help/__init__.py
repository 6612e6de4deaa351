"""Help inside the application: short chapters with pictures. Owns no data; tells what the pages of the other features do."""
