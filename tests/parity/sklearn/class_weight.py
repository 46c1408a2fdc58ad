"""Class weights of a pipeline, also of weighted rows: `compute_class_weight("balanced", …)`."""

import numpy as np
from cases import Cases
from sklearn.utils.class_weight import compute_class_weight

cases = Cases(__file__)
random = np.random.default_rng(15)
y = random.choice(["paid", "late", "lost"], size=40, p=[0.7, 0.2, 0.1])
sample_weight = random.uniform(0.0, 3.0, size=40)
classes = np.unique(y)
cases.case(
    "pipeline_class_weight",
    y=[str(label) for label in y],
    sample_weight=sample_weight,
    balanced=compute_class_weight("balanced", classes=classes, y=y),
    weighted=compute_class_weight("balanced", classes=classes, y=y, sample_weight=sample_weight),
)
cases.write()
