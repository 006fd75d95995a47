"""The documents: workbooks of the annexes and the summary as PDF, in the look of official forms."""
