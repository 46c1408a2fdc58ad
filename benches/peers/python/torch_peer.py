"""PyTorch: a loop over batches, gathered by a random permutation (several times faster than its DataLoader).

The task's variant `fused` takes the fused Adam, any other the default one. Metrics are counted in tensors from the
predictions of each batch, as torchmetrics does.
"""

import torch
from protocol import Peer, run
from torch import nn


class Torch(Peer):
    packages = ("torch",)

    def __init__(self, task, x, y):
        torch.set_num_threads(task["threads"])
        torch.manual_seed(1)
        widths = task["widths"]
        self.binary = widths[-1] == 1
        layers = []
        for inputs, outputs in zip(widths, widths[1:]):
            layers += [nn.Linear(inputs, outputs), nn.ReLU()]
            nn.init.xavier_uniform_(layers[-2].weight)
            nn.init.zeros_(layers[-2].bias)
        self.model = nn.Sequential(*layers[:-1])
        self.loss = nn.BCEWithLogitsLoss() if self.binary else nn.CrossEntropyLoss()
        fused = True if task["variant"] == "fused" else None
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=1e-3, eps=1e-7, fused=fused)
        self.x, self.batch, self.metrics = torch.from_numpy(x), task["batch"], task["metrics"]
        self.y = torch.from_numpy(y)[:, None] if self.binary else torch.from_numpy(y).long()
        self.one = self.x[:1].clone()

    def fit(self, epochs):
        for _ in range(epochs):
            counts = torch.zeros(4, dtype=torch.int64)
            order = torch.randperm(len(self.x))
            for rows in order.split(self.batch):
                x, y = self.x[rows], self.y[rows]
                logits = self.model(x)
                loss = self.loss(logits, y)
                self.optimizer.zero_grad()
                loss.backward()
                self.optimizer.step()
                if self.metrics:
                    with torch.no_grad():
                        predicted, positive = logits > 0, y > 0.5
                        both = (predicted & positive).sum()
                        counts += torch.stack(
                            [(predicted == positive).sum(), both, predicted.sum(), positive.sum()]
                        )

    @torch.no_grad()
    def predict(self):
        last = torch.sigmoid if self.binary else lambda logits: logits.softmax(1)
        return torch.cat([last(self.model(x)) for x in self.x.split(self.block)])

    @torch.no_grad()
    def predict_one(self):
        return torch.sigmoid(self.model(self.one))


run(Torch)
