"""From words as a recogniser hears them to text that can stand in minutes."""
