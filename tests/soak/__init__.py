"""A wall that is open for thousands of refreshes: does it grow, does it miss a picture? (`make soak`)."""
