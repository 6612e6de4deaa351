"""Projects: the frame that assets, schemas, guidelines and queues hang in."""
