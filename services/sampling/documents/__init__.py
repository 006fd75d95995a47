"""What is handed out about a draw as a package that explains itself: the dossier (抽取卷宗) and its printed record."""
