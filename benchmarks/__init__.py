"""Speeds as ratios in one run: what is measured, how, and against what stands beside each benchmark."""
