"""Pictures of pathways and plans: columns are terms, marks are drawn, every picture has its equivalent in words."""
