"""The portal: what customers see, through signed links."""
