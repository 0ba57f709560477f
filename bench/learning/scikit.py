"""One training of scikit-learn's HistGradientBoosting on the rows in a folder; prints what it took as JSON."""

import json
import re
import sys
import time

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

folder = sys.argv[1]
world = json.load(open(f"{folder}/world.json"))
rows, columns, train = world["rows"], world["columns"], world["train"]
x = np.fromfile(f"{folder}/values.f64").reshape(columns, rows).T.copy()
y = np.fromfile(f"{folder}/labels.u8", dtype=np.uint8)
model = HistGradientBoostingClassifier(
    max_iter=world["trees"],
    early_stopping=False,
    categorical_features=world["categorical"] or None,
    random_state=1,
)


def took(work):
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return result, time.perf_counter() - wall, time.process_time() - cpu


def kilobytes(name):
    return int(re.search(name + r":\s+(\d+)", open("/proc/self/status").read())[1])


# From here on the peak is that of the training, not of reading the rows.
open("/proc/self/clear_refs", "w").write("5")
before = kilobytes("VmRSS")
_, wall, cpu = took(lambda: model.fit(x[:train], y[:train]))
after = kilobytes("VmHWM")
model.predict_proba(x[train:])
p, _, score = took(lambda: model.predict_proba(x[train:])[:, 1])
p.astype(np.float64).tofile(f"{folder}/scikit.f64")
print(json.dumps({"wall": wall, "cpu": cpu, "microsecondsPerRow": 1e6 * score / len(p), "megabytes": (after - before) / 1024}))
