"""What one training is, before it runs: its declaration, schedule, split, presets and options, and the data made ready
for it. Looks at the families: augmentations, datasets, distances, encoders, losses, miners and samplers."""
