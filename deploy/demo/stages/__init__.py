"""The stages of the campaign, in the order of its days."""
